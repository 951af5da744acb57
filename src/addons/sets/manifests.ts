import type { Manifests } from '#core/addon-set.ts';
import { pinnedArtifact } from '#core/artifact.ts';
import { SET_LABEL } from '#facts/owned-objects.ts';
import { labelManifest } from '#objects/label-manifest.ts';

import { type SetKind, UNPINNED } from './set-kind.ts';

/** Files of the operator's, or one that is pinned. */
export const manifests: SetKind<Manifests> = {
  artifacts: ({ location, sha256 }) => [
    sha256 === undefined
      ? { location, ...UNPINNED, from: 'manifests' }
      : pinnedArtifact({ location, sha256 }),
  ],
  objects: ({ name, location }, artifacts) => {
    const text = artifacts.get(location);
    return text && labelManifest(text, SET_LABEL, name);
  },
};
