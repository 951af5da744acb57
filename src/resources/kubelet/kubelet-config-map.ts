import {
  inexactIn,
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
import { run, type Step } from '#core/step.ts';
import { unknown } from '#core/unknown.ts';
import { apiState, type ReadySettings } from '#facts/api.ts';
import { kubectl } from '#facts/kubectl.ts';
import { waitsForApi } from '#facts/waits-for-api.ts';
import { withExactNumbers } from '#resources/files/exact-numbers.ts';

export const KUBELET_CONFIG_MAP = 'ConfigMap kube-system/kubelet-config';

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
      const record = writeRecord(cluster.kubernetes.kubelet);
      if (api.state !== 'ready' || api.kubelet.text === '') {
        // kubeadm init is given the same settings; that they are slipway's is to be recorded.
        return waitsForApi('the configuration of kubelets', api, () =>
          changeOr(AS_WANTED, differs(RECORDED, null, record), [
            kubeletConfigStep(record, unknown('kubeadm init')),
          ]),
        );
      }
      const before = readConfiguration(api.kubelet.text);
      const after = clusterSettings(cluster, api);
      const differences = [
        ...settingsDifferences(before, after),
        ...differs(RECORDED, api.kubelet.annotations[OWN_FIELDS] ?? null, record),
      ];
      const outcome = changeOr(AS_WANTED, differences, [
        kubeletConfigStep(record, writeConfiguration(after)),
      ]);
      return withExactNumbers(outcome, {
        check: 'KubeletConfiguration',
        where: KUBELET_CONFIG_MAP,
        inexact: () => inexactIn(api.kubelet.text),
      });
    },
  });
}

const AS_WANTED = 'new nodes get the settings of the inventory';
const RECORDED = 'fields set by slipway';

/** kubelet-config with another KubeletConfiguration, and with what of it is slipway's. */
export function kubeletConfigStep(record: string | null, kubelet: string): Step {
  const patch = JSON.stringify({ metadata: { annotations: { [OWN_FIELDS]: record } }, data: { kubelet } });
  return run(
    `change ${KUBELET_CONFIG_MAP}`,
    sh`${embed(kubectl)} -n kube-system patch configmap kubelet-config --type=merge -p ${patch}`,
  );
}

/** What kubelet-config is to be. */
export const clusterSettings = ({ kubernetes }: Cluster, { kubelet }: ReadySettings): JsonObject =>
  changeSettings({
    current: readConfiguration(kubelet.text),
    previous: readRecord(kubelet.annotations[OWN_FIELDS]),
    wanted: mergeObjects(FIXED, kubernetes.kubelet),
  });
