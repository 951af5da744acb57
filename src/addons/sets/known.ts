import { addonNamed } from '#addons/addons.ts';
import type { KnownAddon } from '#core/addon-set.ts';
import { pinnedArtifact } from '#core/artifact.ts';
import { SET_LABEL } from '#facts/owned-objects.ts';
import { labelManifest } from '#objects/label-manifest.ts';

import type { SetKind } from './set-kind.ts';

/** An addon of the table, made of its project's files or of one of the operator's. */
export const known: SetKind<KnownAddon> = {
  artifacts: ({ sources }) =>
    sources.map((source) => ({
      ...pinnedArtifact(source),
      // A file of the operator's is looked through as all others of his are.
      ...(source.location.startsWith('/') && { from: 'manifests' as const }),
    })),
  objects: (addon, artifacts) => {
    const files = addon.sources.flatMap(({ location }) => artifacts.get(location) ?? []);
    return files.length < addon.sources.length
      ? undefined
      : labelManifest(addonNamed(addon.name).render(files, addon), SET_LABEL, addon.name);
  },
};
