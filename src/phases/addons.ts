import { renderLocalPath } from '#addons/local-path-provisioner.ts';
import { renderMetricsServer } from '#addons/metrics-server.ts';
import { renderSchedulerPlugins, SCHEDULER_NAMESPACE } from '#addons/scheduler-plugins.ts';
import { renderVolcano } from '#addons/volcano.ts';
import type { Chart, AddonSet } from '#core/addons.ts';
import { type ArtifactRef, type FileTree, pinnedArtifact } from '#core/artifact.ts';
import type { Cluster } from '#core/cluster.ts';
import type { Phase, PhaseContext } from '#core/phase.ts';
import type { Resource } from '#core/resource.ts';
import { DEVICE_PLUGIN_SETS } from '#facts/device-plugins.ts';
import { SET_LABEL } from '#facts/owned-objects.ts';
import { type Rendering, renderedObjects } from '#facts/rendered-objects.ts';
import { labelManifest } from '#objects/label-manifest.ts';
import { manifest } from '#resources/cluster/manifest.ts';
import { prunedObjects, type SetContent } from '#resources/cluster/pruned-objects.ts';
import {
  chartRendering,
  helmTemplate,
  kustomizationRendering,
  renderedChart,
  renderedManifest,
} from '#resources/cluster/rendered-manifest.ts';

/** What runs on the cluster beside what makes it one. */
export const addons: Phase = {
  name: 'addons',
  summary:
    'addons, manifests and charts of the inventory; objects of ours that none of them has, where asked',
  needs: () => ['control-plane', 'network'],
  forCluster: ({ cluster, artifacts }) => {
    const { sets, isPruning } = cluster.addons;
    const parts = sets.map((set) => ({ set, part: partOf(set, artifacts) }));
    return [
      ...parts.map(({ set, part }) => resourceOf(set, part)),
      ...(isPruning
        ? [
            prunedObjects(
              Object.fromEntries([
                // Phase gpu sees to those itself.
                ...Object.values(DEVICE_PLUGIN_SETS).map((name) => [name, undefined] as const),
                ...parts.map(({ set, part }) => [set.name, contentOf(part)] as const),
              ]),
            ),
          ]
        : []),
    ];
  },
  artifacts: ({ addons: { sets } }) => sets.flatMap(artifactsOf),
};

/** Namespaces of the addons slipway knows, which a look at the system's pods takes in. */
export const addonNamespaces = ({ addons: { sets } }: Cluster): readonly string[] =>
  sets.flatMap(({ name }) => NAMESPACES[name] ?? []);

const NAMESPACES: Readonly<Record<string, readonly string[]>> = {
  volcano: ['volcano-system'],
  'scheduler-plugins': [SCHEDULER_NAMESPACE],
  'local-path-provisioner': ['local-path-storage'],
};

/** The objects as text, or how a control plane comes by them; undefined where they are not at hand. */
type Part = string | Rendering | undefined;

function resourceOf(set: AddonSet, part: Part): Resource {
  const name = nameOf(set);
  const rollout = { set: set.name, timeoutSeconds: set.timeoutSeconds };
  if (typeof part === 'object') return renderedManifest({ ...part, name }, rollout);
  return manifest({ name, content: part, rollout });
}

const contentOf = (part: Part): SetContent => (typeof part === 'object' ? renderedObjects(part) : part);

const nameOf = (set: AddonSet): string =>
  'version' in set && set.version !== undefined ? `${set.name} v${set.version}` : set.name;

function partOf(set: AddonSet, artifacts: PhaseContext['artifacts']): Part {
  if ('sources' in set) {
    const files = set.sources.map(({ location }) => artifacts.get(location));
    const known = files.filter((text) => text !== undefined);
    return known.length < files.length ? undefined : labelled(set, renderKnown(set, known));
  }
  if (set.kind === 'chart' && set.runsOn === 'control-plane') return chartRendering(set);
  const text = artifacts.get(locationOf(set));
  if (text === undefined) return undefined;
  if (set.kind === 'manifests') return labelled(set, text);
  if (set.kind === 'chart') return renderedChart(set, text);
  return kustomizationRendering(set, JSON.parse(text) as FileTree);
}

const labelled = ({ name }: AddonSet, text: string): string => labelManifest(text, SET_LABEL, name);

function renderKnown(set: Extract<AddonSet, { sources: unknown }>, files: readonly string[]): string {
  const [file = ''] = files;
  switch (set.name) {
    case 'metrics-server':
      return renderMetricsServer(files, set);
    case 'volcano':
      return renderVolcano(file, set);
    case 'scheduler-plugins':
      return renderSchedulerPlugins(files, set);
    default:
      return renderLocalPath(file, set);
  }
}

function artifactsOf(set: AddonSet): readonly ArtifactRef[] {
  if ('sources' in set) {
    return set.sources.map((source) => ({
      ...pinnedArtifact(source),
      // A file of the operator's is looked through as all others of his are.
      ...(source.location.startsWith('/') && { from: 'manifests' as const }),
    }));
  }
  const location = locationOf(set);
  if (set.kind === 'manifests') {
    return [
      set.sha256 === undefined
        ? { location, ...unpinned, from: 'manifests' }
        : pinnedArtifact({ location, sha256: set.sha256 }),
    ];
  }
  if (set.kind === 'kustomization') return [{ location, ...unpinned, from: 'kustomization' }];
  return set.runsOn === 'control-plane' ? [] : [chartArtifact(set)];
}

function locationOf(set: Extract<AddonSet, { kind: string }>): string {
  if (set.kind === 'manifests') return set.location;
  return set.kind === 'chart' ? `chart ${set.name}` : set.directory;
}

/** A chart, rendered where slipway runs. */
export const chartArtifact = (set: Chart): ArtifactRef => ({
  location: locationOf(set),
  ...unpinned,
  from: {
    argv: helmTemplate(set, '-'),
    stdin: JSON.stringify(set.values),
    hint: 'install helm (https://helm.sh/docs/intro/install/), or set runsOn: control-plane where the control plane has it',
  },
});

/** Of the operator's own making, at whatever state it is. */
const unpinned = { pin: 'none', verify: () => undefined } as const;
