import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { labUnavailable } from '../../scripts/lab/lab-unavailable.ts';
import { LabCluster } from './support/lab-cluster.ts';

const KUBECTL = 'kubectl --kubeconfig /etc/kubernetes/admin.conf';
const PATH = '/etc/kubernetes/scheduler/configuration.yaml';
const STARTED = `crictl ps -o json --name '^kube-scheduler$' 2>/dev/null | sed -n 's/.*"createdAt": "\\(.*\\)".*/\\1/p'`;

const reason = labUnavailable();

describe.skipIf(reason !== undefined)(
  `the scheduler's own configuration${reason ? ` (skipped: ${reason})` : ''}`,
  () => {
    let cluster: LabCluster;
    beforeAll(async () => {
      cluster = await LabCluster.start([{ name: 'cp1' }]);
      await cluster.writeInventory({});
    });
    afterAll(() => cluster?.[Symbol.asyncDispose]());

    const on = async (script: string): Promise<string> =>
      (await cluster.lab.exec('cp1', 'sh', { input: script })).stdout.trim();
    const wants = (config: object) =>
      cluster.writeInventory({ overlay: { kubernetes: { scheduler: { config } } } });
    const slipway = async (...words: readonly string[]): Promise<string> => {
      const { code, stdout, stderr } = await cluster.slipway(...words);
      expect(code, `${stdout}\n${stderr}`).toBe(0);
      return stdout;
    };

    it(
      'comes to a cluster that runs, into its manifest and what kubeadm upgrades by',
      { timeout: 600_000 },
      async () => {
        await slipway('apply', '--yes');
        const before = await on(STARTED);
        await wants({ percentageOfNodesToScore: 50 });
        expect(await slipway('plan')).toMatch(/scheduler-configuration/);
        await slipway('apply', '--yes');
        expect(await on(`cat ${PATH}`)).toContain('percentageOfNodesToScore: 50');
        const manifest = await on('cat /etc/kubernetes/manifests/kube-scheduler.yaml');
        expect(manifest).toContain(`--config=${PATH}`);
        expect(manifest).toContain(`mountPath: ${PATH}`);
        expect(await on(`${KUBECTL} -n kube-system get configmap kubeadm-config -o yaml`)).toContain(PATH);
        expect(await on(STARTED)).not.toBe(before);
        expect(await cluster.pending()).toEqual([]);
      },
    );

    it('starts the scheduler anew when it changes, and only then', { timeout: 300_000 }, async () => {
      const before = await on(STARTED);
      await slipway('apply', '--yes');
      expect(await on(STARTED)).toBe(before);
      await wants({ percentageOfNodesToScore: 70 });
      expect(await slipway('plan')).toContain('running on the former configuration');
      await slipway('apply', '--yes');
      expect(await on(STARTED)).not.toBe(before);
      expect(await cluster.pending()).toEqual([]);
    });

    it(
      'that was written and not read, as by a run that was cut off, is read later',
      { timeout: 300_000 },
      async () => {
        const before = await on(STARTED);
        await on(`touch ${PATH}`);
        await slipway('apply', '--yes');
        expect(await on(STARTED)).not.toBe(before);
      },
    );
  },
);
