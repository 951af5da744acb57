import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { labInventorySettings } from '../../scripts/lab/inventory-settings.ts';
import { labUnavailable } from '../../scripts/lab/lab-unavailable.ts';
import { LabCluster } from './support/lab-cluster.ts';
import { nodesSeen } from './support/nodes-seen.ts';

/** Real packages have no other patch beside them in the lab. */
const isReal = Boolean(process.env['SLIPWAY_LAB_REPO']);
const FROM = '1.34.9';
const PATCH = '1.34.11';
const TO = '1.35.6';
const HOSTS = ['cp1', 'w1', 'w2'] as const;

const inventoryOf = (version: string) => ({
  version,
  // Stand-ins of a control plane have no etcd.
  overlay: {
    ...(!isReal && { upgrade: { snapshot: false } }),
    kubernetes: { kubelet: labInventorySettings.kubeletOnCgroupV1 },
  },
});
const inService = (version: string) => HOSTS.map((name) => `${name} v${version} True`);

const reason = labUnavailable();

describe.skipIf(reason !== undefined)(
  `an upgrade of nodes in service${reason ? ` (skipped: ${reason})` : ''}`,
  () => {
    let cluster: LabCluster;
    beforeAll(async () => {
      const versions = isReal ? undefined : [FROM, PATCH, TO];
      cluster = await LabCluster.start(
        HOSTS.map((name) => ({ name })),
        inventoryOf(FROM),
        versions,
      );
      await apply();
    });
    afterAll(() => cluster?.[Symbol.asyncDispose]());

    const want = (version: string): Promise<void> => cluster.writeInventory(inventoryOf(version));

    /** Applies, and is done with it. */
    async function apply(): Promise<void> {
      const { code, stdout, stderr } = await cluster.slipway('apply', '--yes');
      expect(code, `${stdout}\n${stderr}`).toBe(0);
    }

    const nodes = (): Promise<readonly string[]> => nodesSeen(cluster);

    it.skipIf(isReal)('goes over a patch without a drain', async () => {
      await want(PATCH);
      const { code, stdout, stderr } = await cluster.slipway('apply', '--yes');
      expect(code, `${stdout}\n${stderr}`).toBe(0);
      expect(stdout).not.toContain('drain node');
      expect(await nodes()).toEqual(inService(PATCH));
      expect(await cluster.pending()).toEqual([]);
    });

    it('goes over a minor, node by node, and leaves nothing to do', async () => {
      await want(TO);
      const { code, stdout, stderr } = await cluster.slipway('apply', '--yes');
      expect(code, `${stdout}\n${stderr}`).toBe(0);
      expect(await nodes()).toEqual(inService(TO));
      expect(await cluster.pending()).toEqual([]);
    });

    it('of the settings of a runtime drains each node, and is gone on with after a kill', async () => {
      const drain = { runtimes: { containerd: 'whenRestarting' } };
      const { overlay, ...rest } = inventoryOf(TO);
      const plugins = { 'io.containerd.grpc.v1.cri': { max_container_log_line_size: 65_536 } };
      const runtime = { config: { plugins } };
      const upgrade = { ...overlay.upgrade, drain };
      await cluster.writeInventory({ ...rest, overlay: { ...overlay, upgrade } });
      expect(await cluster.pending()).toEqual([]);
      await cluster.writeInventory({ ...rest, overlay: { ...overlay, upgrade, runtime } });
      const killed = await cluster.script('killed-run.ts', 'runtime', 'unit:containerd', '0');
      expect(killed.code).toBe(null);
      expect((await nodes()).filter((line) => line.endsWith('True true truetrue'))).toHaveLength(1);
      const { code, stdout, stderr } = await cluster.slipway('apply', '--yes');
      expect(code, `${stdout}\n${stderr}`).toBe(0);
      expect(await nodes()).toEqual(inService(TO));
      expect(await cluster.pending()).toEqual([]);
      await cluster.writeInventory({ ...rest, overlay: { ...overlay, upgrade } });
      expect((await cluster.slipway('apply', '--yes')).stdout).toMatch(/Restarted\n +containerd\.service/);
      expect(await nodes()).toEqual(inService(TO));
    });

    it('is refused where it would go back', async () => {
      await want(FROM);
      const { code, stdout } = await cluster.slipway('apply', '--yes');
      expect(code).toBe(1);
      expect(stdout.replaceAll(/\s+/g, ' ')).toContain('there is no way back');
      await want(TO);
    });
  },
);
