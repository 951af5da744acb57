import { printText } from '#core/packed-text.ts';
import { embed, lines, type Script, sh } from '#core/shell.ts';
import { SET_LABEL } from '#facts/owned-objects.ts';

/**
 * A kustomization that puts the label of a set on all that its resources are.
 *
 * @see https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/labels/ (kustomize 5.7)
 */
export const labelling = (set: string, ...resources: readonly string[]): string =>
  JSON.stringify({
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources,
    labels: [{ pairs: { [SET_LABEL]: set }, includeSelectors: false }],
    patches: [{ target: { group: 'batch', kind: 'Job' }, patch: JSON.stringify(LASTING_JOB) }],
  });

/** A Job that is deleted when it has ended, as hooks of charts are, would be missed by every plan. */
const LASTING_JOB = {
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'any' },
  spec: { ttlSecondsAfterFinished: null },
};

/** A program that writes files below the working directory. */
export function writeFiles(files: Readonly<Record<string, string>>): Script {
  const directories = [
    ...new Set(Object.keys(files).map((path) => path.slice(0, Math.max(path.lastIndexOf('/'), 0)) || '.')),
  ];
  return lines(
    sh`mkdir -p ${directories}`,
    ...Object.entries(files).map(([path, text]) => sh`${embed(printText(text))} >${path}`),
  );
}
