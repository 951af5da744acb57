import { addonNamed } from '#addons/addons.ts';
import type { SetObjects } from '#addons/sets/set-kind.ts';
import { setArtifacts, setObjects } from '#addons/sets/set-kinds.ts';
import type { AddonSet } from '#core/addon-set.ts';
import type { Cluster } from '#core/cluster.ts';
import type { Phase } from '#core/phase.ts';
import type { Resource } from '#core/resource.ts';
import { DEVICE_PLUGIN_SETS } from '#facts/device-plugins.ts';
import { renderedObjects } from '#facts/rendered-objects.ts';
import { BGP_SET, keptPeers } from '#objects/calico-settings.ts';
import { RUNTIME_CLASS_SET, runtimeClasses } from '#objects/runtime-classes.ts';
import { manifest, renderedManifest } from '#resources/cluster/manifest.ts';
import { prunedObjects, type SetContent } from '#resources/cluster/pruned-objects.ts';
import { rolledOut } from '#resources/cluster/rolled-out.ts';

/** What runs on the cluster beside what makes it one. */
export const addons: Phase = {
  name: 'addons',
  summary:
    'addons, manifests and charts of the inventory; objects of ours that none of them has, where asked',
  needs: () => ['control-plane', 'network'],
  forCluster: ({ cluster, artifacts }) => {
    const { sets, isPruning } = cluster.addons;
    const classes = runtimeClasses(cluster);
    const made = sets.map((set) => ({ set, objects: setObjects(set, artifacts) }));
    return [
      ...made.map(({ set, objects }) => appliedSet(nameOf(set), set, objects)),
      ...(isPruning
        ? [
            prunedObjects(
              Object.fromEntries([
                // Phase gpu sees to those itself.
                ...Object.values(DEVICE_PLUGIN_SETS).map((name) => [name, undefined] as const),
                [BGP_SET, keptPeers(cluster)] as const,
                ...(classes === '' ? [] : [[RUNTIME_CLASS_SET, classes] as const]),
                ...made.map(({ set, objects }) => [set.name, contentOf(objects)] as const),
              ]),
            ),
          ]
        : []),
    ];
  },
  artifacts: ({ addons: { sets } }) => sets.flatMap(setArtifacts),
};

/** Objects of a set, applied, and its pods rolled out. */
export function appliedSet(name: string, set: AddonSet, objects: SetObjects): Resource {
  const applied =
    typeof objects === 'object'
      ? renderedManifest({ ...objects, name }, set.name)
      : manifest({ name, content: objects, set: set.name });
  return rolledOut(applied, { of: set.name, timeoutSeconds: set.timeoutSeconds });
}

/** Namespaces of the addons slipway knows, which a look at the system's pods takes in. */
export const addonNamespaces = ({ addons: { sets } }: Cluster): readonly string[] =>
  sets.flatMap((set) => (set.kind === 'known' ? addonNamed(set.name).namespaces : []));

const contentOf = (objects: SetObjects): SetContent =>
  typeof objects === 'object' ? renderedObjects(objects) : objects;

const nameOf = (set: AddonSet): string =>
  'version' in set && set.version !== undefined ? `${set.name} v${set.version.replace(/^v/, '')}` : set.name;
