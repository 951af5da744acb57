import { readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { Secret } from '#core/secret.ts';
import { sh } from '#core/shell.ts';
import type { Connection } from '#core/transport.ts';
import { localTransport } from '#transport/local-transport.ts';

import { temporaryDirectory } from './temporary-directory.ts';
import { testHost } from './test-host.ts';

const PASSWORD = 'right ho, "Jeeves" \\ $HOME';

/** Behaves as sudo 1.9.13 does where slipway meets it, or as sudo-rs 0.2.13, and writes down how it was called. */
const STAND_IN = `#!/bin/sh
printf '%s\\n' "$*" >>"$SUDO_LOG"
echo 'sudo: unable to resolve host n1: Name or service not known' >&2
while :; do
  case $1 in
    -n) isAsking=no; shift ;;
    -S) shift ;;
    -p) prompt=$2; shift 2 ;;
    --) shift; break ;;
    *) break ;;
  esac
done
case $SUDO_RULE in
  nopasswd) exec "$@" ;;
  requiretty) echo 'sudo: sorry, you must have a tty to run sudo' >&2; exit 1 ;;
esac
[ "$isAsking" != no ] || { echo 'sudo: a password is required' >&2; exit 1; }
for attempt in 1 2 3; do
  case $SUDO_RULE in
    rs*) printf '[sudo: %s] Password: \n' "$prompt" >&2 ;;
    *) printf %s "$prompt" >&2 ;;
  esac
  if ! IFS= read -r password; then
    echo >&2
    echo 'sudo: no password was provided' >&2
    echo "sudo: $((attempt - 1)) incorrect password attempts" >&2
    exit 1
  fi
  if [ "$password" = "$SUDO_PASSWORD" ]; then
    [ "$SUDO_RULE" != none ] || { echo 'u1 is not in the sudoers file.' >&2; exit 1; }
    exec "$@"
  fi
  sleep 0.2
  [ "$attempt" = 3 ] || echo 'Sorry, try again.' >&2
done
echo 'sudo: 3 incorrect password attempts' >&2
exit 1
`;

describe('sudo', () => {
  const directory = temporaryDirectory();
  const log = async (): Promise<readonly string[]> =>
    (await readFile(join(directory(), 'log'), 'utf8')).trimEnd().split('\n');

  async function connect(rule: string, password?: string): Promise<Connection> {
    await writeFile(join(directory(), 'sudo'), STAND_IN, { mode: 0o755 });
    const environment = {
      PATH: `${directory()}:/usr/bin:/bin`,
      SUDO_RULE: rule,
      SUDO_PASSWORD: PASSWORD,
      SUDO_LOG: join(directory(), 'log'),
    };
    const secret = password === undefined ? {} : { becomePassword: new Secret(password) };
    return localTransport({ environment }).connect(testHost({ user: 'u1', ...secret }));
  }

  it.each([
    { rule: 'password', password: PASSWORD },
    { rule: 'nopasswd', password: PASSWORD },
    { rule: 'nopasswd', password: undefined },
    { rule: 'rs', password: PASSWORD },
  ])('with rule $rule and password $password runs programs, one alone and then several', async (given) => {
    const connection = await connect(given.rule, given.password);
    for (const via of ['argument', 'stdin'] as const) {
      const results = await Promise.all(
        Array.from({ length: 10 }, () =>
          connection.execute({ script: sh`cat; echo out; exit 3`, via, timeoutMs: 5000 }),
        ),
      );
      for (const result of results) expect(result).toEqual({ code: 3, stdout: 'out\n', stderr: '' });
    }
    expect(await log()).toHaveLength(20);
    expect((await log()).join('\n')).not.toContain(PASSWORD);
  });

  it.each(['password', 'nopasswd'])('with rule %s leaves the input of a held program alone', async (rule) => {
    const connection = await connect(rule, PASSWORD);
    const file = join(directory(), 'heard');
    for (const greeting of ['first', 'proven']) {
      const held = await connection.hold(sh`echo ${greeting}; cat >${file}`, greeting, 60_000);
      await held.release();
      expect(await readFile(file, 'utf8')).toBe('');
    }
  });

  it.each(['argument', 'stdin'] as const)('refuses a wrong password once, for all, over %s', async (via) => {
    const connection = await connect('password', 'wrong');
    const file = join(directory(), 'ran');
    const startedAt = performance.now();
    const results = await Promise.all(
      Array.from({ length: 10 }, () =>
        connection
          .execute({ script: sh`echo >${file}`, via, timeoutMs: 5000 })
          .catch((error: unknown) => error),
      ),
    );
    for (const result of results) {
      expect(result).toMatchObject({
        code: 'sudo-refused',
        message: 'u1 cannot become root on n1: the password of u1 was not accepted',
        hint: 'correct becomePassword in the inventory',
        exitCode: 6,
      });
    }
    await expect(connection.hold(sh`echo ready`, 'ready', 1000)).rejects.toMatchObject({
      code: 'sudo-refused',
    });
    expect(performance.now() - startedAt).toBeLessThan(5000);
    expect(await log()).toHaveLength(1);
    await expect(readFile(file)).rejects.toThrow('ENOENT');
  });

  it.each([
    { rule: 'password', password: undefined, why: 'sudo asks u1 for a password, and there is none to give' },
    { rule: 'none', password: PASSWORD, why: 'its sudoers file does not let u1 become root' },
    { rule: 'requiretty', password: PASSWORD, why: 'its sudoers file demands a terminal of u1 (requiretty)' },
    {
      rule: 'requiretty',
      password: undefined,
      why: 'its sudoers file demands a terminal of u1 (requiretty)',
    },
  ])('says why: $why', async ({ rule, password, why }) => {
    const connection = await connect(rule, password);
    await expect(
      connection.execute({ script: sh`echo`, via: 'stdin', timeoutMs: 5000 }),
    ).rejects.toMatchObject({ code: 'sudo-refused', message: `u1 cannot become root on n1: ${why}` });
  });

  it('says when there is none', async () => {
    await symlink('/usr/bin/env', join(directory(), 'env'));
    const host = testHost({ user: 'u1' });
    const connection = await localTransport({ environment: { PATH: directory() } }).connect(host);
    await expect(
      connection.execute({ script: sh`echo`, via: 'argument', timeoutMs: 5000 }),
    ).rejects.toMatchObject({
      code: 'sudo-refused',
      message: 'u1 cannot become root on n1: there is no sudo on it',
    });
  });

  it('is left out where it is not wanted', async () => {
    const host = testHost({ user: 'u1', become: false });
    const connection = await localTransport({ environment: { PATH: '/nowhere' } }).connect(host);
    const { stdout } = await connection.execute({ script: sh`echo out`, via: 'argument', timeoutMs: 5000 });
    expect(stdout).toBe('out\n');
  });
});
