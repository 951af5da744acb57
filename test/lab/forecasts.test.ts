import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { labUnavailable } from '../../scripts/lab/lab-unavailable.ts';
import { LabCluster } from './support/lab-cluster.ts';
import type { Recorded } from './support/recorded-run.ts';

const HOSTS = [
  { name: 'cp1', suite: 'bookworm' },
  { name: 'w1', suite: 'trixie', swap: true },
] as const;

const reason = labUnavailable();

/** What runs did, beside what their plans said that they would. */
describe.skipIf(reason !== undefined)(
  `a run does what its plan said, step for step${reason ? ` (skipped: ${reason})` : ''}`,
  () => {
    let cluster: LabCluster;
    beforeAll(async () => {
      cluster = await LabCluster.start(HOSTS, {
        hosts: { w1: { labels: { disk: 'fast' }, taints: ['dedicated=batch:NoSchedule'] } },
      });
    });
    afterAll(() => cluster?.[Symbol.asyncDispose]());

    const recorded = async (): Promise<Recorded> => {
      const { code, stdout, stderr } = await cluster.script('recorded-run.ts');
      expect(code, `${stdout}\n${stderr}`).toBe(0);
      const run = JSON.parse(stdout) as Recorded;
      expect(run.failures).toEqual([]);
      expect(run.others).toEqual([]);
      return run;
    };

    it('on bare hosts, of which all is foretold', async () => {
      const { foretold, unknown } = await recorded();
      expect(unknown).toEqual([]);
      expect(foretold).toEqual(
        expect.arrayContaining([
          'w1/join/kubeadm-join',
          'w1/nodes/node-labels:w1',
          'cp1/network/manifest:calico v3.32.1',
        ]),
      );
    });

    it('on converged hosts, where it does nothing', async () => {
      expect(await recorded()).toMatchObject({ changed: [], unknown: [] });
    });

    it('on hosts that have drifted', async () => {
      await cluster.lab.exec('cp1', 'systemctl stop containerd; rm /etc/crictl.yaml');
      await cluster.lab.exec(
        'w1',
        "sysctl -w net.ipv4.ip_forward=0; sed -i 's/SystemdCgroup = true/SystemdCgroup = false/' /etc/containerd/config.toml; apt-mark unhold kubelet",
      );
      await cluster.lab.exec(
        'cp1',
        'systemctl start containerd; kubectl --kubeconfig /etc/kubernetes/admin.conf label node w1 disk-',
      );
      const { changed } = await recorded();
      expect(changed).toEqual(
        expect.arrayContaining(['w1/runtime/file:/etc/containerd/config.toml', 'w1/nodes/node-labels:w1']),
      );
    });

    it('on a host that was taken half away', async () => {
      await cluster.lab.exec(
        'w1',
        'kubeadm reset --force && apt-get -y --allow-change-held-packages purge kubelet containerd && rm -rf /var/lib/apt/lists/*',
      );
      const { foretold } = await recorded();
      expect(foretold).toContain('w1/runtime/packages:containerd');
      expect((await recorded()).changed).toEqual([]);
    });
  },
);
