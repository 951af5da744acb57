import { criSocket } from '#catalog/cri-sockets.ts';
import { KUBEADM_UNITS } from '#configuration/kubeadm-units.ts';
import type { Host } from '#core/cluster.ts';
import { at, CLUSTER } from '#core/fact.ts';
import { change, none, resource, type Resource } from '#core/resource.ts';
import { command } from '#core/shell.ts';
import { type ApiState, apiState } from '#facts/api.ts';
import { detachedRunning } from '#facts/detached-unit.ts';
import { pathKind } from '#facts/path.ts';
import { waitsForApi } from '#facts/waits-for-api.ts';

/**
 * A control plane that is registered and was never marked as one: its join was cut off while etcd joined.
 *
 * kubeadm marks a control plane last.
 */
export function isHalfControlPlane({ name, role }: Host, api: ApiState): boolean {
  if (role !== 'control-plane' || api.state !== 'ready') return false;
  const node = api.nodes[name];
  return node !== undefined && !('node-role.kubernetes.io/control-plane' in node.labels);
}

/**
 * No half of a control plane. Its kubelet and etcd go on by themselves, and a second join fails on the member
 * that is there; `kubeadm reset` takes the member out of etcd again. It runs only on a machine that this very
 * cluster knows as an unfinished control plane.
 */
export function noHalfControlPlane(host: Host): Resource {
  return resource({
    address: 'half-control-plane',
    facts: {
      api: at(CLUSTER, apiState),
      isRunning: detachedRunning(KUBEADM_UNITS.join),
      kubeletConfig: pathKind('/etc/kubernetes/kubelet.conf'),
    },
    diff: ({ api, isRunning, kubeletConfig }) => {
      if (api.state === 'unreachable') return waitsForApi('the nodes of the cluster');
      const isHalf = kubeletConfig === 'file' && !isRunning && isHalfControlPlane(host, api);
      if (!isHalf) return none('no join was cut off half-way');
      return change(
        [{ what: 'kubeadm join', from: 'cut off while etcd joined', to: null }],
        [
          {
            do: 'run',
            summary: 'kubeadm reset of the unfinished control plane',
            script: command('kubeadm', 'reset', '--force', `--cri-socket=${criSocket(host.runtime)}`),
            timeoutMs: 300_000,
          },
        ],
      );
    },
  });
}
