import { criSocket } from '#catalog/cri-sockets.ts';
import { KUBEADM_FILES } from '#configuration/kubeadm-files.ts';
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
 * Whether a join was cut off while etcd joined: the node is registered, and is not labelled as a control plane, which is
 * the last thing that kubeadm does.
 */
export function isHalfControlPlane({ name, role }: Host, api: ApiState): boolean {
  if (role !== 'control-plane' || api.state !== 'ready') return false;
  const node = api.nodes[name];
  return node !== undefined && !('node-role.kubernetes.io/control-plane' in node.labels);
}

/**
 * An unfinished control plane is reset. Its kubelet and its etcd go on running, and a second join would fail because
 * etcd has the member already; `kubeadm reset` takes the member out again. That is done only on a machine that this
 * cluster knows as an unfinished control plane.
 */
export function noHalfControlPlane(host: Host): Resource {
  return resource({
    address: 'half-control-plane',
    facts: {
      api: at(CLUSTER, apiState),
      isRunning: detachedRunning(KUBEADM_UNITS.join),
      credentials: pathKind(KUBEADM_FILES.clientCertificate),
    },
    diff: ({ api, isRunning, credentials }) => {
      if (api.state === 'unreachable') return waitsForApi('the nodes of the cluster');
      const isHalf = credentials === 'file' && !isRunning && isHalfControlPlane(host, api);
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
