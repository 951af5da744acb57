import { CLUSTER } from '#core/fact.ts';
import { deferred, type Deferred, type Outcome } from '#core/resource.ts';

import { type ApiNodes, type ApiSettings, isToBeMade } from './api.ts';

/**
 * What resources that need the API server answer while there is none.
 *
 * @param anew what it comes to on a cluster that is made by the same run; of any other nothing is forecast.
 */
export const waitsForApi = (what: string, api?: ApiNodes | ApiSettings, anew?: () => Outcome): Deferred =>
  deferred(
    { host: CLUSTER, phase: 'control-plane' },
    what,
    api !== undefined && isToBeMade(api) ? anew?.() : undefined,
  );
