import type { Lane } from '#core/resource.ts';

/** A host's package manager serves one at a time: who comes second would wait for its lock, or fail. */
export const PACKAGES_LANE: Lane = { name: 'packages', width: 1, scope: 'host' };
