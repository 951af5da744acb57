import { criSocket } from '#catalog/cri-sockets.ts';
import { KUBEADM_FILES } from '#configuration/kubeadm-files.ts';
import {
  hasInstanceConfiguration,
  KUBELET_CONFIG_PATH,
  PATCH_PATH,
  parsed,
  settingsOf,
} from '#configuration/kubelet-configuration.ts';
import { inexactIn, readConfiguration, writeConfiguration } from '#configuration/stored-configuration.ts';
import type { Cluster, HostKind } from '#core/cluster.ts';
import { at, CLUSTER } from '#core/fact.ts';
import { isEqualJson } from '#core/json.ts';
import { mergeObjects } from '#core/merge-objects.ts';
import { rememberLast } from '#core/remember-last.ts';
import { changeOr, deferred, none, refused, resource, type Resource } from '#core/resource.ts';
import { changeSettings, type SettingsChange, settingsDifferences } from '#core/settings.ts';
import { apiSettings, type ReadySettings } from '#facts/api.ts';
import { fileContent } from '#facts/file.ts';
import { type PathKind, pathKind } from '#facts/path.ts';
import { waitsForApi } from '#facts/waits-for-api.ts';
import { diffFile, edited, refuseUnreadable, writeStep } from '#resources/files/diff-file.ts';
import { withExactNumbers } from '#resources/files/exact-numbers.ts';

import { clusterSettings, FIXED, KUBELET_CONFIG_MAP } from './kubelet-config-map.ts';

/**
 * A node's kubelet configuration: what is wanted of it, merged into what kubeadm wrote. Where a worker has lost it, into
 * what kubeadm would write; on a control plane kubeadm does it, see `controlPlaneFiles`.
 */
export function kubeletConfiguration(cluster: Cluster, kind: HostKind, phase: string): Resource {
  const comparison = rememberLast((text: string, patch: string | null, api: ReadySettings) =>
    compare(text, {
      previous: parsed(patch) ?? {},
      wanted: settingsOf(cluster, kind),
      base: clusterSettings(cluster, api),
    }),
  );
  return resource({
    address: `file:${KUBELET_CONFIG_PATH}`,
    facts: {
      found: fileContent(KUBELET_CONFIG_PATH),
      patch: fileContent(PATCH_PATH),
      credentials: pathKind(KUBEADM_FILES.clientCertificate),
      api: at(CLUSTER, apiSettings),
    },
    diff: ({ found, patch, credentials, api }, { host }) => {
      const unreadable = refuseUnreadable(found, KUBELET_CONFIG_PATH);
      if (unreadable !== undefined) return unreadable;
      const isMissing = (found.content ?? '') === '';
      const isLost = isMissing && isWrittenAnew(kind, credentials);
      if (isMissing && !isLost) {
        return deferred({ host, phase }, "the kubelet's configuration", none('as kubeadm writes it'));
      }
      if (api.state !== 'ready' || api.kubelet.text === '') {
        return waitsForApi('the configuration of kubelets');
      }
      const text = found.content || asJoined(cluster, kind, api);
      const compared = comparison(text, patch.content, api);
      if (compared === undefined) {
        return refused(
          'KubeletConfiguration',
          `${KUBELET_CONFIG_PATH} is not YAML that slipway can read`,
          'put it right by hand, or let kubeadm write it: kubeadm upgrade node phase kubelet-config',
        );
      }
      const { wanted, differences, record } = compared;
      if (isLost) {
        // What is there is empty: there is nothing to keep.
        const content = writeConfiguration(wanted);
        const outcome = diffFile(found, { path: KUBELET_CONFIG_PATH, content, isOwn: () => true });
        return withExactNumbers(outcome, {
          check: 'KubeletConfiguration',
          where: KUBELET_CONFIG_MAP,
          inexact: () => inexactIn(api.kubelet.text),
        });
      }
      const outcome = changeOr('the kubelet has the settings of the inventory', differences, () => [
        ...(record === undefined
          ? []
          : [writeStep({ path: PATCH_PATH, content: writeConfiguration(record) })]),
        writeStep(edited(found, KUBELET_CONFIG_PATH, writeConfiguration(wanted))),
      ]);
      return withExactNumbers(outcome, {
        check: 'KubeletConfiguration',
        where: KUBELET_CONFIG_PATH,
        inexact: () => inexactIn(text),
      });
    },
  });
}

/** Whether slipway itself writes a file anew that a kubelet has lost: that of a worker which has joined. */
export const isWrittenAnew = ({ role }: Pick<HostKind, 'role'>, credentials: PathKind): boolean =>
  role === 'worker' && credentials === 'file';

/** What kubeadm makes of the cluster's configuration for a node. */
const asJoined = (cluster: Cluster, { runtime }: HostKind, { kubelet }: ReadySettings): string =>
  writeConfiguration({
    ...readConfiguration(kubelet.text),
    ...(hasInstanceConfiguration(cluster) && { containerRuntimeEndpoint: criSocket(runtime) }),
  });

/**
 * Undefined where the text cannot be read. New settings go into the record first. So if a run is cut off, the next one
 * knows which settings are slipway's, even if the inventory no longer has them.
 */
function compare(text: string, change: Omit<SettingsChange, 'current'>) {
  const current = parsed(text);
  if (current === undefined) return undefined;
  const wanted = changeSettings({ ...change, current, wanted: mergeObjects(FIXED, change.wanted) });
  const record = mergeObjects(change.previous, change.wanted);
  return {
    wanted,
    differences: settingsDifferences(current, wanted),
    record: isEqualJson(record, change.previous) ? undefined : record,
  };
}
