import type { Cluster, Host, Taint } from '#core/cluster.ts';
import type { Difference, Outcome, Resource } from '#core/resource.ts';
import { embed, sh } from '#core/shell.ts';
import type { NodeState, NodeTaint } from '#facts/api.ts';
import { kubectl } from '#facts/kubectl.ts';

import { onNode } from './on-node.ts';
import { diffOwned, readOwned } from './owned-metadata.ts';

const OWN_TAINTS = 'slipway/taints';

/** kubeadm gives it to every control plane unless it is told otherwise, so it counts as slipway's. */
const CONTROL_PLANE_TAINT = 'node-role.kubernetes.io/control-plane:NoSchedule';

/** Taints of a node as the inventory says. Of other taints, those that slipway set before are taken away. */
export function nodeTaints(cluster: Cluster, host: Host): Resource {
  const diff = ({ taints, annotations }: NodeState): Outcome => {
    const before = readOwned(annotations[OWN_TAINTS]);
    const owned = host.role === 'control-plane' ? [...before, CONTROL_PLANE_TAINT] : before;
    const found = (name: string): NodeTaint | undefined => taints.find((taint) => nameOf(taint) === name);
    const wrong = host.taints.filter((taint) => found(nameOf(taint))?.value !== taint.value);
    const wanted = host.taints.map(nameOf);
    const gone = [...new Set(owned)].filter((name) => !wanted.includes(name) && found(name) !== undefined);
    const words = [
      ...wrong.map(({ key, value, effect }) => `${key}=${value}:${effect}`),
      ...gone.map((name) => `${name}-`),
    ];
    return diffOwned({
      host,
      annotation: OWN_TAINTS,
      owned: before,
      wanted: host.role === 'control-plane' ? wanted.filter((name) => name !== CONTROL_PLANE_TAINT) : wanted,
      differences: [
        ...wrong.map((taint) => taintDifference(nameOf(taint), found(nameOf(taint)), taint)),
        ...gone.map((name) => taintDifference(name, found(name), undefined)),
      ],
      script: sh`${embed(kubectl)} taint node ${host.name} --overwrite ${words}`,
    });
  };
  const wanted = host.taints
    .filter((taint) => nameOf(taint) !== CONTROL_PLANE_TAINT)
    .map((taint) => taintDifference(nameOf(taint), undefined, taint));
  return onNode(cluster, host, 'taints', diff, wanted);
}

const nameOf = ({ key, effect }: Taint | NodeTaint): string => `${key}:${effect}`;

/** A taint without a value counts as one with an empty value. */
const taintDifference = (name: string, from: NodeTaint | undefined, to: Taint | undefined): Difference => ({
  what: `taint ${name}`,
  from: from?.value ?? null,
  to: to?.value ?? null,
});
