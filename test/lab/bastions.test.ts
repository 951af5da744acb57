import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { labUnavailable } from '../../scripts/lab/lab-unavailable.ts';
import { LabCluster } from './support/lab-cluster.ts';

const reason = labUnavailable();

describe.skipIf(reason !== undefined)(`bastions${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let cluster: LabCluster;
  const withDefaults = (defaults: object): Promise<void> => cluster.writeInventory({ overlay: { defaults } });

  beforeAll(async () => {
    cluster = await LabCluster.start([{ name: 'cp1' }, { name: 'w1' }, { name: 'w2' }]);
    const [bastion] = cluster.lab.hosts;
    for (const name of ['w1', 'w2']) {
      const input = `echo 'AllowUsers root@${bastion!.address}' >/etc/ssh/sshd_config.d/inside.conf; systemctl restart ssh`;
      await cluster.lab.exec(name, 'sh', { input });
    }
  });
  afterAll(() => cluster?.[Symbol.asyncDispose]());

  it('hosts that let in nobody else are not reached without one', async () => {
    const { code, stdout, stderr } = await cluster.slipway('plan');
    expect(code).toBe(6);
    expect(`${stdout}${stderr}`).toMatch(/cannot connect to w1 .*: it did not accept/);
  });

  it('a cluster comes up behind its first control plane, and is done the second time', async () => {
    await withDefaults({ proxyJump: 'cp1' });
    const apply = await cluster.slipway('apply', '--yes');
    expect(apply.stdout + apply.stderr).toContain('Done');
    expect(apply.code).toBe(0);
    expect(await cluster.pending()).toEqual([]);
  });
});
