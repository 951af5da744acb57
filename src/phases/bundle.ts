import type { Phase } from '#core/phase.ts';
import { bundledPackages } from '#resources/bundle/bundled-packages.ts';
import { noBundle } from '#resources/bundle/no-bundle.ts';

/** All that installs packages goes by it. */
export const bundle: Phase = {
  name: 'bundle',
  summary: 'packages out of a bundle, where the command names one',
  needs: () => ['proxy'],
  resources: ({ cluster, host }) => {
    if (cluster.leavesBundle === true) return [noBundle];
    return cluster.bundle === undefined ? [] : [bundledPackages(cluster.bundle, host.name)];
  },
};
