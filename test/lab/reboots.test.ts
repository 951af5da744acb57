import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { labUnavailable } from '../../scripts/lab/lab-unavailable.ts';
import { Cuts } from './support/cuts.ts';
import { LabCluster } from './support/lab-cluster.ts';

const reason = labUnavailable();

describe.skipIf(reason !== undefined)(
  `hosts that reboot in a run${reason ? ` (skipped: ${reason})` : ''}`,
  () => {
    let cluster: LabCluster;
    let cuts: Cuts;
    beforeAll(async () => {
      cluster = await LabCluster.start([{ name: 'cp1' }, { name: 'w1', swap: true }], {
        hosts: { w1: { packages: ['nfs-common'] } },
      });
      cuts = new Cuts(cluster);
    });
    afterAll(() => cluster?.[Symbol.asyncDispose]());

    /** In the order of a run that begins with bare hosts: what one leaves undone is begun in the next. */
    it.each([
      ['w1/host/packages', 500],
      ['w1/runtime/packages', 1500],
      ['w1/runtime/file:/etc/containerd/config.toml', 0],
      ['w1/kubernetes/packages', 800],
      ['cp1/runtime/packages', 3000],
      ['cp1/control-plane/kubeadm-init', 600],
      ['cp1/control-plane/kubeadm-init', 1800],
      ['cp1/network/manifest', 0],
      ['w1/join/kubeadm-join', 300],
      ['w1/kubelet/', 0],
      ['w1/verify/node-ready', 0],
    ])('%s, %s ms after it began', async (id, delayMs) => {
      const [host = ''] = id.split('/');
      const { stdout, stderr } = await cluster.applyUntil(id, async () => {
        await sleep(delayMs);
        await cuts.reboot(host);
      });
      expect(stderr).toBe('');
      const left = stdout.split('\n').filter((line) => line.startsWith('not done: '));
      for (const line of left) expect(line).toMatch(/"message":".+|"why":".+/);
    });

    it('have nothing left to do after the next run', async () => {
      expect(await cuts.leftByNextRun()).toEqual([]);
    });
  },
);
