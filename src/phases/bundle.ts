import type { Phase } from '#core/phase.ts';
import { bundledPackages } from '#resources/bundle/bundled-packages.ts';

/** All that installs packages goes by it. */
export const bundle: Phase = {
  name: 'bundle',
  summary: 'packages out of a bundle, where the command names one',
  needs: () => ['proxy'],
  resources: ({ cluster, host }) =>
    cluster.bundle === undefined ? [] : [bundledPackages(cluster.bundle, host.name)],
};
