import type { Cluster, HostKind, JsonObject } from '#core/cluster.ts';
import { mergeObjects } from '#core/merge-objects.ts';
import { changeOr, none, type Outcome, resource, type Resource } from '#core/resource.ts';
import { command } from '#core/shell.ts';
import { type FileAnswer, fileContent } from '#facts/file.ts';
import { pathKind } from '#facts/path.ts';

import { diffFile } from '#resources/files/file.ts';
import { readConfiguration, writeConfiguration } from '#configuration/stored-configuration.ts';

export const KUBELET_CONFIG_PATH = '/var/lib/kubelet/config.yaml';

/**
 * Where kubeadm looks for changes to what it writes.
 *
 * @see https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/control-plane-flags/#patches (v1.34)
 */
export const PATCHES_DIRECTORY = '/etc/kubernetes/patches';
export const PATCH_PATH = `${PATCHES_DIRECTORY}/kubeletconfiguration+merge.yaml`;

/** Fields of KubeletConfiguration that the inventory has for a host. */
export const settingsOf = ({ kubernetes }: Cluster, host: HostKind): JsonObject =>
  mergeObjects(kubernetes.kubelet, host.kubelet);

/** Whether kubeadm has something to patch on a host. */
export const hasKubeletPatch = (cluster: Cluster, host: HostKind): boolean =>
  Object.keys(settingsOf(cluster, host)).length > 0;

/** A host's settings where kubeadm finds them as it makes a node of it. */
export function kubeletPatch(cluster: Cluster, host: HostKind): Resource {
  const wanted = patchText(cluster, host);
  return resource({
    address: 'kubelet-patch',
    facts: { patch: fileContent(PATCH_PATH), configuration: pathKind(KUBELET_CONFIG_PATH) },
    diff: ({ patch, configuration }) =>
      configuration === 'absent'
        ? diffPatch(patch, wanted)
        : none('kubeadm has configured the kubelet already'),
  });
}

/**
 * The record of what is set on a node, by which it is known what to take away again. What goes leaves it after the
 * configuration, and what comes is in it before, so that a run that is cut off loses nothing.
 */
export function kubeletRecord(cluster: Cluster, host: HostKind): Resource {
  const wanted = patchText(cluster, host);
  return resource({
    address: `file:${PATCH_PATH}`,
    facts: { patch: fileContent(PATCH_PATH), configuration: pathKind(KUBELET_CONFIG_PATH) },
    diff: ({ patch, configuration }) =>
      configuration === 'absent' ? none('it is written before kubeadm is run') : diffPatch(patch, wanted),
  });
}

/** What kubeadm is to patch; undefined where that is nothing. */
const patchText = (cluster: Cluster, host: HostKind): string | undefined =>
  hasKubeletPatch(cluster, host) ? writeConfiguration(settingsOf(cluster, host)) : undefined;

function diffPatch(patch: FileAnswer, wanted: string | undefined): Outcome {
  if (wanted !== undefined) return diffFile(patch, { path: PATCH_PATH, content: wanted });
  if (patch.type === 'absent') return none('the inventory sets nothing for this kubelet');
  return changeOr(
    '',
    [{ what: 'presence', from: patch.type, to: null }],
    [{ do: 'run', summary: `remove ${PATCH_PATH}`, script: command('rm', '-f', '--', PATCH_PATH) }],
  );
}

/** The configuration in a file; undefined where there is none that can be read. */
export function parsed(content: string | null): JsonObject | undefined {
  if (content === null) return undefined;
  try {
    return readConfiguration(content);
  } catch {
    return undefined;
  }
}
