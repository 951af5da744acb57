import type { Document } from 'yaml';

import { GPU_LABEL } from '#core/gpu-labels.ts';
import { flag } from '#core/schema.ts';
import { RUNTIME_CLASS } from '#objects/device-plugin.ts';
import { editObjects } from '#objects/edit-objects.ts';

import { defineAddon } from './addon.ts';

const NAMESPACE = 'gpu-metrics';

/**
 * NVIDIA's exporter of GPU metrics, on hosts with GPUs alone and under the NVIDIA runtime.
 *
 * Digests are of the files at the tags, read from a clone in 2026.
 *
 * @see https://github.com/NVIDIA/dcgm-exporter/blob/4.5.3-4.8.2/README.md#quickstart-on-kubernetes
 */
export const dcgmExporter = defineAddon({
  name: 'dcgm-exporter',
  summary: 'Metrics of NVIDIA GPUs for Prometheus, by pod: DCGM exporter.',
  changes:
    'its namespace, the NVIDIA runtime and nodes with GPUs for its pods, and its selectors, which have no version: an upgrade could not change them',
  repository: 'NVIDIA/dcgm-exporter',
  tagOf: (version) => version,
  releases: [
    {
      version: '4.5.3-4.8.2',
      files: {
        'dcgm-exporter.yaml': '8f5b1580b55bc5a09a831184b0957e7671edb1e5c5f60cb17a0b4f58ffd76450',
        'service-monitor.yaml': '692a1f39dc4208a7d2635318c9d032fda743819ac187801830c82078f75720dc',
      },
    },
    {
      version: '4.5.2-4.8.1',
      files: {
        'dcgm-exporter.yaml': '94d06786ca21924cac3af3b1cde391a832ec656f2fd84131e9d0051dd300f950',
        'service-monitor.yaml': 'cf066eb4ff6b159cf2dc93c5d9debd065358ae16c8cf9c1f07bb42d37693296f',
      },
    },
  ],
  file: 'dcgm-exporter.yaml',
  namespaces: [NAMESPACE],
  schema: {
    serviceMonitor: flag(
      "Whether it brings a ServiceMonitor, for which Prometheus' operator must be there.",
      {
        default: false,
      },
    ),
  },
  defaults: { serviceMonitor: false },
  render: ([manifest = '', monitor = ''], { settings: { serviceMonitor } }) => {
    const texts = serviceMonitor ? [manifest, monitor] : [manifest];
    const all = texts.map((one) => `---\n${one.trimEnd()}\n`).join('');
    const placed = ['DaemonSet', 'Service', 'ServiceMonitor'].reduce(
      (whole, kind) =>
        editObjects(whole, kind, (object) => {
          object.setIn(['metadata', 'namespace'], NAMESPACE);
          forgetVersion(object, kind === 'Service' ? [] : ['matchLabels']);
          if (kind === 'DaemonSet') runOnGpus(object);
        }),
      all,
    );
    return `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${NAMESPACE}\n${placed}`;
  },
});

/** A selector of a DaemonSet cannot be changed. */
const forgetVersion = (object: Document, below: readonly string[]): unknown =>
  object.deleteIn(['spec', 'selector', ...below, 'app.kubernetes.io/version']);

const POD = ['spec', 'template', 'spec'] as const;

function runOnGpus(object: Document): void {
  object.setIn([...POD, 'runtimeClassName'], RUNTIME_CLASS);
  object.setIn([...POD, 'nodeSelector'], { [GPU_LABEL]: 'true' });
  object.setIn([...POD, 'tolerations'], [{ key: 'nvidia.com/gpu', operator: 'Exists' }]);
}
