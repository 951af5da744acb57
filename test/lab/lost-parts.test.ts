import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { labUnavailable } from '../../scripts/lab/lab-unavailable.ts';
import { LabCluster, type Outcome } from './support/lab-cluster.ts';

const KUBECTL = 'kubectl --kubeconfig /etc/kubernetes/admin.conf';
const RESET = 'kubeadm reset -f >/dev/null 2>&1; rm -rf /etc/cni/net.d/10-calico.conflist';

const reason = labUnavailable();

describe.skipIf(reason !== undefined)(
  `a cluster that lost a part${reason ? ` (skipped: ${reason})` : ''}`,
  () => {
    let cluster: LabCluster;
    beforeAll(async () => {
      cluster = await LabCluster.start([{ name: 'cp1' }, { name: 'w1' }]);
      await applied();
    });
    afterAll(() => cluster?.[Symbol.asyncDispose]());

    const on = async (host: string, script: string): Promise<string> =>
      (await cluster.lab.exec(host, 'sh', { input: script })).stdout.trim();

    async function applied(...args: readonly string[]): Promise<void> {
      const { code, stdout, stderr } = await cluster.slipway('apply', '--yes', ...args);
      expect(code, `${stdout}\n${stderr}`).toBe(0);
    }

    /** What identifies the cluster and its nodes: none of it may change while something small is mended. */
    const identity = async (): Promise<string> =>
      [
        await on(
          'cp1',
          `sha256sum /etc/kubernetes/pki/ca.crt; ${KUBECTL} get namespace kube-system -o jsonpath='{.metadata.uid}'`,
        ),
        await on(
          'cp1',
          `${KUBECTL} get nodes -o jsonpath='{range .items[*]}{.metadata.name}={.metadata.uid} {end}'`,
        ),
      ].join('\n');

    it.each([
      ['cp1', 'kube-proxy', `${KUBECTL} -n kube-system delete daemonset kube-proxy`],
      ['cp1', 'coredns', `${KUBECTL} -n kube-system delete deployment coredns`],
      ['cp1', 'kubeadm-config', `${KUBECTL} -n kube-system delete configmap kubeadm-config`],
      ['cp1', 'kubelet-config', `${KUBECTL} -n kube-system delete configmap kubelet-config`],
      ['cp1', 'kube-proxy', `${KUBECTL} -n kube-system delete configmap kube-proxy`],
      ['cp1', 'kube-scheduler.yaml', 'rm /etc/kubernetes/manifests/kube-scheduler.yaml'],
      ['cp1', 'kube-apiserver.yaml', 'rm /etc/kubernetes/manifests/kube-apiserver.yaml; sleep 3'],
      ['cp1', 'etcd.yaml', 'rm /etc/kubernetes/manifests/etcd.yaml; sleep 3'],
      ['cp1', 'admin.conf', 'rm /etc/kubernetes/admin.conf'],
      ['cp1', 'controller-manager.conf', 'rm /etc/kubernetes/controller-manager.conf'],
      ['cp1', 'apiserver.crt', 'rm /etc/kubernetes/pki/apiserver.crt /etc/kubernetes/pki/apiserver.key'],
      ['cp1', 'server.key', 'rm /etc/kubernetes/pki/etcd/server.crt /etc/kubernetes/pki/etcd/server.key'],
      ['w1', 'kubelet.conf', 'rm /etc/kubernetes/kubelet.conf'],
      ['w1', 'kubelet.conf', 'rm /etc/kubernetes/kubelet.conf; systemctl restart kubelet || :'],
      ['w1', 'ca.crt', 'rm /etc/kubernetes/pki/ca.crt'],
    ])('on %s gets %s back by the smallest means, and nothing else moves: %s', async (host, name, loss) => {
      const before = await identity();
      await on(host, loss);
      const planned = await cluster.slipway('plan');
      expect(flat(planned)).toContain(name);
      expect(flat(planned)).not.toContain('delete node');
      expect(flat(planned)).not.toContain('begun, not finished');
      await applied();
      expect(await identity()).toBe(before);
      expect(await cluster.pending()).toEqual([]);
    });

    it.each(['/etc/kubernetes/pki/ca.key', '/etc/kubernetes/pki/sa.key'])(
      'is told what no one can make again: %s',
      async (path) => {
        // A key alone of an authority may be kept elsewhere; its certificate says which one it is.
        const paths = path.endsWith('ca.key') ? `${path} ${path.replace('.key', '.crt')}` : path;
        await on('cp1', `mkdir -p /root/kept; mv ${paths} /root/kept/`);
        const planned = await cluster.slipway('plan');
        await on('cp1', 'mv /root/kept/* /etc/kubernetes/pki/');
        expect(planned.code).toBe(1);
        expect(flat(planned)).toContain(path.replace('ca.key', 'ca.crt'));
        expect(flat(planned)).toContain('ControlPlaneFiles');
        expect(await cluster.pending()).toEqual([]);
      },
    );

    it('brings back a worker that lost its power while its kubelet asked for a certificate', async () => {
      await on('w1', RESET);
      await on('cp1', `${KUBECTL} delete node w1 --ignore-not-found`);
      // Nobody signs: the kubelet has written kubelet.conf, and has no certificate.
      await on('cp1', 'mv /etc/kubernetes/manifests/kube-controller-manager.yaml /root/');
      const { stdout } = await cluster.lab.exec('cp1', 'kubeadm token create --print-join-command');
      await on(
        'w1',
        `(${stdout.trim()} >/root/join.log 2>&1 &) ; for i in $(seq 100); do [ -e /etc/kubernetes/kubelet.conf ] && break; sleep 0.2; done; sleep 1`,
      );
      await cluster.lab.powerOff('w1');
      await cluster.lab.powerOn('w1');
      expect(await on('w1', 'ls /etc/kubernetes /var/lib/kubelet/pki 2>/dev/null || :')).not.toContain(
        'kubelet-client-current.pem',
      );
      await on('cp1', 'mv /root/kube-controller-manager.yaml /etc/kubernetes/manifests/');
      await applied();
      expect(await cluster.pending()).toEqual([]);
      expect(await on('w1', 'ls /etc/kubernetes')).not.toContain('bootstrap-kubelet.conf');
    });

    it('follows a join that another run left behind to the end it has come to meanwhile', async () => {
      await on('w1', RESET);
      await on('cp1', `${KUBECTL} delete node w1 --ignore-not-found`);
      const killed = cluster.slipwayUntil(/kubeadm-join/, 'SIGKILL', 'apply', '--yes');
      await killed;
      await applied();
      expect(await cluster.pending()).toEqual([]);
    });

    it('is not built on what another cluster left behind', async () => {
      await on('w1', RESET);
      await on(
        'cp1',
        `${RESET}; mkdir -p /var/lib/etcd/member; echo old >/var/lib/etcd/member/data; mkdir -p /var/lib/kubelet; echo old >/var/lib/kubelet/config.yaml`,
      );
      const planned = await cluster.slipway('plan');
      expect(planned.code).toBe(1);
      expect(flat(planned)).toMatch(
        /Leftovers: cp1 .*\/var\/lib\/kubelet\/config.yaml, \/var\/lib\/etcd\/member/,
      );
      expect((await cluster.slipway('apply', '--yes')).code).toBe(1);
      expect(await on('cp1', 'cat /var/lib/etcd/member/data; ls /etc/kubernetes/pki 2>/dev/null || :')).toBe(
        'old',
      );
      // The one command that is named clears it.
      await on('cp1', 'kubeadm reset --force >/dev/null 2>&1');
      await applied();
      expect(await cluster.pending()).toEqual([]);
    });
  },
);

const flat = ({ stdout, stderr }: Pick<Outcome, 'stdout' | 'stderr'>): string =>
  `${stdout}\n${stderr}`.replaceAll(/\s+/g, ' ');
