import { text } from '#core/schema.ts';

import { defineAddon } from './addon.ts';
import { KUEUE_0_19_2 } from './files/kueue.ts';

const IMAGES = 'registry.k8s.io/kueue';
/** What the tree names in its place. */
const STAGED = 'us-central1-docker.pkg.dev/k8s-staging-images/kueue/kueue';

/**
 * Kueue as its release is made: kustomize's default of the project's tree, with the image of the release.
 *
 * @see https://github.com/kubernetes-sigs/kueue/blob/v0.19.2/Makefile (artifacts)
 */
export const kueue = defineAddon({
  name: 'kueue',
  summary: 'Kueue: quotas, and jobs that wait until there is room for the whole of them.',
  changes: '`imageRepository`',
  repository: 'kubernetes-sigs/kueue',
  releases: [{ version: '0.19.2', files: KUEUE_0_19_2 }],
  file: 'kueue.yaml',
  namespaces: ['kueue-system'],
  schema: {
    imageRepository: text('Where its image is.', {
      wanted: 'a registry and a path',
      pattern: '^[^\\s]+[^\\s/]$',
      default: IMAGES,
    }),
  },
  defaults: { imageRepository: IMAGES },
  kustomization: ({ version, settings: { imageRepository } }) => ({
    directory: 'config/default',
    images: { [STAGED]: `${imageRepository}/kueue:v${version}` },
  }),
  render: ([manifest = '']) => manifest,
});
