import { isMap, isSeq, parseAllDocuments, type Document } from 'yaml';

import type { MetricsServer } from '#core/addons.ts';

const LABEL = 'k8s-app';

/**
 * metrics-server, made of its project's base as kustomize makes the release of it: the common label on all
 * objects and selectors, the released image, and further flags.
 *
 * @see https://github.com/kubernetes-sigs/metrics-server/blob/v0.9.0/manifests/base/kustomization.yaml
 * @see https://github.com/kubernetes-sigs/metrics-server/blob/v0.9.0/manifests/components/release/kustomization.yaml
 */
export function renderMetricsServer(
  files: readonly string[],
  { version, extraArgs, isOwn }: MetricsServer,
): string {
  const documents = files
    .flatMap((text) => parseAllDocuments(text) as readonly Document[])
    .filter(({ contents }) => isMap(contents));
  for (const document of documents) {
    document.setIn(['metadata', 'labels', LABEL], 'metrics-server');
    const kind = document.get('kind');
    if (kind === 'Service') document.setIn(['spec', 'selector', LABEL], 'metrics-server');
    if (kind === 'Deployment') finishDeployment(document, isOwn ? undefined : version, extraArgs);
  }
  return documents
    .map((document) => `---\n${document.toString({ lineWidth: 0, directives: false }).replace(/^---\n/, '')}`)
    .join('');
}

function finishDeployment(
  document: Document,
  version: string | undefined,
  extraArgs: readonly string[],
): void {
  document.setIn(['spec', 'selector', 'matchLabels', LABEL], 'metrics-server');
  document.setIn(['spec', 'template', 'metadata', 'labels', LABEL], 'metrics-server');
  const containers = document.getIn(['spec', 'template', 'spec', 'containers']);
  const container = isSeq(containers) ? containers.items[0] : undefined;
  if (!isMap(container)) throw new TypeError('the Deployment of metrics-server has no container');
  // A file of the operator's names the image that it is to be.
  if (version !== undefined)
    container.set('image', `registry.k8s.io/metrics-server/metrics-server:v${version}`);
  const args = container.get('args');
  const written = isSeq(args) ? (args.toJSON() as readonly string[]) : [];
  const missing = extraArgs.filter((flag) => !written.includes(flag));
  if (missing.length > 0) container.set('args', document.createNode([...written, ...missing]));
}
