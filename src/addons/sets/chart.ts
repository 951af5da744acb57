import type { Chart } from '#core/addon-set.ts';
import { command, embed, lines, sh } from '#core/shell.ts';
import type { Rendering } from '#facts/rendered-objects.ts';
import { imagesIn } from '#objects/images.ts';

import { labelling, writeFiles } from './labelling.ts';
import { type SetKind, UNPINNED } from './set-kind.ts';

/** A Helm chart, rendered where slipway runs or on a control plane. */
export const chart: SetKind<Chart> = {
  artifacts: (set) =>
    set.runsOn === 'control-plane'
      ? []
      : [
          {
            location: locationOf(set),
            ...UNPINNED,
            from: {
              argv: helmTemplate(set, '-'),
              stdin: JSON.stringify(set.values),
              hint: 'install helm (https://helm.sh/docs/intro/install/), or set runsOn: control-plane where the control plane has it',
            },
          },
        ],
  objects: (set, artifacts) => {
    const text = artifacts.get(locationOf(set));
    if (set.runsOn === 'control-plane') return renderedThere(set);
    return text === undefined ? undefined : renderedHere(set, text);
  },
};

const locationOf = ({ name }: Chart): string => `chart ${name}`;

const renderedThere = (set: Chart): Rendering => ({
  name: set.name,
  unpack: writeFiles({ 'values.yaml': JSON.stringify(set.values), ...labelled(set) }),
  render: lines(
    sh`set -e`,
    sh`HOME="$PWD/home" ${embed(command(...helmTemplate(set, 'values.yaml')))} >set/chart.yaml`,
    command('kubectl', 'kustomize', 'set'),
  ),
  program: 'helm',
  namespace: set.namespace,
});

const renderedHere = (set: Chart, text: string): Rendering => ({
  name: set.name,
  images: () => imagesIn(text),
  unpack: writeFiles({ 'set/chart.yaml': text, ...labelled(set) }),
  render: command('kubectl', 'kustomize', 'set'),
  namespace: set.namespace,
});

const labelled = (set: Chart): Readonly<Record<string, string>> => ({
  'set/namespace.yaml': namespaceOf(set),
  'set/kustomization.yaml': labelling(set.name, 'namespace.yaml', 'chart.yaml'),
});

/**
 * helm as a renderer: no release is kept in the cluster, and hooks are objects like others. Test hooks are
 * left out. Not told otherwise, helm takes some version of its own for the cluster's.
 *
 * @see https://helm.sh/docs/helm/helm_template/ (v3.18)
 */
const helmTemplate = (
  { name, chart: source, repository, version, namespace, kubernetesVersion }: Chart,
  values: string,
): readonly [string, ...string[]] => [
  'helm',
  'template',
  name,
  source,
  ...(repository === undefined ? [] : ['--repo', repository]),
  ...(version === undefined ? [] : ['--version', version]),
  '--namespace',
  namespace,
  '--kube-version',
  kubernetesVersion,
  '--include-crds',
  '--skip-tests',
  '--values',
  values,
];

/** Namespaces that are there anyway are not ours to label. */
const namespaceOf = ({ namespace }: Chart): string =>
  namespace === 'default' || namespace.startsWith('kube-')
    ? ''
    : JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
