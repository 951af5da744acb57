import type { Queue } from '#core/fact.ts';

/** What programs of the host find out that start slowly: those of the container runtime, and the package manager. */
export const PROGRAMS: Queue = { name: 'programs' };

/** What the API server makes of objects, which takes it longest. */
export const OBJECTS: Queue = { name: 'objects' };
