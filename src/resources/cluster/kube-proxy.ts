import {
  inexactIn,
  readConfiguration,
  readRecord,
  writeConfiguration,
  writeRecord,
} from '#configuration/stored-configuration.ts';
import type { Cluster } from '#core/cluster.ts';
import type { JsonObject } from '#core/json.ts';
import { changeOr, differs, noted, resource, type Resource } from '#core/resource.ts';
import { changeSettings, settingsDifferences } from '#core/settings.ts';
import { sha256Of } from '#core/sha256.ts';
import { embed, sh } from '#core/shell.ts';
import { type Step, run } from '#core/step.ts';
import { unknown } from '#core/unknown.ts';
import { type ApiReady, apiState } from '#facts/api.ts';
import { kubectl } from '#facts/kubectl.ts';
import { waitsForApi } from '#facts/waits-for-api.ts';
import { withExactNumbers } from '#resources/files/exact-numbers.ts';

import { rolledOut, rolloutSeconds } from './rolled-out.ts';

/** The annotation of the ConfigMap that says which of its fields, beside the mode, are slipway's. */
const OWN_FIELDS = 'slipway/kube-proxy';
/** Of the ConfigMap: what its pods must have been started with. Of the pods' template: what they were. */
const CONFIGURATION = 'slipway/kube-proxy-configuration';

const RECORDED = 'fields set by slipway';

const DEPRECATED =
  "kube-proxy's mode ipvs is deprecated since Kubernetes 1.35: nftables is what takes its place";

/**
 * kube-proxy's configuration, and pods that run on it.
 *
 * The ConfigMap is changed together with an annotation that its pods' template must have too: when a run is cut
 * off between the two, the next one sees what is missing.
 *
 * @see https://kubernetes.io/docs/reference/networking/virtual-ips/#proxy-modes (v1.34; a proxy that starts cleans up after the other modes)
 */
export function kubeProxy(cluster: Cluster): Resource {
  const { mode, config } = cluster.kubernetes.kubeProxy;
  const notes = mode === 'ipvs' ? [DEPRECATED] : [];
  const configured = resource({
    address: 'kube-proxy',
    facts: { api: apiState },
    diff: ({ api }) => {
      const record = writeRecord(config);
      if (
        api.state !== 'ready' ||
        !api.objects.includes('DaemonSet/kube-proxy') ||
        api.kubeProxy.text === ''
      ) {
        // kubeadm init is given the same settings; that they are slipway's is to be recorded.
        return waitsForApi("kube-proxy's configuration", api, () =>
          changeOr(`kube-proxy runs in mode ${mode}`, differs(RECORDED, null, record), [
            configStep(unknown('kubeadm init'), { [OWN_FIELDS]: record }),
          ]),
        );
      }
      const { before, after } = configurations({ mode, ...config }, api);
      const isChanged = settingsDifferences(before, after).length > 0;
      const { [OWN_FIELDS]: recorded = null, [CONFIGURATION]: asked } = api.kubeProxy.annotations;
      const text = writeConfiguration(after);
      const digest = isChanged ? sha256Of(text).slice(0, 16) : asked;
      const running = api.kubeProxyPods[CONFIGURATION];
      const isOld = digest !== undefined && digest !== running;
      const steps: readonly Step[] = [
        ...(isChanged || recorded !== record
          ? [
              configStep(text, {
                [OWN_FIELDS]: record,
                ...(digest !== undefined && { [CONFIGURATION]: digest }),
              }),
            ]
          : []),
        ...(isOld ? [restartStep(digest)] : []),
      ];
      const differences = [
        ...settingsDifferences(before, after),
        ...differs(RECORDED, recorded, record),
        ...(isOld
          ? [{ what: 'pods of kube-proxy', from: 'started before this', to: 'started anew, node by node' }]
          : []),
      ];
      const outcome = withExactNumbers(changeOr(`kube-proxy runs in mode ${mode}`, differences, steps), {
        check: 'ClusterNetwork',
        where: 'ConfigMap kube-system/kube-proxy',
        inexact: () => (isChanged ? inexactIn(api.kubeProxy.text) : undefined),
      });
      return noted(outcome, notes);
    },
  });
  return rolledOut(configured, {
    of: [KUBE_PROXY],
    timeoutSeconds: rolloutSeconds(cluster.hosts.length),
    // Pods that kubeadm started are no concern of this resource.
    isWanted: (api) => api.state === 'ready' && CONFIGURATION in api.kubeProxyPods,
  });
}

const configurations = (
  wanted: JsonObject,
  { kubeProxy: { text, annotations } }: ApiReady,
): { readonly before: JsonObject; readonly after: JsonObject } => {
  const before = readConfiguration(text);
  return {
    before,
    after: changeSettings({ current: before, previous: readRecord(annotations[OWN_FIELDS]), wanted }),
  };
};

const KUBE_PROXY = {
  kind: 'DaemonSet',
  namespace: 'kube-system',
  name: 'kube-proxy',
  selector: 'k8s-app=kube-proxy',
} as const;

/** What may be done to it where its configuration is not known yet: to its record alone, or to what its pods run on too. */
export const kubeProxySteps = (
  { kubernetes: { kubeProxy: proxy } }: Cluster,
  text: string,
): readonly Step[] => {
  const record = { [OWN_FIELDS]: writeRecord(proxy.config) };
  return [
    { ...configStep(text, record), onlyIf: 'its record is lost' },
    { ...configStep(text, { ...record, [CONFIGURATION]: text }), onlyIf: CHANGES },
    { ...restartStep(text), onlyIf: CHANGES },
  ];
};

const CHANGES = 'its settings are not as wanted';

function configStep(text: string, annotations: Readonly<Record<string, string | null>>): Step {
  const patch = JSON.stringify({ metadata: { annotations }, data: { 'config.conf': text } });
  return run(
    'change ConfigMap kube-system/kube-proxy',
    sh`${embed(kubectl)} -n kube-system patch configmap kube-proxy --type=merge -p ${patch}`,
  );
}

function restartStep(digest: string): Step {
  const annotations = { [CONFIGURATION]: digest };
  const patch = JSON.stringify({ spec: { template: { metadata: { annotations } } } });
  return run(
    'start the pods of kube-proxy anew',
    sh`${embed(kubectl)} -n kube-system patch daemonset kube-proxy --type=merge -p ${patch}`,
  );
}
