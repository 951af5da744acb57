import { KUBEADM_FILES } from '#configuration/kubeadm-files.ts';
import { KUBEADM_UNITS } from '#configuration/kubeadm-units.ts';
import type { Cluster, Host } from '#core/cluster.ts';
import { at } from '#core/fact.ts';
import { change, deferred, none, type Outcome, refused, resource, type Resource } from '#core/resource.ts';
import { embed, sh } from '#core/shell.ts';
import { run } from '#core/step.ts';
import { apiNode, type NodeState } from '#facts/api.ts';
import { detachedRunning } from '#facts/detached-unit.ts';
import { kubectl } from '#facts/kubectl.ts';
import { os } from '#facts/os.ts';
import { type PathKind, pathKind } from '#facts/path.ts';
import { waitsForApi } from '#facts/waits-for-api.ts';

import { isHalfControlPlane, joinTraces } from './half-control-plane.ts';

/**
 * `kubeadm reset` leaves the Node object behind, and `kubeadm join` refuses while it is there. It is deleted if it belongs
 * to this very machine and the machine has neither credentials for it nor a kubelet that was configured: one that only
 * lost its credentials gets others, and its pods go on.
 */
export function noStaleNode(cluster: Cluster, host: Host): Resource {
  const traces = joinTraces(cluster);
  return resource({
    address: `stale-node:${host.name}`,
    facts: {
      api: apiNode(host.name),
      os: at(host.name, os()),
      credentials: at(host.name, traces.credentials),
      configuration: at(host.name, pathKind(KUBEADM_FILES.kubeletConfiguration)),
      isJoining: at(host.name, detachedRunning(KUBEADM_UNITS.join)),
      ...(host.role === 'control-plane' && {
        bootstrap: at(host.name, traces.bootstrap),
        apiServerManifest: at(host.name, traces.apiServerManifest),
        ...('etcdData' in traces && { etcdData: at(host.name, traces.etcdData) }),
      }),
    },
    diff: ({ api, os: { machineId }, configuration, isJoining, ...found }) => {
      if (api.state === 'absent') return none('there is no cluster yet');
      if (api.state === 'unreachable') return waitsForApi('the nodes of the cluster');
      const node = api.nodes[host.name];
      if (node === undefined) return none(`no node ${host.name} is registered`);
      if (!isJoining && isHalfControlPlane(cluster, host, api, found)) {
        return deferred(
          { host: host.name, phase: 'join' },
          'a machine that is free of its half-done join',
          staleNode(host.name, node, { machineId, configuration: 'absent' }),
        );
      }
      const isOwn = found.credentials === 'file' || isJoining;
      return isOwn
        ? none(`node ${host.name} is this machine's`)
        : staleNode(host.name, node, { machineId, configuration });
    },
  });
}

interface Machine {
  readonly machineId: string | null;
  readonly configuration: PathKind;
}

/** What becomes of a node whose host has no credentials for it. */
function staleNode(name: string, node: NodeState, { machineId, configuration }: Machine): Outcome {
  if (node.machineId !== machineId) {
    return refused(
      'NodeNameTaken',
      `another machine is registered as node ${name} (machine-id ${node.machineId}, here ${machineId ?? 'none'})`,
      `give the host another name, or delete that node if its machine is gone: slipway remove ${name}`,
    );
  }
  if (configuration === 'file') {
    return none(`node ${name} is this machine's, whose kubelet only lacks credentials`);
  }
  return change(
    [{ what: `node ${name}`, from: 'registered, without credentials on its machine', to: null }],
    [run(`delete node ${name}`, sh`${embed(kubectl)} delete node ${name} --ignore-not-found`)],
  );
}
