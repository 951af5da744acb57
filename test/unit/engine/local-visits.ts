import { Visits } from '#engine/visits.ts';
import { localTransport } from '#transport/local-transport.ts';
import { observer } from '#transport/observer.ts';

import { testHost } from '../../contracts/test-host.ts';

/** Visits to this machine, whatever host is named. */
export const localVisits = (): Visits =>
  new Visits({ connections: { lookable: () => localTransport().connect(testHost()) }, observe: observer });
