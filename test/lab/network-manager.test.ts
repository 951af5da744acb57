import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { labUnavailable } from '../../scripts/lab/lab-unavailable.ts';
import { journalOf } from './support/journal-of.ts';
import { LabCluster } from './support/lab-cluster.ts';

const reason = labUnavailable();

/** The real NetworkManager of Debian, which reads its settings, and manages no interface in a host that has no udev. */
describe.skipIf(reason !== undefined)(`NetworkManager${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let cluster: LabCluster;
  beforeAll(async () => {
    cluster = await LabCluster.start([{ name: 'cp1' }, { name: 'w1' }], {
      overlay: { defaults: { networkManager: 'without-calico' } },
    });
    // The way to the host is not NetworkManager's, by a list that stays.
    await on(`mkdir -p /etc/NetworkManager/conf.d
printf '[keyfile]\\nunmanaged-devices=interface-name:eth0\\n' >/etc/NetworkManager/conf.d/10-lab.conf
apt-get update -q && apt-get install -qy --no-install-recommends network-manager
systemctl is-active NetworkManager`);
  });
  afterAll(() => cluster?.[Symbol.asyncDispose]());

  const CALICOS = ['cali*', 'tunl*', 'vxlan.calico', 'vxlan-v6.calico', 'wireguard.cali', 'wg-v6.cali'];
  const FILE = '/etc/NetworkManager/conf.d/calico.conf';
  const on = async (script: string): Promise<string> =>
    (await cluster.lab.exec('w1', 'sh', { input: `set -e\n${script}` })).stdout.trim();
  /** What it leaves alone, out of all its files. */
  const unmanaged = async (): Promise<readonly string[]> =>
    (await on("NetworkManager --print-config | sed -n 's/^unmanaged-devices=//p'")).split(',');
  /** How often it was told to read its settings again, and did. */
  const readings = async (): Promise<number> => {
    const journal = await journalOf(cluster.lab, 'w1', 'NetworkManager');
    return journal.match(/op=.reload. .*result=.success/g)?.length ?? 0;
  };
  const ONLY = ['--only', 'preflight,host', '--limit', 'w1'];
  const outcome = async () => {
    const { nodes } = await cluster.plan(...ONLY);
    return nodes.find(({ id }) => id === `w1/host/file:${FILE}`)?.outcome;
  };
  const apply = async (): Promise<void> => {
    const { code, stdout, stderr } = await cluster.slipway('apply', '--yes', ...ONLY);
    expect(code, `${stdout}\n${stderr}`).toBe(0);
    expect(await outcome()).toMatchObject({ answer: 'none' });
  };

  it("is told to leave Calico's interfaces alone, beside what it left alone before", async () => {
    await apply();
    expect(await unmanaged()).toEqual([
      'interface-name:eth0',
      ...CALICOS.map((name) => `interface-name:${name}`),
    ]);
    expect(await readings()).toBe(1);
  });

  it.each([
    ['the file is lost', `rm ${FILE}`],
    ['the file is another', `echo '[keyfile]' >${FILE}`],
    ['it has not read the file since', `touch -d '+1 second' ${FILE}; sleep 2`],
  ])('is told again where %s', async (_, drift) => {
    await on(drift);
    expect(await outcome()).toMatchObject({ answer: 'change' });
    const before = await readings();
    await apply();
    expect(await unmanaged()).toContain('interface-name:cali*');
    expect(await readings()).toBe(before + 1);
  });

  it('is as it was where it is only kept from then on', async () => {
    await cluster.writeInventory({ overlay: { defaults: { networkManager: 'keep' } } });
    await apply();
    expect(await on(`ls ${FILE} 2>/dev/null || echo none`)).toBe('none');
  });
});
