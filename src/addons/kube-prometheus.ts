import { stringify } from 'yaml';

import { joinManifests } from '#core/join-manifests.ts';
import { freeMap, list, text } from '#core/schema.ts';
import { sha256Of } from '#core/sha256.ts';
import { editObjects } from '#objects/edit-objects.ts';
import { objectTemplates, writeObjects } from '#objects/object-templates.ts';

import { defineAddon } from './addon.ts';
import { KUBE_PROMETHEUS_0_18_0 } from './files/kube-prometheus.ts';

const NAMESPACE = 'monitoring';

/** Every metric of pods under its own name, and those of GPUs by the pods that have them. */
const RULES = [
  {
    seriesQuery: '{namespace!="",pod!="",__name__!~"^(container|DCGM)_.*"}',
    resources: { overrides: { namespace: { resource: 'namespace' }, pod: { resource: 'pod' } } },
    metricsQuery: 'sum(<<.Series>>{<<.LabelMatchers>>}) by (<<.GroupBy>>)',
  },
  {
    seriesQuery: '{__name__=~"^DCGM_FI_.*",exported_namespace!="",exported_pod!=""}',
    resources: {
      overrides: { exported_namespace: { resource: 'namespace' }, exported_pod: { resource: 'pod' } },
    },
    metricsQuery: 'avg(<<.Series>>{<<.LabelMatchers>>}) by (<<.GroupBy>>)',
  },
];

const defaults = { retention: '15d', customMetrics: RULES };

/**
 * Prometheus by its operator, with what nodes and objects of the cluster tell it, and its adapter for autoscalers: not for
 * CPU and memory, which metrics-server does, but for all that pods say of themselves.
 *
 * @see https://github.com/prometheus-operator/kube-prometheus/tree/v0.18.0
 * @see https://github.com/kubernetes-sigs/prometheus-adapter/blob/v0.12.0/docs/config.md
 */
export const kubePrometheus = defineAddon({
  name: 'kube-prometheus',
  summary: 'Prometheus by its operator, metrics of nodes and objects, and the adapter for autoscalers.',
  changes:
    '`retention`; its adapter serves metrics of pods (`customMetrics`) in place of CPU and memory; Prometheus finds targets in all namespaces; Grafana, Alertmanager and the blackbox exporter are left out',
  repository: 'prometheus-operator/kube-prometheus',
  releases: [{ version: '0.18.0', files: KUBE_PROMETHEUS_0_18_0 }],
  file: 'kube-prometheus.yaml',
  namespaces: [NAMESPACE],
  schema: {
    retention: text('How long Prometheus keeps what it has measured.', {
      wanted: 'a time such as 15d',
      pattern: '^[1-9][0-9]*(ms|s|m|h|d|w|y)$',
      default: defaults.retention,
    }),
    customMetrics: list(
      freeMap("A rule in the adapter's own words."),
      'What autoscalers can ask for of pods: rules of prometheus-adapter. By default every metric of pods by its name, and those of GPUs by the pods that have them.',
      { wanted: 'a list of rules', examples: [[{ seriesQuery: 'http_requests{namespace!="",pod!=""}' }]] },
    ),
  },
  defaults,
  render: (files, { settings: { retention, customMetrics } }) => {
    const config = stringify({ rules: customMetrics }, { lineWidth: 0 });
    const manifest = [
      joinManifests(files),
      '---\n',
      writeObjects(objectTemplates('addons/custom-metrics.yaml')),
    ].join('');
    const withRetention = editObjects(manifest, 'Prometheus', (object) => {
      object.setIn(['spec', 'retention'], retention);
    });
    const withRules = editObjects(withRetention, 'ConfigMap', (object) => {
      if (object.getIn(['metadata', 'name']) === 'adapter-config')
        object.setIn(['data', 'config.yaml'], config);
    });
    return editObjects(withRules, 'Deployment', (object) => {
      if (object.getIn(['metadata', 'name']) !== 'prometheus-adapter') return;
      // New pods when its rules change.
      object.setIn(['spec', 'template', 'metadata', 'annotations', 'checksum.config/md5'], sha256Of(config));
    });
  },
});
