import { describe, expect, it } from 'vitest';

import type { NodeResult } from '#core/event.ts';
import type { GraphNode } from '#core/graph.ts';
import type { Json } from '#core/json.ts';
import { change, deferred, none, type Outcome, type Resource, resource } from '#core/resource.ts';
import { sh } from '#core/shell.ts';
import type { Step } from '#core/step.ts';
import { perform, type PerformContext } from '#engine/perform.ts';
import { SharedLooks } from '#engine/shared-looks.ts';
import { takeSteps } from '#engine/take-steps.ts';

import { graphNode } from '../../support/graph-node.ts';
import { given, givenObserver } from './given-answers.ts';
import { localVisits } from './local-visits.ts';

/** What is on the host: what was kept, and whether the daemon is well. */
interface Situation {
  readonly kept: readonly Json[];
  readonly well: readonly Json[];
}

const recovery: Resource = resource({
  address: 'former-files:it',
  facts: { kept: given('kept'), well: given('well') },
  settle: { timeoutMs: 50, pauseMs: 5 },
  diff: ({ kept, well }) => {
    if (kept === true)
      return change(
        [{ what: '/etc/it.conf', from: 'new', to: 'old' }],
        [{ do: 'run', summary: 'put it back', script: sh`:` }],
      );
    return well === true ? none('it is well on it') : change([{ what: 'it', from: 'dead', to: 'well' }]);
  },
});

const failing: Resource = {
  ...resource({
    address: 'unit:it',
    facts: {},
    diff: () => FAILS,
  }),
  daemon: { name: 'it', recovery },
};
const FAILS = change(
  [{ what: 'it', from: 'old', to: 'new' }],
  [{ do: 'run', summary: 'restart it', script: sh`echo 'it dies of this' >&2; exit 1` }],
);

/** Answers in their order; the last one stays. */
async function failed(
  { kept, well }: Situation,
  signal = new AbortController().signal,
  planned: Outcome = FAILS,
): Promise<NodeResult> {
  const left: Record<string, Json[]> = { kept: [...kept], well: [...well] };
  const { observerOf } = givenObserver((_, question) => {
    const answers = left[JSON.parse(question) as string] ?? [];
    return (answers.length > 1 ? answers.shift() : answers[0]) ?? null;
  });
  const node = graphNode(failing, { host: 'w1', phase: 'p' });
  const shared = new SharedLooks(observerOf);
  const context: PerformContext = {
    observerOf,
    looks: shared,
    lookNow: (asking: GraphNode) => shared.ask(asking),
    take: (steps: readonly Step[]) => takeSteps(node, steps, context),
    inPlace: (work: () => Promise<unknown>) => work(),
    visits: localVisits(),
    listener: () => undefined,
    signal,
    ignoredChecks: [],
    clusterHost: 'cp1',
    vault: { get: () => undefined },
  } as unknown as PerformContext;
  return perform(node, planned, context);
}

describe('a daemon that fails after a change', () => {
  it('is left alone where a run stops before it, as something else would be done than the plan said', async () => {
    const situation = { kept: [true, false], well: [false, true] };
    const planned = deferred({ host: 'w1', phase: 'p' }, 'why', none('it goes on'));
    expect(await failed(situation, undefined, planned)).toMatchObject({
      failure: { message: 'not as the plan said: it would also: restart it' },
    });
    expect(await failed(situation, undefined, planned)).not.toHaveProperty('failure.recovery');
  });

  it('gets back what it had, and the failure says both', async () => {
    expect(await failed({ kept: [true, false], well: [false, true] })).toMatchObject({
      result: 'failed',
      failure: {
        message: 'restart it: exit code 1',
        output: 'it dies of this',
        recovery: '/etc/it.conf is as before again, and it is well on it',
      },
    });
  });

  it('of which nothing was kept is left as it is', async () => {
    const result = await failed({ kept: [false], well: [false] });
    expect(result).toMatchObject({ failure: { message: 'restart it: exit code 1' } });
    expect(result).not.toHaveProperty('failure.recovery');
  });

  it('that is not well on what it had either is said to be so', async () => {
    expect(await failed({ kept: [true, false], well: [false] })).toMatchObject({
      failure: {
        message: 'restart it: exit code 1',
        recovery: expect.stringMatching(
          /^what it had before did not help: .*it is dead, wanted well/,
        ) as string,
      },
    });
  });

  it('is left to the next run where this one is interrupted', async () => {
    const result = await failed({ kept: [true], well: [false] }, AbortSignal.abort());
    expect(result).not.toHaveProperty('failure.recovery');
  });
});
