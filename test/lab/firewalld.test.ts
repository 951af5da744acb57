import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { labUnavailable } from '../../scripts/lab/lab-unavailable.ts';
import { LabCluster } from './support/lab-cluster.ts';

const reason = labUnavailable();

/** The real firewalld of Debian, which filters by the kernel of this machine. */
describe.skipIf(reason !== undefined)(`firewalld${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let cluster: LabCluster;
  beforeAll(async () => {
    cluster = await LabCluster.start([{ name: 'cp1' }, { name: 'w1' }]);
    await on('w1', 'apt-get update -q && apt-get install -qy --no-install-recommends firewalld curl');
    // What a kubelet and another program would listen on, and a pod on another host.
    await on(
      'w1',
      'for port in 10250 8099; do systemd-run -q --unit=listen-$port python3 -m http.server -d /usr/share/doc/curl $port; done',
    );
    const [w1, cp1] = await Promise.all([on('w1', ADDRESS), on('cp1', ADDRESS)]);
    address = w1;
    await on('cp1', `ip address add ${POD}/32 dev lo`);
    await on('w1', `ip route add ${POD} via ${cp1}`);
  });
  afterAll(() => cluster?.[Symbol.asyncDispose]());

  const ADDRESS = "ip -4 -o address show dev eth0 | sed -E 's/.*inet ([0-9.]+).*/\\1/' | head -n 1";
  const POD = '10.244.99.9';
  let address = '';

  const on = async (host: string, script: string): Promise<string> =>
    (await cluster.lab.exec(host, 'sh', { input: `set -e\n${script}` })).stdout.trim();
  const reaches = async (port: number, from = ''): Promise<boolean> =>
    (await on('cp1', `curl -so /dev/null -m 5 ${from} http://${address}:${port}/ && echo yes || echo no`)) ===
    'yes';
  const pod = `--interface ${POD}`;

  /** That something listens already is wanted here. */
  const say = (defaults: object, ...ignored: readonly string[]): Promise<void> =>
    cluster.writeInventory({ overlay: { defaults, ignoreChecks: ['Port-10250', ...ignored] } });
  const ONLY = ['--only', 'preflight,host', '--limit', 'w1'];
  const apply = async (...more: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await cluster.slipway('apply', '--yes', ...ONLY, ...more);
    expect(code, `${stdout}\n${stderr}`).toBe(0);
    return stdout;
  };
  const outcome = async () => {
    const { nodes } = await cluster.plan(...ONLY);
    return nodes.find(({ id }) => id === 'w1/host/firewalld')?.outcome;
  };

  it('that is kept is refused, with the ports that it does not let in', async () => {
    await say({});
    expect(await reaches(10_250)).toBe(false);
    const { code, stdout, stderr } = await cluster.slipway('apply', '--yes', ...ONLY);
    expect(code).not.toBe(0);
    expect(`${stdout}${stderr}`.replaceAll(/\s+/g, ' ')).toContain(
      'firewalld is active, and does not let in 10250/tcp',
    );
  });

  it('is opened for what nodes say to each other, and for nothing else', async () => {
    await say({ firewalld: 'open' });
    await apply();
    expect(await reaches(10_250)).toBe(true);
    expect(await reaches(8099)).toBe(false);
    expect(await reaches(8099, pod)).toBe(true);
    expect(await outcome()).toMatchObject({ answer: 'none' });
    await on('w1', 'systemctl restart firewalld');
    expect(await reaches(10_250)).toBe(true);
    expect(await reaches(8099, pod)).toBe(true);
  });

  it.each([
    ['out of what is in force', 'firewall-cmd -q --zone=public --remove-service=slipway'],
    ['out of its zone for good', 'firewall-cmd -q --permanent --zone=public --remove-service=slipway'],
    ['with its file', 'rm /etc/firewalld/services/slipway.xml'],
    ['with the zone of pods', 'firewall-cmd -q --permanent --delete-zone=slipway; firewall-cmd -q --reload'],
    [
      'in part',
      'firewall-cmd -q --permanent --service=slipway --remove-port=10250/tcp; firewall-cmd -q --reload',
    ],
  ])('is opened again where somebody has taken it %s', async (_, taking) => {
    await on('w1', taking);
    expect(await outcome()).toMatchObject({ answer: 'change' });
    await apply();
    expect(await outcome()).toMatchObject({ answer: 'none' });
    expect(await reaches(10_250)).toBe(true);
    expect(await reaches(8099, pod)).toBe(true);
  });

  it('is as it was where it is only kept from then on', async () => {
    await on('w1', 'firewall-cmd -q --permanent --zone=public --add-port=8099/tcp; firewall-cmd -q --reload');
    await say({ firewalld: 'keep' }, 'Firewalld');
    await apply();
    expect(await outcome()).toMatchObject({ answer: 'none' });
    expect(await reaches(10_250)).toBe(false);
    expect(await reaches(8099)).toBe(true);
    expect(await on('w1', 'grep -rl slipway /etc/firewalld || :')).not.toMatch(/\.xml$/m);
    expect(await on('w1', 'firewall-cmd --check-config')).toBe('success');
  });

  it('is stopped and masked, and what was let in is told to it nevertheless', async () => {
    await say({ firewalld: 'open' });
    await apply();
    await say({ firewalld: 'disable' });
    await apply();
    expect(await outcome()).toMatchObject({ answer: 'none' });
    expect(await on('w1', 'systemctl is-enabled firewalld || :; systemctl is-active firewalld || :')).toBe(
      'masked\ninactive',
    );
    expect(await reaches(8099)).toBe(true);
    expect(await on('w1', 'grep -l slipway /etc/firewalld/zones/*.xml || :')).toBe('');
    await on('w1', 'systemctl unmask firewalld; systemctl start firewalld');
    expect(await outcome()).toMatchObject({ answer: 'change' });
    await apply();
    expect(await outcome()).toMatchObject({ answer: 'none' });
  });
});
