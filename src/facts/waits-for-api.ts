import { CLUSTER } from '#core/fact.ts';
import { deferred, type Deferred } from '#core/resource.ts';

/** What resources that need the API server answer while there is none. */
export const waitsForApi = (what: string): Deferred =>
  deferred({ host: CLUSTER, phase: 'control-plane' }, what);
