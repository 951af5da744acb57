import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { labUnavailable } from '../../scripts/lab/lab-unavailable.ts';
import { LabCluster } from '../lab/support/lab-cluster.ts';
import { applied, faultsOfMending, SIBLINGS } from '../lab/support/lost-parts.ts';

const reason = labUnavailable();

describe.skipIf(reason !== undefined)(
  `a cluster that lost a part${reason ? ` (skipped: ${reason})` : ''}`,
  () => {
    let cluster: LabCluster;
    beforeAll(async () => {
      cluster = await LabCluster.start([{ name: 'cp1' }, { name: 'w1' }]);
      await applied(cluster);
    });
    afterAll(() => cluster?.[Symbol.asyncDispose]());

    it.each(SIBLINGS)(
      'on %s gets %s back by the smallest means, and nothing else moves: %s',
      async (...loss) => {
        expect(await faultsOfMending(cluster, loss)).toEqual([]);
      },
    );
  },
);
