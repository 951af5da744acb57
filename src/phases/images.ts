import type { ClusterBundle, HostKind } from '#core/cluster.ts';
import { IMAGE_COPIER } from '#core/supplies.ts';
import type { Phase } from '#core/phase.ts';
import type { Resource } from '#core/resource.ts';
import { bundledImages } from '#resources/bundle/bundled-images.ts';
import { bundledDockerImages } from '#resources/bundle/docker-images.ts';
import { bundledStorageImages } from '#resources/bundle/storage-images.ts';
import { packageIndex } from '#resources/packages/package-index.ts';
import { packages } from '#resources/packages/packages.ts';

/** Before the kubelet starts any of them. */
export const images: Phase = {
  name: 'images',
  summary: 'images out of a bundle, where the command names one',
  // Which may both restart the runtime.
  needs: () => ['runtime', 'nvidia'],
  common: ({ cluster: { bundle }, host }) => (bundle === undefined ? [] : imagesOf(bundle, host)),
};

function imagesOf(bundle: ClusterBundle, { role, runtime: { type } }: HostKind): readonly Resource[] {
  if (type === 'containerd') return [bundledImages(bundle, role)];
  if (type === 'docker') return [bundledDockerImages(bundle, role)];
  return [
    packageIndex({ name: 'images', packages: [IMAGE_COPIER] }),
    packages({ name: 'images', packages: [IMAGE_COPIER], phase: 'images' }),
    bundledStorageImages(bundle, role),
  ];
}
