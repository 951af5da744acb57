import {
  readConfiguration,
  readRecord,
  writeConfiguration,
  writeRecord,
} from '#configuration/stored-configuration.ts';
import type { Cluster } from '#core/cluster.ts';
import type { JsonObject } from '#core/json.ts';
import { mergeObjects } from '#core/merge-objects.ts';
import { changeOr, differs, resource, type Resource } from '#core/resource.ts';
import { changeSettings, settingsDifferences } from '#core/settings.ts';
import { embed, sh } from '#core/shell.ts';
import { type ApiReady, apiState } from '#facts/api.ts';
import { kubectl } from '#facts/kubectl.ts';
import { waitsForApi } from '#facts/waits-for-api.ts';

/** The annotation of kubelet-config that says which of its fields are slipway's. */
const OWN_FIELDS = 'slipway/kubelet';

/** kubeadm's own default; containerd and the others are configured to match it. */
export const FIXED: JsonObject = { cgroupDriver: 'systemd' };

/** The settings that nodes get as they join: kubeadm's ConfigMap kubelet-config. */
export function kubeletConfigMap(cluster: Cluster): Resource {
  return resource({
    address: 'kubelet-config',
    facts: { api: apiState },
    diff: ({ api }) => {
      if (api.state !== 'ready' || api.kubelet.text === '') {
        return waitsForApi('the configuration of kubelets');
      }
      const before = readConfiguration(api.kubelet.text);
      const after = clusterSettings(cluster, api);
      const record = writeRecord(cluster.kubernetes.kubelet);
      const differences = [
        ...settingsDifferences(before, after),
        ...differs('fields set by slipway', api.kubelet.annotations[OWN_FIELDS] ?? null, record),
      ];
      const patch = JSON.stringify({
        metadata: { annotations: { [OWN_FIELDS]: record } },
        data: { kubelet: writeConfiguration(after) },
      });
      return changeOr('new nodes get the settings of the inventory', differences, [
        {
          do: 'run',
          summary: 'change ConfigMap kube-system/kubelet-config',
          script: sh`${embed(kubectl)} -n kube-system patch configmap kubelet-config --type=merge -p ${patch}`,
        },
      ]);
    },
  });
}

/** What kubelet-config is to be. */
export const clusterSettings = ({ kubernetes }: Cluster, { kubelet }: ApiReady): JsonObject =>
  changeSettings({
    current: readConfiguration(kubelet.text),
    previous: readRecord(kubelet.annotations[OWN_FIELDS]),
    wanted: mergeObjects(FIXED, kubernetes.kubelet),
  });
