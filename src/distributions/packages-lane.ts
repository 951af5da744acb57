import type { Lane } from '#core/resource.ts';

/** A host's package manager does one thing at a time: a second one would wait for its lock, or fail. */
export const PACKAGES_LANE: Lane = { name: 'packages', width: 1, scope: 'host' };
