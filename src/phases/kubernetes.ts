import type { Phase } from '#core/phase.ts';
import { enforcingSelinux, labels } from '#resources/host/selinux.ts';
import { unit } from '#resources/host/unit.ts';
import { kubeadmPatches } from '#resources/kubeadm/kubeadm-patches.ts';
import { kubeletPatch } from '#resources/kubelet/kubelet-patch.ts';
import { packageIndex } from '#resources/packages/package-index.ts';
import { packages } from '#resources/packages/packages.ts';
import { repositoryFor, repositoryKeys } from '#resources/packages/repository.ts';
import type { WantedPackage } from '#resources/packages/wanted-package.ts';
import { unlessDue } from '#resources/upgrade/due.ts';

/** @see https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/install-kubeadm/ (v1.34) */
export const kubernetes: Phase = {
  name: 'kubernetes',
  summary: 'kubelet, kubeadm and kubectl, pinned and held',
  needs: ({ host: { selinux } }) => [
    'preflight',
    'proxy',
    'bundle',
    // What is denied for the sake of its label has it before.
    ...(selinux === 'enforcing' ? ['host', 'files', 'runtime'] : []),
  ],
  artifacts: ({ kubernetes: { repository: source } }) => repositoryKeys(source),
  common: ({ cluster, host, artifacts }) => {
    const source = cluster.kubernetes.repository;
    const wanted = kubernetesPackages(cluster.kubernetes.version);
    return [
      ...repositoryFor(cluster, { name: 'kubernetes', repository: source, artifacts }),
      packageIndex({ name: 'kubernetes', packages: wanted, hasNodePackages: true }),
      unlessDue(
        packages({
          name: 'kubernetes',
          packages: wanted,
          isHeld: true,
          phase: 'kubernetes',
          hasNodePackages: true,
        }),
        cluster,
        host,
      ),
      // It cannot run before kubeadm has configured it, so it is not checked whether it does.
      unit({ name: 'kubelet', isEnabled: true }),
      kubeletPatch(cluster, host),
      ...(host.role === 'control-plane' ? kubeadmPatches(cluster) : []),
      ...(host.selinux === 'enforcing' ? [labels, enforcingSelinux] : []),
    ];
  },
};

/** The two packages without a version are held as well: to upgrade them is to upgrade the cluster. */
export const kubernetesPackages = (version: string): readonly WantedPackage[] => [
  { name: 'kubelet', version },
  { name: 'kubeadm', version },
  { name: 'kubectl', version },
  { name: 'cri-tools', version: null },
  { name: 'kubernetes-cni', version: null },
];
