import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { labUnavailable } from '../../scripts/lab/lab-unavailable.ts';
import { Cuts, INIT_CUTS, JOIN_CUTS } from '../lab/support/cuts.ts';
import { LabCluster, type Outcome } from '../lab/support/lab-cluster.ts';

/** One for each second of a join, so that they are cut off together. */
const WORKERS = JOIN_CUTS.map((_, index) => `w${index + 1}`);
const SHORT_S = 4;
/** More than SSH waits for a host that is silent, which is a minute at most; and that it is seen again. */
const LONG_S = 70;

const reason = labUnavailable();

describe.skipIf(reason !== undefined)(`network cuts${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let cluster: LabCluster;
  let cuts: Cuts;
  beforeAll(async () => {
    cluster = await LabCluster.start(['cp1', ...WORKERS].map((name) => ({ name })));
    cuts = new Cuts(cluster);
    await cuts.leftByNextRun('--only', 'preflight,swap,kernel,runtime,kubernetes');
  });
  afterAll(() => cluster?.[Symbol.asyncDispose]());

  it.each(INIT_CUTS)('a control plane whose cable is pulled %s s into its init comes up', async (afterS) => {
    await cuts.loseAll();
    const act = () => cuts.unplug('cp1', SHORT_S);
    const { code, stdout, stderr } = await cuts.applyAnd(
      [{ host: 'cp1', verb: 'init', afterS, act }],
      '--limit',
      'cp1',
    );
    expect(code, `${stdout}\n${stderr}`).toBe(0);
    expect(await cuts.leftByNextRun('--limit', 'cp1')).toEqual([]);
  });

  it.each(INIT_CUTS)(
    'a control plane that is gone for longer than SSH waits, %s s into its init, is named and comes up',
    async (afterS) => {
      await cuts.loseAll();
      const act = () => cuts.unplug('cp1', LONG_S);
      const outcome = await cuts.applyAnd([{ host: 'cp1', verb: 'init', afterS, act }], '--limit', 'cp1');
      expect(isTold(outcome, 'cp1'), `${outcome.stdout}\n${outcome.stderr}`).toBe(true);
      expect(await cuts.leftByNextRun('--limit', 'cp1')).toEqual([]);
    },
  );

  it.each([
    [SHORT_S, []],
    [LONG_S, WORKERS],
  ])('workers that are gone for %s s at each second of a join come up', async (forS, told) => {
    await cuts.loseWorkers(...WORKERS);
    const outcome = await cuts.applyAnd(
      WORKERS.map((host, index) => ({
        host,
        verb: 'join',
        afterS: JOIN_CUTS[index] ?? 0,
        act: () => cuts.unplug(host, forS),
      })),
    );
    expect(WORKERS.filter((host) => isTold(outcome, host))).toEqual(told);
    expect(await cuts.leftByNextRun()).toEqual([]);
  });

  it.each([
    [SHORT_S, false],
    [LONG_S, true],
  ])('a control plane that is gone for %s s while workers join comes up', async (forS, told) => {
    await cuts.loseWorkers(...WORKERS);
    const outcome = await cuts.applyAnd([
      { host: 'w1', verb: 'join', afterS: 0.3, act: () => cuts.unplug('cp1', forS) },
    ]);
    expect(isTold(outcome, 'cp1'), `${outcome.stdout}\n${outcome.stderr}`).toBe(told);
    expect(await cuts.leftByNextRun()).toEqual([]);
  });
});

/** Whether a run says that it lost its way to a host. */
const isTold = ({ stdout, stderr }: Outcome, host: string): boolean =>
  new RegExp(`the connection to ${host} was lost|cannot connect to ${host} `).test(
    `${stdout}\n${stderr}`.replaceAll(/\s+/g, ' '),
  );
