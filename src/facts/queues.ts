import type { Queue } from '#core/fact.ts';

/** What the container runtime answers. */
export const RUNTIME: Queue = { name: 'runtime' };

/** What the API server makes of objects, which takes it longest. */
export const OBJECTS: Queue = { name: 'objects' };

/** What the package manager finds in its lists. */
export const PACKAGES: Queue = { name: 'packages' };
