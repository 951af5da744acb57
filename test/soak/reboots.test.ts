import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { labUnavailable } from '../../scripts/lab/lab-unavailable.ts';
import { Cuts } from '../lab/support/cuts.ts';
import { LabCluster } from '../lab/support/lab-cluster.ts';

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
      ['w1/host/packages', 500, 'preflight,host'],
      ['w1/runtime/packages', 1500, 'preflight,runtime'],
      ['cp1/runtime/file:/etc/containerd/config.toml', 0, 'preflight,runtime'],
      ['w1/kubernetes/packages', 800, 'preflight,kubernetes'],
      ['cp1/control-plane/kubeadm-init', 600, 'preflight,swap,kernel,runtime,kubernetes,control-plane'],
      ['cp1/network/manifest', 0, 'preflight,control-plane,network'],
      ['w1/join/kubeadm-join', 300, 'preflight,swap,kernel,join'],
    ])(
      '%s, %s ms after it began, leave nothing that the next run does not mend',
      async (id, delayMs, phases) => {
        const [host = ''] = id.split('/');
        const { stdout, stderr } = await cluster.applyUntil(id, phases, async () => {
          await sleep(delayMs);
          await cuts.reboot(host);
        });
        expect(stderr).toBe('');
        const left = stdout.split('\n').filter((line) => line.startsWith('not done: '));
        for (const line of left) expect(line).toMatch(/"message":".+|"why":".+/);
        const args = ['--limit', host, '--only', phases];
        expect(await cuts.leftByNextRun(...args)).toEqual([]);
      },
    );

    it('have nothing left to do after the next run', async () => {
      expect(await cuts.leftByNextRun()).toEqual([]);
    });
  },
);
