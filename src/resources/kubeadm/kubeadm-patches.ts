import { PATCH_FILES, PATCH_MARK, type PatchFile, patchFiles } from '#configuration/kubeadm-patches.ts';
import type { Cluster } from '#core/cluster.ts';
import { noted, type Resource, resource } from '#core/resource.ts';
import { fileContent } from '#facts/file.ts';
import { pathKind } from '#facts/path.ts';
import { diffFile } from '#resources/files/diff-file.ts';
import { noStrayFiles } from '#resources/files/stray-files.ts';

/** What kubeadm is to change of the static pods that it writes on a control plane, and of CoreDNS. */
export const kubeadmPatches = (cluster: Cluster): readonly Resource[] => {
  const files = patchFiles(cluster);
  return [
    ...files.map(patchFile),
    noStrayFiles(
      PATCH_FILES,
      PATCH_MARK,
      files.map(({ path }) => path),
    ),
  ];
};

/** A file that kubeadm reads when it writes what the patch is for, which on a control plane that runs is at its next upgrade. */
const patchFile = ({ path, content, target }: PatchFile): Resource =>
  resource({
    address: `file:${path}`,
    facts: { found: fileContent(path), manifest: pathKind('/etc/kubernetes/manifests/kube-apiserver.yaml') },
    diff: ({ found, manifest }) => {
      const outcome = diffFile(found, { path, content });
      return manifest === 'absent' || outcome.answer !== 'change' ? outcome : noted(outcome, [later(target)]);
    },
  });

const later = (target: PatchFile['target']): string =>
  `${target} is there already, and gets the patch when kubeadm writes it again: at an upgrade, or by kubeadm init phase ${PHASES[target]} on each control plane, with --config and --patches=/etc/kubernetes/patches`;

const PHASES: Readonly<Record<PatchFile['target'], string>> = {
  etcd: 'etcd local',
  'kube-apiserver': 'control-plane apiserver',
  'kube-controller-manager': 'control-plane controller-manager',
  'kube-scheduler': 'control-plane scheduler',
  corednsdeployment: 'addon coredns',
};
