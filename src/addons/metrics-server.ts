import { type Document, isMap, parseAllDocuments } from 'yaml';

import { textList } from '#core/schema.ts';
import { editArgs, firstContainer } from '#objects/first-container.ts';

import { defineAddon } from './addon.ts';

/** The same in 0.8.1 and 0.9.0; the image's tag is set by slipway, as manifests/components/release does. */
const FILES = {
  'manifests/base/apiservice.yaml': '03266df7891b56dfffebb855a031b524ed20c6736846417ccd491dd91c6c0ec3',
  'manifests/base/deployment.yaml': '18970227f17d0c6cb8e7a4a1cdde847117703afd3b0777badf8a006cfea252c2',
  'manifests/base/rbac.yaml': '510be174d47ae7d05ae6908ccb7ca7111008f18b5d1a920ebc6de6582c23b854',
  'manifests/base/service.yaml': '1ce19a57f4769906255c3410a38a01fb0f803e21976ce160f506a90638cbb5c7',
};

/**
 * Made of its project's base as kustomize makes the release of it: the common label on all objects and selectors,
 * the released image, and further flags.
 *
 * Digests are of the files at the tags, read from a clone in 2026.
 *
 * @see https://github.com/kubernetes-sigs/metrics-server/blob/v0.9.0/manifests/base/kustomization.yaml
 * @see https://github.com/kubernetes-sigs/metrics-server/blob/v0.9.0/manifests/components/release/kustomization.yaml
 */
export const metricsServer = defineAddon({
  name: 'metrics-server',
  summary: 'CPU and memory of pods and nodes, for kubectl top and autoscalers.',
  changes:
    '`extraArgs`; by default `--kubelet-insecure-tls`, unless the kubelets have certificates of the cluster (`serverTLSBootstrap`)',
  repository: 'kubernetes-sigs/metrics-server',
  releases: [
    { version: '0.9.0', files: FILES },
    { version: '0.8.1', files: FILES },
  ],
  file: 'components.yaml',
  namespaces: [],
  schema: {
    extraArgs: textList(
      'Flags added to those of its manifest. By default --kubelet-insecure-tls, unless the kubelets have certificates of the cluster (serverTLSBootstrap).',
      { wanted: 'a list of flags', item: 'a flag', examples: [['--kubelet-insecure-tls']] },
    ),
  },
  /**
   * A kubelet's certificate is its own work, unless the cluster signs it.
   *
   * @see https://kubernetes.io/docs/tasks/administer-cluster/kubeadm/kubeadm-certs/#kubelet-serving-certs (v1.34)
   */
  defaults: ({ kubelet }) => ({
    extraArgs: kubelet['serverTLSBootstrap'] === true ? [] : ['--kubelet-insecure-tls'],
  }),
  render: (files, { version, isOwn, settings: { extraArgs } }) => {
    const documents = files
      .flatMap((text) => parseAllDocuments(text) as readonly Document[])
      .filter(({ contents }) => isMap(contents));
    for (const document of documents) {
      document.setIn(['metadata', 'labels', LABEL], 'metrics-server');
      const kind = document.get('kind');
      if (kind === 'Service') document.setIn(['spec', 'selector', LABEL], 'metrics-server');
      // A file of the operator's names the image that it is to be.
      if (kind === 'Deployment') finishDeployment(document, isOwn ? undefined : version, extraArgs);
    }
    return documents
      .map(
        (document) => `---\n${document.toString({ lineWidth: 0, directives: false }).replace(/^---\n/, '')}`,
      )
      .join('');
  },
});

const LABEL = 'k8s-app';

function finishDeployment(
  document: Document,
  version: string | undefined,
  extraArgs: readonly string[],
): void {
  document.setIn(['spec', 'selector', 'matchLabels', LABEL], 'metrics-server');
  document.setIn(['spec', 'template', 'metadata', 'labels', LABEL], 'metrics-server');
  const container = firstContainer(document);
  if (version !== undefined)
    container.set('image', `registry.k8s.io/metrics-server/metrics-server:v${version}`);
  editArgs(document, container, (args) => [...args, ...extraArgs.filter((flag) => !args.includes(flag))]);
}
