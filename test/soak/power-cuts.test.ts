import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { labUnavailable } from '../../scripts/lab/lab-unavailable.ts';
import { Cuts, INIT_CUTS, JOIN_CUTS } from '../lab/support/cuts.ts';
import { LabCluster } from '../lab/support/lab-cluster.ts';

const reason = labUnavailable();

describe.skipIf(reason !== undefined)(`power cuts${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let cluster: LabCluster;
  let cuts: Cuts;
  beforeAll(async () => {
    cluster = await LabCluster.start([{ name: 'cp1' }, { name: 'w1' }]);
    cuts = new Cuts(cluster);
    await cuts.leftByNextRun('--only', 'preflight,swap,kernel,runtime,kubernetes');
  });
  afterAll(() => cluster?.[Symbol.asyncDispose]());

  it.each(INIT_CUTS)('a control plane that loses its power %s s into its init comes up', async (afterS) => {
    await cuts.loseAll();
    const act = () => cuts.powerCycle('cp1');
    await cuts.applyAnd([{ host: 'cp1', verb: 'init', afterS, act }], '--limit', 'cp1');
    expect(await cuts.leftByNextRun('--limit', 'cp1')).toEqual([]);
  });

  it.each(JOIN_CUTS)('a worker that loses its power %s s into its join comes up', async (afterS) => {
    await cuts.loseWorkers('w1');
    await cuts.applyAnd([{ host: 'w1', verb: 'join', afterS, act: () => cuts.powerCycle('w1') }]);
    expect(await cuts.leftByNextRun()).toEqual([]);
  });

  it.each(JOIN_CUTS.slice(0, 3))(
    'a control plane that loses its power %s s into the join of a worker comes up',
    async (afterS) => {
      await cuts.loseWorkers('w1');
      await cuts.applyAnd([{ host: 'w1', verb: 'join', afterS, act: () => cuts.powerCycle('cp1') }]);
      expect(await cuts.leftByNextRun()).toEqual([]);
    },
  );
});
