import type { Queue } from '#core/fact.ts';

import { installedAhead } from './per-distribution.ts';

/**
 * What programs of the host find out that start slowly: those of the container runtime, and the package manager, which is asked
 * once what is installed.
 */
export const PROGRAMS: Queue = { name: 'programs', before: installedAhead };

/** What the API server makes of objects, which takes it longest. */
export const OBJECTS: Queue = { name: 'objects' };
