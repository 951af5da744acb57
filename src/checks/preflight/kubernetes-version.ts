import type { Cluster } from '#core/cluster.ts';
import type { Resource } from '#core/resource.ts';
import { upstreamVersion } from '#distributions/package-version.ts';
import { fileMetadata } from '#facts/file.ts';
import { packageState } from '#facts/package.ts';

import { check } from './check.ts';

/**
 * To install new packages is not enough to upgrade a node: the control plane is upgraded first, and nodes are drained.
 *
 * @see https://kubernetes.io/docs/tasks/administer-cluster/kubeadm/kubeadm-upgrade/ (v1.34)
 */
export const kubernetesVersion = ({ kubernetes: { version } }: Cluster): Resource =>
  check({
    name: 'KubernetesVersion',
    facts: { kubelet: packageState('kubelet', null), node: fileMetadata('/etc/kubernetes/kubelet.conf') },
    judge: ({ kubelet, node }, host) => {
      if (node.type === 'absent') return `${host} is no node yet`;
      const installed = kubelet.installed === null ? null : upstreamVersion(kubelet.installed);
      if (installed === null || installed === version) return `${host} runs Kubernetes ${version}`;
      return {
        why: `${host} is a node that runs Kubernetes ${installed}, and the inventory wants ${version}`,
        hint: `upgrade the cluster with kubeadm, or write kubernetes.version: ${installed} into the inventory`,
      };
    },
  });
