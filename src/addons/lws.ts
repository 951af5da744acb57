import { text } from '#core/schema.ts';

import { defineAddon } from './addon.ts';
import { LWS_0_10_0 } from './files/lws.ts';

const IMAGES = 'registry.k8s.io/lws';
/** What the tree names in its place. */
const STAGED = 'us-central1-docker.pkg.dev/k8s-staging-images/lws/lws';

/**
 * LeaderWorkerSet as its release is made: kustomize's default of the project's tree, with the image of the release.
 *
 * @see https://github.com/kubernetes-sigs/lws/blob/v0.10.0/Makefile (artifacts)
 */
export const lws = defineAddon({
  name: 'lws',
  summary:
    'LeaderWorkerSet: pods on several hosts that are one replica, as of a model that one host cannot hold.',
  changes: '`imageRepository`',
  repository: 'kubernetes-sigs/lws',
  releases: [{ version: '0.10.0', files: LWS_0_10_0 }],
  file: 'lws.yaml',
  namespaces: ['lws-system'],
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
    images: { [STAGED]: `${imageRepository}/lws:v${version}` },
  }),
  render: ([manifest = '']) => manifest,
});
