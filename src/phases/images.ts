import type { Phase } from '#core/phase.ts';
import { bundledImages } from '#resources/bundle/bundled-images.ts';

/** Before the kubelet starts any of them. */
export const images: Phase = {
  name: 'images',
  summary: 'images out of a bundle, where the command names one',
  // Which may both restart the runtime.
  needs: () => ['runtime', 'nvidia'],
  common: ({ cluster, host }) =>
    cluster.bundle === undefined ? [] : [bundledImages(cluster.bundle, host.role)],
};
