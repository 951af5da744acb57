import { criSocket } from '#catalog/cri-sockets.ts';
import { hasInstanceConfiguration } from '#configuration/kubelet-configuration.ts';
import type { Cluster, Host } from '#core/cluster.ts';
import { changeOr, type Difference, type Resource } from '#core/resource.ts';
import { embed, lines, sh } from '#core/shell.ts';
import { CONTROL_PLANE_LABEL, CRI_SOCKET, EXCLUDED, type NodeState } from '#facts/api.ts';
import { kubectl } from '#facts/kubectl.ts';

import { onNode } from './on-node.ts';

/** Whether kubeadm has something to mark a host with. */
export const isNodeMarked = (cluster: Cluster, { role }: Host): boolean =>
  role === 'control-plane' || !hasInstanceConfiguration(cluster);

/** What kubeadm itself writes on a node, which is lost where somebody takes it away or the node was registered anew. */
export function nodeMarks(cluster: Cluster, host: Host): Resource {
  return onNode(cluster, host, 'marks', ({ labels, annotations }: NodeState) => {
    const isUnlabelled = host.role === 'control-plane' && !(CONTROL_PLANE_LABEL in labels);
    const lostLabels = isUnlabelled ? [CONTROL_PLANE_LABEL, EXCLUDED].filter((key) => !(key in labels)) : [];
    const socket = criSocket(host.runtime);
    const isAnnotationLost = !hasInstanceConfiguration(cluster) && annotations[CRI_SOCKET] === undefined;
    const differences: readonly Difference[] = [
      ...lostLabels.map((key) => ({ what: `label ${key}`, from: null, to: '' })),
      ...(isAnnotationLost ? [{ what: `annotation ${CRI_SOCKET}`, from: null, to: socket }] : []),
    ];
    const script = lines(
      ...(lostLabels.length > 0
        ? [sh`${embed(kubectl)} label node ${host.name} --overwrite ${lostLabels.map((key) => `${key}=`)}`]
        : []),
      ...(isAnnotationLost
        ? [sh`${embed(kubectl)} annotate node ${host.name} --overwrite ${`${CRI_SOCKET}=${socket}`}`]
        : []),
    );
    return changeOr('kubeadm has marked the node', differences, [
      { do: 'run', summary: `mark node ${host.name} as kubeadm does`, script },
    ]);
  });
}
