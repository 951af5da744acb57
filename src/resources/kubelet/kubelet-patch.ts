import {
  hasKubeletPatch,
  KUBELET_CONFIG_PATH,
  PATCH_PATH,
  parsed,
  settingsOf,
} from '#configuration/kubelet-configuration.ts';
import { writeConfiguration } from '#configuration/stored-configuration.ts';
import type { Cluster, HostKind } from '#core/cluster.ts';
import { mergeObjects } from '#core/merge-objects.ts';
import { change, none, type Outcome, resource, type Resource } from '#core/resource.ts';
import { command } from '#core/shell.ts';
import { type FileAnswer, fileContent } from '#facts/file.ts';
import { pathKind } from '#facts/path.ts';
import { diffFile } from '#resources/files/diff-file.ts';
import { dueFacts, upgradedFrom } from '#resources/upgrade/due.ts';

/** A host's settings where kubeadm finds them as it makes a node of it, and as it upgrades one. */
export function kubeletPatch(cluster: Cluster, host: HostKind): Resource {
  const wanted = patchText(cluster, host);
  return resource({
    address: 'kubelet-patch',
    facts: {
      patch: fileContent(PATCH_PATH),
      configuration: pathKind(KUBELET_CONFIG_PATH),
      ...dueFacts(cluster, host),
    },
    diff: ({ patch, configuration, ...due }) => {
      if (configuration !== 'file') return diffPatch(patch, wanted);
      if (upgradedFrom(due, cluster) === undefined) return none('kubeadm has configured the kubelet already');
      // The newer kubelet may not start without a new setting. What the inventory has no longer goes later, as its record says.
      const all = mergeObjects(parsed(patch.content) ?? {}, settingsOf(cluster, host));
      return diffPatch(patch, Object.keys(all).length > 0 ? writeConfiguration(all) : undefined);
    },
  });
}

/** What kubeadm is to patch; undefined where that is nothing. */
export const patchText = (cluster: Cluster, host: HostKind): string | undefined =>
  hasKubeletPatch(cluster, host) ? writeConfiguration(settingsOf(cluster, host)) : undefined;

/** The patch as it is wanted, or none of it. */
export function diffPatch(patch: FileAnswer, wanted: string | undefined): Outcome {
  // It is slipway's own record of what it has set.
  if (wanted !== undefined) return diffFile(patch, { path: PATCH_PATH, content: wanted, isOwn: () => true });
  if (patch.type === 'absent') return none('the inventory sets nothing for this kubelet');
  return change(
    [{ what: 'presence', from: patch.type, to: null }],
    [{ do: 'run', summary: `remove ${PATCH_PATH}`, script: command('rm', '-f', '--', PATCH_PATH) }],
  );
}
