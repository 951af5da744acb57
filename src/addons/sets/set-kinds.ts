import type { AddonSet } from '#core/addon-set.ts';
import type { ArtifactRef } from '#core/artifact.ts';

import { chart } from './chart.ts';
import { known } from './known.ts';
import { kustomization } from './kustomization.ts';
import { manifests } from './manifests.ts';
import type { SetKind, SetObjects } from './set-kind.ts';

type Kind = AddonSet['kind'];
type SetOf<K extends Kind> = Extract<AddonSet, { readonly kind: K }>;

/** The table of kinds that a set of objects can be of. */
const SET_KINDS: { readonly [K in Kind]: SetKind<SetOf<K>> } = { known, manifests, kustomization, chart };

export const setArtifacts = <K extends Kind>(set: SetOf<K>): readonly ArtifactRef[] =>
  (SET_KINDS[set.kind] as SetKind<SetOf<K>>).artifacts(set);

export const setObjects = <K extends Kind>(
  set: SetOf<K>,
  artifacts: ReadonlyMap<string, string>,
): SetObjects => (SET_KINDS[set.kind] as SetKind<SetOf<K>>).objects(set, artifacts);
