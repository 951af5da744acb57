import type { MetricsServer } from '#core/addons.ts';
import type { Kubernetes } from '#core/cluster.ts';
import type { Section } from '#inventory/section.ts';
import { map, textList } from '#inventory/text/schema.ts';

import { type AddonSource, buildKnown, knownFields, knownFindings } from './known-addon.ts';

const schema = map(
  {
    ...knownFields('metrics-server', 'components.yaml'),
    extraArgs: textList({
      description:
        'Flags added to those of its manifest. By default --kubelet-insecure-tls, unless the kubelets have certificates of the cluster (serverTLSBootstrap).',
      wanted: 'a list of flags',
      item: 'a flag',
      examples: [['--kubelet-insecure-tls']],
    }),
  },
  'CPU and memory of pods and nodes, for kubectl top and autoscalers.',
);

export const metricsServer: Section<typeof schema, MetricsServer, AddonSource> = {
  schema,
  check: (written = {}, _, path) => knownFindings('metrics-server', written, path),
  build: (written = {}, source) => ({
    ...buildKnown('metrics-server', written, source),
    extraArgs: written.extraArgs ?? kubeletFlags(source.kubernetes),
  }),
};

/**
 * A kubelet's certificate is its own work, unless the cluster signs it.
 *
 * @see https://kubernetes.io/docs/tasks/administer-cluster/kubeadm/kubeadm-certs/#kubelet-serving-certs (v1.34)
 */
const kubeletFlags = ({ kubelet }: Kubernetes): readonly string[] =>
  kubelet['serverTLSBootstrap'] === true ? [] : ['--kubelet-insecure-tls'];
