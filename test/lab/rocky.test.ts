import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { defaultKubernetesVersion } from '../../scripts/lab/kubernetes-repository.ts';
import { labUnavailable } from '../../scripts/lab/lab-unavailable.ts';
import { becomeRocky } from '../../scripts/lab/stand-ins/rocky.ts';
import { dnfUnavailable } from './support/dnf-host.ts';
import { LabCluster } from './support/lab-cluster.ts';

const reason =
  labUnavailable() ??
  dnfUnavailable() ??
  (process.env['SLIPWAY_LAB_REPO'] ? 'its packages are stand-ins' : undefined);

describe.skipIf(reason !== undefined)(
  `a cluster on stand-ins for Rocky Linux${reason === undefined ? '' : ` (skipped: ${reason})`}`,
  () => {
    let cluster: LabCluster;
    beforeAll(async () => {
      cluster = await LabCluster.start([{ name: 'cp1' }, { name: 'w1' }]);
      const { docker } = await becomeRocky(cluster.lab, ['cp1', 'w1']);
      await cluster.writeInventory({
        overlay: {
          // The containerd of these packages is 2.
          runtime: { source: 'docker', repository: docker, config: undefined },
          defaults: { os: 'rocky 9' },
        },
      });
    });
    afterAll(() => cluster?.[Symbol.asyncDispose]());

    const installed = async (host: string): Promise<string> =>
      (
        await cluster.lab.exec(
          host,
          "rpm -qa --qf '%{NAME} %{VERSION}-%{RELEASE}\\n' | grep -v gpg-pubkey | sort; cat /etc/dnf/plugins/versionlock.list | grep -v '^#'",
        )
      ).stdout;

    it('comes up by the packages of its family', async () => {
      const { code, stdout, stderr } = await cluster.slipway('apply', '--yes');
      expect(code, `${stdout}\n${stderr}`).toBe(0);
      const { stdout: nodes } = await cluster.lab.exec(
        'cp1',
        'kubectl --kubeconfig /etc/kubernetes/admin.conf get nodes',
      );
      expect(nodes.split('\n').filter((line) => /\sReady\s/.test(line))).toHaveLength(2);
      const found = await installed('w1');
      expect(found).toContain(`kubelet ${defaultKubernetesVersion}-150500.1.1\n`);
      expect(found).toMatch(/^iproute-tc 1\.0-1\.el9$/m);
      expect(found).not.toContain('iproute-tc-0:');
      expect(found).toMatch(/^containerd\.io \S+-1\.el9$/m);
      expect(found).toContain(`kubelet-0:${defaultKubernetesVersion}-150500.1.1.*\n`);
      expect((await cluster.lab.exec('w1', 'systemctl is-enabled kubelet containerd')).stdout).toBe(
        'enabled\nenabled\n',
      );
    });

    it('has nothing left to do afterwards', async () => {
      expect(await cluster.pending()).toEqual([]);
    });

    it('gets back a lock, a repository and a package that somebody has taken', async () => {
      await cluster.lab.exec(
        'w1',
        'dnf -q -C versionlock delete kubelet; echo "enabled=0" >>/etc/yum.repos.d/kubernetes.repo; rpm -e --nodeps kubectl socat',
      );
      const changes = await cluster.pending();
      expect(changes).toContain('change w1/kubernetes/repository:kubernetes');
      expect(changes.some((id) => id.endsWith('w1/kubernetes/packages:kubernetes'))).toBe(true);
      const { code, stdout, stderr } = await cluster.slipway('apply', '--yes');
      expect(code, `${stdout}\n${stderr}`).toBe(0);
      expect(await installed('w1')).toMatch(/^kubectl 1/m);
      expect(await installed('w1')).toMatch(/^socat 1/m);
      expect(await cluster.pending()).toEqual([]);
    });
  },
);
