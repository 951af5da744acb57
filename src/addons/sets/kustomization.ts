import type { Kustomization } from '#core/addon-set.ts';
import type { FileTree } from '#core/artifact.ts';
import { command } from '#core/shell.ts';
import { imagesIn } from '#objects/images.ts';

import { labelling, writeFiles } from './labelling.ts';
import { type SetKind, UNPINNED } from './set-kind.ts';

/** A kustomization, built by kubectl, with the label of its set on all that comes of it. */
export const kustomization: SetKind<Kustomization> = {
  artifacts: ({ directory }) => [{ location: directory, ...UNPINNED, from: 'kustomization' }],
  objects: ({ name, directory }, artifacts) => {
    const text = artifacts.get(directory);
    if (text === undefined) return undefined;
    const { start, files } = JSON.parse(text) as FileTree;
    return {
      name,
      unpack: writeFiles({
        ...Object.fromEntries(Object.entries(files).map(([path, content]) => [`tree/${path}`, content])),
        'set/kustomization.yaml': labelling(name, start === '' ? '../tree' : `../tree/${start}`),
      }),
      render: command('kubectl', 'kustomize', 'set'),
      images: () => imagesIn(Object.values(files).join('\n---\n')),
    };
  },
};
