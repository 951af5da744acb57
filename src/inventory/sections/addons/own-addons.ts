import type { Chart, Kustomization, Manifests } from '#core/addon-set.ts';
import {
  type Accepted,
  freeMap,
  map,
  oneOf,
  required,
  type Schema,
  sha256,
  text,
  textList,
  url,
  type ValidPart,
} from '#core/schema.ts';
import { type Finding, meaningless, type Path } from '#inventory/text/problem.ts';
import { type LocalFile, localFile } from '#inventory/values/local-file.ts';
import { localPath, type Places } from '#inventory/values/local-path.ts';

import { type AddonContext, timeout, TIMEOUT_SECONDS } from './known-addon.ts';

const addonName = (description: string): Schema<string> =>
  text(description, {
    wanted: 'lower-case letters, digits and -, at most 53 of them',
    pattern: '^[a-z0-9]([-a-z0-9]{0,51}[a-z0-9])?$',
  });

const after = textList('Names of other manifests and charts that are applied before it, pods and all.', {
  wanted: 'a list of names',
  item: 'a name',
  examples: [['cert-manager']],
});

/** Objects of the operator's own. */
export const manifestsSchema = map(
  {
    name: required(addonName('What the plan calls it, and a label on its objects says.')),
    path: text('A file, or a directory of *.yaml, *.yml and *.json files. Relative to the inventory.', {
      wanted: 'the path of a file or a directory',
      examples: ['manifests/extras'],
    }),
    url: url('Where the file is; it needs a sha256.'),
    sha256: sha256('The digest that the file of the url must have.'),
    kustomize: text(
      'A directory with a kustomization.yaml; kubectl builds it on the first control plane. Relative to the inventory.',
      { wanted: 'the path of a directory', examples: ['overlays/production'] },
    ),
    after,
    timeout,
  },
  'Objects of yours: one of path, url and kustomize.',
);

type ManifestsDocument = Accepted<typeof manifestsSchema>;

export function manifestsFindings(written: ManifestsDocument, path: Path): readonly Finding[] {
  const { path: file, url: location, sha256: digest, kustomize } = written;
  const sources = [file, location, kustomize].filter((source) => source !== undefined);
  if (sources.length !== 1) return [{ path, message: 'must have one of path, url and kustomize' }];
  if (location !== undefined && digest === undefined) {
    return [{ path: [...path, 'url'], message: 'needs a sha256 beside it: the file there may change' }];
  }
  return location === undefined && digest !== undefined
    ? [meaningless([...path, 'sha256'], 'without a url')]
    : [];
}

export const manifestsFiles = (
  { path: file, kustomize }: ValidPart<ManifestsDocument>,
  path: Path,
): readonly LocalFile[] => [
  ...localFile(file, [...path, 'path'], { wanted: 'file or directory' }),
  ...localFile(kustomize, [...path, 'kustomize'], { wanted: 'directory' }),
];

export function buildManifests(written: ManifestsDocument, places: Places): Manifests | Kustomization {
  const { name, path = '', url: location, sha256: digest, kustomize, timeout: seconds } = written;
  const applied = { name, timeoutSeconds: seconds ?? TIMEOUT_SECONDS };
  if (kustomize !== undefined)
    return { ...applied, kind: 'kustomization', directory: localPath(kustomize, places) };
  return {
    ...applied,
    kind: 'manifests',
    location: location ?? localPath(path, places),
    ...(location !== undefined && digest !== undefined && { sha256: digest.toLowerCase() }),
  };
}

const defaults = {
  namespace: 'default',
  timeout: TIMEOUT_SECONDS,
  values: {},
  runsOn: 'controller',
} as const;

/** A Helm chart of the operator's choice. */
export const chartSchema = map(
  {
    name: required(addonName('The release, and what the plan calls it.')),
    chart: required(
      text("The chart's name in its repository, an oci:// reference, or a path (./ or / in front).", {
        wanted: 'a chart',
        examples: ['traefik', 'oci://docker.io/envoyproxy/gateway-helm', './charts/mine'],
      }),
    ),
    repository: url('The URL of the repository, for a chart by its name.'),
    version: text('The version of the chart; a chart by its path needs none.', {
      wanted: 'a version such as 4.12.1',
      examples: ['4.12.1'],
    }),
    namespace: text('Where its objects go; it is made when it is not there.', {
      wanted: 'the name of a namespace',
      pattern: '^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$',
      default: defaults.namespace,
    }),
    after,
    timeout,
    values: freeMap('Values, over those of the chart.'),
    runsOn: oneOf(
      ['controller', 'control-plane'],
      'Where helm runs: where slipway does, or on the first control plane. It must be there.',
      { default: defaults.runsOn },
    ),
  },
  'A Helm chart, rendered by helm template and applied as all other objects are.',
);

type ChartDocument = Accepted<typeof chartSchema>;

export function chartFindings(
  { chart, repository, version, runsOn }: ChartDocument,
  path: Path,
): readonly Finding[] {
  const isPath = isChartPath(chart);
  const isReference = chart.startsWith('oci://');
  if (repository === undefined && !isPath && !isReference) {
    const message = 'needs a repository: its chart is neither a path (./ in front) nor an oci:// reference';
    return [{ path, message }];
  }
  if (repository !== undefined && (isPath || isReference)) {
    const message = '"repository" is for a chart by its name';
    return [{ path: [...path, 'repository'], isKey: true, message }];
  }
  if (version === undefined && !isPath) {
    return [{ path, message: 'needs a version: without one helm takes whatever is the newest' }];
  }
  return isPath && runsOn === 'control-plane'
    ? [{ path: [...path, 'runsOn'], message: 'must be controller for a chart on this machine' }]
    : [];
}

export const chartFiles = ({ chart }: ValidPart<ChartDocument>, path: Path): readonly LocalFile[] =>
  chart !== undefined && isChartPath(chart)
    ? localFile(chart, [...path, 'chart'], { wanted: 'file or directory' })
    : [];

export function buildChart(written: ChartDocument, { kubernetes, places }: AddonContext): Chart {
  const { after: _after, timeout: timeoutSeconds, chart, ...settings } = { ...defaults, ...written };
  return {
    ...settings,
    kind: 'chart',
    chart: isChartPath(chart) ? localPath(chart, places) : chart,
    kubernetesVersion: kubernetes.version,
    timeoutSeconds,
  };
}

/** A chart on disk, as helm tells one from a name: by its first character. */
const isChartPath = (chart: string): boolean => /^(\.{0,2}\/|~\/|\.)/.test(chart);

interface Entry {
  readonly name: string;
  readonly after?: readonly string[];
}

/**
 * Entries in their order, but each behind all it names: always the first that waits for nothing any more. Those that
 * wait for each other are left out, as stuck.
 */
export function addonOrder<E extends Entry>(
  entries: readonly E[],
): { readonly ordered: readonly E[]; readonly stuck: readonly E[] } {
  const names = new Set(entries.map(({ name }) => name));
  const missing = entries.map((entry) => new Set(entry.after?.filter((name) => names.has(name))));
  const waiting = new Map<string, number[]>();
  for (const [index, wanted] of missing.entries())
    for (const name of wanted) waiting.set(name, [...(waiting.get(name) ?? []), index]);

  const ready = missing.flatMap(({ size }, index) => (size === 0 ? [index] : []));
  const ordered: E[] = [];
  for (let next = ready.shift(); next !== undefined; next = ready.shift()) {
    const entry = entries[next]!;
    ordered.push(entry);
    for (const index of waiting.get(entry.name) ?? []) {
      missing[index]!.delete(entry.name);
      if (missing[index]!.size > 0) continue;
      const place = ready.findIndex((other) => other > index);
      ready.splice(place === -1 ? ready.length : place, 0, index);
    }
    waiting.delete(entry.name);
  }
  const done = new Set(ordered);
  return { ordered, stuck: entries.filter((entry) => !done.has(entry)) };
}
