import { addonNamed } from '#addons/addons.ts';
import type { KnownAddon } from '#core/addon-set.ts';
import { pinnedArtifact } from '#core/artifact.ts';
import { command } from '#core/shell.ts';
import { SET_LABEL } from '#facts/owned-objects.ts';
import { labelManifest } from '#objects/label-manifest.ts';

import { labelling, writeFiles } from './labelling.ts';
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
    if (files.length < addon.sources.length) return undefined;
    const { kustomization, paths, render } = addonNamed(addon.name);
    if (kustomization === undefined || addon.isOwn)
      return labelManifest(render(files, addon), SET_LABEL, addon.name);
    const tree = paths(addon.version ?? '').map(
      (path, index) => [`tree/${path}`, files[index] ?? ''] as const,
    );
    const { directory, images } = kustomization(addon);
    return {
      name: addon.name,
      unpack: writeFiles({
        ...Object.fromEntries(tree),
        'release/kustomization.yaml': releasing(`../tree/${directory}`, images),
        'set/kustomization.yaml': labelling(addon.name, '../release'),
      }),
      render: command('kubectl', 'kustomize', 'set'),
      images: () => Object.values(images),
    };
  },
};

/**
 * A kustomization with other images.
 *
 * @see https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/images/ (kustomize 5.7)
 */
const releasing = (resource: string, images: Readonly<Record<string, string>>): string =>
  JSON.stringify({
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: [resource],
    images: Object.entries(images).map(([name, image]) => {
      const [, newName, newTag] = /^(.*):([^:/]+)$/.exec(image) ?? [];
      return { name, newName, newTag };
    }),
  });
