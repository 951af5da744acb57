import type { Chart, Kustomization } from '#core/addons.ts';
import type { FileTree } from '#core/artifact.ts';
import { printText } from '#core/packed-text.ts';
import { refused, resource, type Resource } from '#core/resource.ts';
import { command, embed, lines, type Script, sh } from '#core/shell.ts';
import type { Step } from '#core/step.ts';
import { apiState } from '#facts/api.ts';
import { SET_LABEL } from '#facts/owned-objects.ts';
import { applyRendered, type Rendering, renderedDiff } from '#facts/rendered-objects.ts';
import { waitsForApi } from '#facts/waits-for-api.ts';

import { manifestOutcome, ROLLOUT_SETTLE_MS, rolloutFacts, waitSteps } from './manifest-outcome.ts';
import type { SetRollout } from './set-rollout.ts';

/** Objects that the first control plane renders from files sent to it, applied as all others are. */
export function renderedManifest(rendering: Rendering, rollout?: SetRollout): Resource {
  const { name } = rendering;
  const step: Step = {
    do: 'run',
    summary: `render and apply ${name}`,
    script: applyRendered(rendering),
    // As input, since it may be longer than an argument can be.
    stdin: rendering.unpack,
    timeoutMs: 300_000,
    retry: {
      when: 'forbidden|no matches for kind|connection refused|etcdserver|InternalError|ServiceUnavailable|TLS handshake timeout',
      attempts: 5,
      pauseMs: 2000,
    },
  };
  const steps = [step, ...waitSteps(rollout)];
  return resource({
    address: `manifest:${name}`,
    facts: { api: apiState, diff: renderedDiff(rendering), ...rolloutFacts(rollout) },
    ...(rollout !== undefined && { settle: { timeoutMs: ROLLOUT_SETTLE_MS } }),
    diff: ({ api, diff, unready }) => {
      if (api.state !== 'ready') return waitsForApi(`the API server, to compare ${name} with`);
      switch (diff.state) {
        case 'no-cluster':
          return waitsForApi(`the API server, to compare ${name} with`);
        case 'no-program':
          return refused(
            'AddonProgram',
            `${name} needs the program ${rendering.program ?? 'kubectl'}, and the control plane has none`,
            'install it there, or set runsOn: controller and have it where slipway runs',
          );
        case 'not-rendered':
          return refused(
            'AddonRender',
            `${name} cannot be rendered: ${diff.why}`,
            'try it by hand on the control plane',
          );
        default:
          return manifestOutcome({ name, diff, unready, steps, rollout });
      }
    },
  });
}

/** A kustomization, built by kubectl, with the label of its set on all that comes of it. */
export const kustomizationRendering = ({ name }: Kustomization, { start, files }: FileTree): Rendering => ({
  name,
  unpack: writeFiles({
    ...Object.fromEntries(Object.entries(files).map(([path, text]) => [`tree/${path}`, text])),
    'set/kustomization.yaml': wrapper(name, start === '' ? '../tree' : `../tree/${start}`),
  }),
  render: command('kubectl', 'kustomize', 'set'),
});

/** A chart that helm renders on the control plane. */
export const chartRendering = (chart: Chart): Rendering => ({
  name: chart.name,
  unpack: writeFiles({
    'values.yaml': JSON.stringify(chart.values),
    'set/namespace.yaml': namespaceOf(chart),
    'set/kustomization.yaml': wrapper(chart.name, 'namespace.yaml', 'chart.yaml'),
  }),
  render: lines(
    sh`set -e`,
    sh`HOME="$PWD/home" ${embed(command(...helmTemplate(chart, 'values.yaml')))} >set/chart.yaml`,
    command('kubectl', 'kustomize', 'set'),
  ),
  program: 'helm',
  namespace: chart.namespace,
});

/** A chart that was rendered by the controller. */
export const renderedChart = (chart: Chart, text: string): Rendering => ({
  name: chart.name,
  unpack: writeFiles({
    'set/chart.yaml': text,
    'set/namespace.yaml': namespaceOf(chart),
    'set/kustomization.yaml': wrapper(chart.name, 'namespace.yaml', 'chart.yaml'),
  }),
  render: command('kubectl', 'kustomize', 'set'),
  namespace: chart.namespace,
});

/**
 * helm as a renderer: no release is kept in the cluster, and hooks are objects like others. Test hooks are
 * left out. Not told otherwise, helm takes some version of its own for the cluster's.
 *
 * @see https://helm.sh/docs/helm/helm_template/ (v3.18)
 */
export const helmTemplate = (
  { name, chart, repository, version, namespace, kubernetesVersion }: Chart,
  values: string,
): readonly [string, ...string[]] => [
  'helm',
  'template',
  name,
  chart,
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

/** @see https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/labels/ (kustomize 5.7) */
const wrapper = (set: string, ...resources: readonly string[]): string =>
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

function writeFiles(files: Readonly<Record<string, string>>): Script {
  const directories = [
    ...new Set(Object.keys(files).map((path) => path.slice(0, Math.max(path.lastIndexOf('/'), 0)) || '.')),
  ];
  return lines(
    sh`mkdir -p ${directories}`,
    ...Object.entries(files).map(([path, text]) => sh`${embed(printText(text))} >${path}`),
  );
}
