import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { operatorPassword } from '../../scripts/lab/base-recipe.ts';
import { labUnavailable } from '../../scripts/lab/lab-unavailable.ts';
import { LabCluster, type Outcome } from './support/lab-cluster.ts';

/** A login or a shell that is not as it should be; what is said of it has to be in the words of whoever knows. */
interface Case {
  readonly name: string;
  readonly given: string;
  readonly says: RegExp;
}

/** Not reloaded, as it would refuse connections for a moment; and as often as there are cases. */
const SSHD = 'systemctl reset-failed ssh; systemctl restart ssh';
const LOOK = ['plan', '--only', 'preflight'];
const CASES: readonly Case[] = [
  {
    name: 'a file /etc/nologin of a person',
    given: `echo 'Maintenance until five' >/etc/nologin`,
    says: /closed the connection during the login, and its last words were: Maintenance until five/,
  },
  {
    name: 'an account that has expired',
    given: 'chage -E 1 operator',
    says: /closed the connection during the login.*account has expired; please contact/,
  },
  {
    name: 'a password that has expired',
    given: 'chage -d 0 operator',
    says: /login shell of operator.*the password of operator has expired, and has to be changed.*TTY/,
  },
  {
    name: 'a command that sshd runs in place of all others',
    given: `printf 'Match User operator\nForceCommand echo only backups here\n' >/etc/ssh/sshd_config.d/force.conf; ${SSHD}`,
    says: /login shell of operator on cp1 ended with code 0 and ran nothing: only backups here.*ForceCommand/,
  },
  {
    name: 'a restricted shell',
    given: 'usermod -s /bin/rbash operator',
    says: /runs only some commands: .*rbash.*restricted.*usermod -s/,
  },
  {
    name: 'no shell',
    given: 'usermod -s /usr/sbin/nologin operator',
    says: /operator is not to log in there: This account is currently not available/,
  },
  {
    name: 'a shell that ends at once',
    given: 'usermod -s /bin/false operator',
    says: /login shell of operator on cp1 ended with code 1 and ran nothing/,
  },
  {
    name: 'a start-up file that starts zsh',
    given: `echo 'exec zsh' >/home/operator/.bashrc`,
    says: /login shell of operator on cp1 ran nothing in 30 s.*~\/.bashrc/,
  },
  {
    name: 'a start-up file that starts what listens',
    given: `echo 'exec tee -a /home/operator/heard' >/home/operator/.bashrc; : >/home/operator/heard; chown operator: /home/operator/heard`,
    says: /login shell of operator on cp1 ran nothing in 30 s/,
  },
];

/** What all cases change is set back. */
const RESET = `rm -f /etc/nologin /etc/ssh/sshd_config.d/force.conf /home/operator/.bashrc; ${SSHD}
chage -E -1 -d "$(date +%F)" operator; usermod -s /bin/bash operator`;

const reason = labUnavailable();

describe.skipIf(reason !== undefined)(`logins${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let cluster: LabCluster;
  beforeAll(async () => {
    process.env['LAB_SUDO_PASSWORD'] = operatorPassword;
    cluster = await LabCluster.start([{ name: 'cp1', suite: 'trixie' }], {
      hosts: { cp1: { user: 'operator', becomePassword: { env: 'LAB_SUDO_PASSWORD' } } },
    });
    await on('apt-get update -q && apt-get install -qy --no-install-recommends zsh tcsh fish');
  });
  afterAll(() => cluster?.[Symbol.asyncDispose]());
  afterEach(() => on(RESET));

  const on = async (script: string): Promise<string> =>
    (await cluster.lab.exec('cp1', 'sh', { input: script })).stdout.trim();
  const look = (): Promise<Outcome> => cluster.slipway(...LOOK);

  it.each(CASES)('$name is told in its own words, and nobody hears the password', async ({ given, says }) => {
    await on(given);
    const { code, stdout, stderr } = await look();
    const text = `${stdout}\n${stderr}`;
    expect(text.replaceAll(/\s+/g, ' ')).toMatch(says);
    expect(text).not.toContain(operatorPassword);
    expect(code).toBe(6);
    expect(await on('cat /home/operator/heard 2>/dev/null || :')).toBe('');
    expect(await on('journalctl -b -o cat --no-pager | grep -cF "4\\" \\$ecret" || :')).toBe('0');
  });

  it.each(['/usr/bin/zsh', '/usr/bin/tcsh', '/usr/bin/fish', '/bin/dash'])(
    'works with %s as the login shell',
    async (shell) => {
      await on(`usermod -s ${shell} operator`);
      const { code, stdout, stderr } = await look();
      expect(`${stdout}\n${stderr}`).not.toContain('unreachable');
      expect(code).toBe(0);
    },
  );

  it.each([
    ['boots', 'systemd-tmpfiles --create --boot /usr/lib/tmpfiles.d/systemd-nologin.conf'],
    ['goes down and comes back', 'systemctl stop systemd-user-sessions'],
  ])('a host that %s is waited for, and that is said', async (_, given) => {
    await on(given);
    const open = 'rm -f /run/nologin /etc/nologin; systemctl start systemd-user-sessions';
    const { code, stdout, stderr } = await cluster.slipwayWhile(
      [{ seen: /lets\s+nobody\s+in\s+now/, act: () => on(open) }],
      ...LOOK,
    );
    expect(`${stdout}\n${stderr}`.replaceAll(/\s+/g, ' ')).toMatch(
      /it lets nobody in now: System is (booting up|going down)/,
    );
    expect(code).toBe(0);
  });
});
