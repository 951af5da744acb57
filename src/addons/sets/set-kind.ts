import type { AddonSet } from '#core/addon-set.ts';
import type { ArtifactRef } from '#core/artifact.ts';
import type { Rendering } from '#facts/rendered-objects.ts';

/** How objects of one kind come to be. */
export interface SetKind<Set extends AddonSet> {
  /** Files that the controller fetches or makes for it. */
  readonly artifacts: (set: Set) => readonly ArtifactRef[];
  readonly objects: (set: Set, artifacts: ReadonlyMap<string, string>) => SetObjects;
}

/** Objects as text, or how a control plane renders them; undefined where their files are not at hand. */
export type SetObjects = string | Rendering | undefined;

/** Of the operator's own making, at whatever state it is. */
export const UNPINNED = { pin: 'none', faultIn: () => undefined } as const;
