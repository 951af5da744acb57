import { describe, expect, it } from 'vitest';

import type { NodeResult, RunEvent } from '#core/event.ts';
import { at, type Fact } from '#core/fact.ts';
import type { GraphNode } from '#core/graph.ts';
import type { Json } from '#core/json.ts';
import {
  change,
  deferred,
  none,
  type Outcome,
  refused,
  resource,
  type Resource,
  type Settle,
} from '#core/resource.ts';
import { sh } from '#core/shell.ts';
import type { Step } from '#core/step.ts';
import { unknown } from '#core/unknown.ts';
import { perform, type PerformContext } from '#engine/perform.ts';
import { SharedLooks } from '#engine/shared-looks.ts';

import { takeSteps } from '#engine/take-steps.ts';

import { graphNode } from '../../support/graph-node.ts';
import { given, givenObserver } from './given-answers.ts';
import { localVisits } from './local-visits.ts';

interface Performed {
  readonly result: NodeResult;
  readonly events: readonly RunEvent[];
  readonly looks: readonly string[];
  readonly questions: readonly string[];
}

async function performed(
  wanted: Resource,
  planned: Outcome,
  answers: (question: string) => Json,
  ignoredChecks: readonly string[] = [],
): Promise<Performed> {
  const events: RunEvent[] = [];
  const questions: string[] = [];
  const { looks, observerOf } = givenObserver((_, question) => {
    questions.push(JSON.parse(question) as string);
    return answers(JSON.parse(question) as string);
  });
  const node = graphNode(wanted, { host: 'w1', phase: 'p' });
  const shared = new SharedLooks(observerOf);
  const context: PerformContext = {
    observerOf,
    looks: shared,
    lookNow: (asking: GraphNode) => shared.ask(asking),
    take: (steps: readonly Step[]) => takeSteps(node, steps, context),
    inPlace: (work: () => Promise<unknown>) => work(),
    visits: localVisits(),
    listener: (event: RunEvent) => events.push(event),
    signal: new AbortController().signal,
    ignoredChecks,
    clusterHost: 'cp1',
  } as unknown as PerformContext;
  const result = await perform(node, planned, context);
  return { result, events, looks, questions };
}

/** Something that comes by itself. */
const coming = (settle: Settle<{ readonly found: Json; readonly base: Json }>): Resource =>
  resource({
    address: 'thing',
    facts: { found: given('thing'), base: given('base') },
    settle,
    diff: ({ found }) => {
      if (found === 'there') return none('it is there');
      return change([{ what: 'thing', from: found, to: 'there' }]);
    },
  });

const WAITING = change([{ what: 'thing', from: 'absent', to: 'there' }]);

const installStep = (of: string): Step => ({
  do: 'run',
  summary: `install ${of}`,
  script: sh`true ${of}`,
});

describe('a node that was foreseen', () => {
  const installed = resource({
    address: 'packages:x',
    facts: { found: given('version') },
    diff: ({ found }) =>
      found === 'there'
        ? none('it is there')
        : change([{ what: 'version', from: null, to: found }], [installStep(found as string)]),
  });
  const planned = deferred(
    { host: 'w1', phase: 'p' },
    'its version',
    change(
      [{ what: 'version', from: null, to: unknown('the index update') }],
      [installStep(`1.2${unknown('the index update')}`)],
    ),
  );

  it('is done where it is as the plan said, and the unknown is filled in', async () => {
    const found = ['1.2-1', 'there'];
    const { result } = await performed(installed, planned, () => found.shift() ?? 'there');
    expect(result).toEqual({ result: 'changed', restarts: [] });
  });

  it('fails before anything is done where it would be something else', async () => {
    const { result, looks } = await performed(installed, planned, () => '2.0-1');
    expect(result).toMatchObject({
      result: 'failed',
      failure: {
        message:
          'not as the plan said: it would install 2.0-1, in place of: install 1.2 (known after the index update)',
      },
    });
    expect(looks).toHaveLength(1);
  });

  it('is left alone where somebody else has done it', async () => {
    const { result } = await performed(installed, planned, () => 'there');
    expect(result).toEqual({ result: 'unchanged', why: 'it is there' });
  });
});

describe('a node that was deferred', () => {
  const judged = resource({
    address: 'check:Old',
    facts: { found: given('version') },
    diff: ({ found }) => refused('Old', `version ${JSON.stringify(found)} is old`, 'take a newer one'),
  });
  const planned = deferred({ host: 'w1', phase: 'runtime' }, 'its version');

  it('fails where a check objects now', async () => {
    const { result } = await performed(judged, planned, () => 1);
    expect(result).toEqual({
      result: 'failed',
      failure: { message: 'version 1 is old', hint: 'take a newer one' },
    });
  });

  it('goes on where that check is ignored, and says so as a plan would', async () => {
    const { result } = await performed(judged, planned, () => 1, ['Old']);
    expect(result).toEqual({ result: 'unchanged', why: 'ignored: Old: version 1 is old' });
  });
});

describe('a node that waits', () => {
  it('looks again until it is as wanted, and tells once what it waits for', async () => {
    const found = ['absent', 'absent', 'half', 'there'];
    const settle = { timeoutMs: 5000, pauseMs: 1 };
    const { result, events } = await performed(coming(settle), WAITING, () => found.shift() ?? 'there');
    expect(result).toEqual({ result: 'changed', restarts: [] });
    expect(events.flatMap((event) => (event.event === 'node-waiting' ? [event.what] : []))).toEqual([
      'thing is absent, wanted there',
      'thing is half, wanted there',
    ]);
  });

  it('fails when its time is over, and says what is missing', async () => {
    const { result } = await performed(coming({ timeoutMs: 20, pauseMs: 5 }), WAITING, () => 'half');
    expect(result).toMatchObject({
      result: 'failed',
      failure: { message: expect.stringContaining('thing is half, wanted there') as string },
    });
  });

  it('gives up long before that when it is hopeless, and says why', async () => {
    const settle = {
      timeoutMs: 60_000,
      pauseMs: 1,
      hopeless: ({ found }: { readonly found: Json }) =>
        found === 'broken' ? 'the image does not exist' : undefined,
    };
    const { result } = await performed(coming(settle), WAITING, () => 'broken');
    expect(result).toMatchObject({ result: 'failed', failure: { message: 'the image does not exist' } });
  });

  it('has patience with what looks hopeless for a moment', async () => {
    const found = ['broken', 'absent', 'broken', 'there'];
    const settle = {
      timeoutMs: 60_000,
      pauseMs: 1,
      patienceMs: 30_000,
      hopeless: ({ found: now }: { readonly found: Json }) => (now === 'broken' ? 'broken' : undefined),
    };
    const { result } = await performed(coming(settle), WAITING, () => found.shift() ?? 'there');
    expect(result).toMatchObject({ result: 'changed' });
  });

  it('asks again only what comes by itself', async () => {
    const found = ['absent', 'absent', 'there'];
    const settle = { timeoutMs: 5000, pauseMs: 1, asksAgain: ['found'] } as const;
    const { result, questions } = await performed(coming(settle), WAITING, (question) =>
      question === 'thing' ? (found.shift() ?? 'there') : 'base',
    );
    expect(result).toMatchObject({ result: 'changed' });
    expect(questions).toEqual(['thing', 'base', 'thing', 'thing']);
  });

  it('takes steps that help where waiting alone does not, once', async () => {
    const found = ['absent', 'stuck', 'stuck', 'stuck', 'there'];
    const push: Step = { do: 'run', summary: 'push it', script: sh`echo pushed` };
    const settle = {
      timeoutMs: 5000,
      pauseMs: 1,
      remedy: {
        afterMs: 0,
        steps: ({ found: now }: { readonly found: Json }) => (now === 'stuck' ? [push] : []),
      },
    };
    const { result, events } = await performed(coming(settle), WAITING, (question) =>
      question === 'thing' ? (found.shift() ?? 'there') : 'base',
    );
    expect(result).toMatchObject({ result: 'changed' });
    const lines = events.flatMap((event) => (event.event === 'node-progress' ? [event.line] : []));
    expect(lines).toEqual(['push it', 'pushed']);
  });

  it('shows what the host says of a failure', async () => {
    const settle = { timeoutMs: 20, pauseMs: 5, diagnosis: given('journal') as Fact<string> };
    const { result } = await performed(coming(settle), WAITING, (question) =>
      question === 'journal' ? 'disk full' : 'half',
    );
    expect(result).toMatchObject({ result: 'failed', failure: { output: 'disk full' } });
  });

  it('names the check by which it can be gone on without', async () => {
    const waiting = coming({ timeoutMs: 20, pauseMs: 5 });
    const checked: Resource = {
      ...waiting,
      diff: (...asked) => ({ ...waiting.diff(...asked), check: 'CloudInit' }) as Outcome,
    };
    const { result } = await performed(checked, WAITING, () => 'half');
    expect(result).toMatchObject({
      failure: {
        hint: expect.stringMatching(/, or go on without it: ignoreChecks: \[CloudInit\]$/) as string,
      },
    });
  });

  it('asks another host for the reason, where that one knows it', async () => {
    const settle = { timeoutMs: 20, pauseMs: 5, diagnosis: at('w2', given('journal')) as Fact<string> };
    const { result, looks } = await performed(coming(settle), WAITING, () => 'half');
    expect(result).toMatchObject({ result: 'failed', failure: { output: 'half' } });
    expect(looks.at(-1)).toBe('w2');
  });

  it('shows what the host says of a step that failed, after what the step printed itself', async () => {
    const fail: Step = { do: 'run', summary: 'start it', script: sh`echo see the journal >&2; exit 3` };
    const settle = { timeoutMs: 20, diagnosis: given('journal') as Fact<string> };
    const { result } = await performed(coming(settle), { ...WAITING, steps: [fail] }, (question) =>
      question === 'journal' ? 'disk full\n' : 'half',
    );
    expect(result).toMatchObject({
      result: 'failed',
      failure: { message: 'start it: exit code 3', output: 'see the journal\ndisk full' },
    });
  });
});

describe('a node whose steps are taken', () => {
  it('is looked at until it has been right as often as wanted, one time after the other', async () => {
    const found = ['there', 'absent', 'there', 'there', 'there'];
    const settle = { timeoutMs: 5000, pauseMs: 1, looks: 3 };
    const planned = change([], [{ do: 'run', summary: 'bring it', script: sh`echo brought` }]);
    const { result, looks } = await performed(coming(settle), planned, (question) =>
      question === 'thing' ? (found.shift() ?? 'gone') : 'base',
    );
    expect(result).toMatchObject({ result: 'changed' });
    expect(looks).toHaveLength(5);
  });
});
