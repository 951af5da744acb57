import { describe, expect, it } from 'vitest';

import type { Cluster, DrainBefore } from '#core/cluster.ts';
import type { PhaseResource } from '#core/phase.ts';
import { change, deferred, none, type Outcome, resource, type Resource } from '#core/resource.ts';
import { drainedAround } from '#resources/upgrade/drained-change.ts';

import { clusterWith, worker } from '../../laws/fixtures.ts';
import { given } from '../engine/given-answers.ts';

const cluster: Cluster = clusterWith();
const MARK = { 'slipway/cordoned': 'true' };
const DRAINED = { 'slipway/drained': 'true' };
const STEP = { do: 'run', summary: 'restart it', script: '' } as never;

const RIGHT = none('right');
const WRITE = change([{ what: 'content', from: 'a', to: 'b' }], [STEP]);
const RESTART = change([{ what: 'started', from: 'before', to: 'after' }], [STEP], ['it.service']);
const START = change([{ what: 'active', from: false, to: true }], [STEP]);
const WAITED_FOR = change([{ what: 'it', from: 'silent', to: 'well' }], [], ['it.service']);
const WAITING = deferred({ host: worker.name, phase: 'runtime' }, 'the version');

const foreseen = (forecast: Outcome): Outcome => deferred(WAITING.waitsFor, WAITING.why, forecast);

const of = (address: string, diff: Resource['diff'], restartOn: readonly string[] = []): Resource => ({
  ...resource({ address, facts: { found: given(address) }, restartOn, diff: () => RIGHT }),
  diff,
  ...(address.startsWith('it:') && { daemon: { name: 'it' } }),
});

/** A file and its daemon, as they are decided, with something before and after them. */
const tableOf = (file: Outcome, unit: Outcome): readonly Resource[] => [
  of('index', () => WRITE),
  of('it:file', () => file),
  of('it:unit', (_, { changed }) => (changed.length > 0 && unit === RIGHT ? RESTART : unit), ['it:file']),
  of('after', () => RESTART),
];

interface Given {
  readonly before?: DrainBefore;
  readonly file?: Outcome;
  readonly unit?: Outcome;
  readonly node?: object | null;
  readonly isMember?: boolean;
  readonly isAway?: boolean;
}

function around({ before = 'whenRestarting', file = RIGHT, unit = RIGHT, ...found }: Given) {
  const table = tableOf(file, unit);
  const all = drainedAround(table, { cluster, host: worker, phase: 'runtime', before });
  const { node = {}, isMember = true, isAway = false } = found;
  const api = isAway
    ? { state: 'unreachable', why: 'refused' }
    : {
        state: 'ready',
        nodes:
          node === null
            ? {}
            : { [worker.name]: { annotations: {}, isCordoned: false, isReady: true, message: '', ...node } },
      };
  const answers = new Proxy({}, { get: (_, name) => answerTo(String(name), api, isMember) });
  return { table, addresses: all.map(addressOf), decide: decider(all, answers as never) };
}

const answerTo = (name: string, api: object, isMember: boolean): unknown => {
  if (name === 'api' || name === 'the cluster') return api;
  if (name === 'its kubelet') return isMember ? 'file' : 'absent';
  return name === 'pods' ? [] : null;
};

const addressOf = (one: PhaseResource): string => ('resource' in one ? one.resource : one).address;

const decider = (all: readonly PhaseResource[], answers: never) => (kind: 'drain' | 'uncordon') => {
  const found = all.find((one) => addressOf(one) === `${kind}:${worker.name}`);
  if (found === undefined || !('resource' in found)) throw new Error(`no ${kind}`);
  return found.resource.diff(answers, { host: worker.name, changed: [] });
};

const scriptOf = (outcome: Outcome): string =>
  outcome.answer === 'change'
    ? outcome.steps.map((step) => (step.do === 'run' ? step.script : '')).join('\n')
    : '';

describe('changes of a daemon on a node in service', () => {
  it('stand between a drain and the way back, and what comes before and after them does not', () => {
    const { addresses } = around({});
    const { name } = worker;
    expect(addresses).toEqual(['index', `drain:${name}`, 'it:file', 'it:unit', `uncordon:${name}`, 'after']);
  });

  it('are left as they are where no drain is wanted', () => {
    const { table, addresses } = around({ before: 'never' });
    expect(addresses).toEqual(table.map(({ address }) => address));
  });

  it.each([
    ['that restart it', { unit: RESTART }],
    ['of a file that restarts it', { file: WRITE }],
  ])('%s are made with the node drained, in its turn', (_, changes) => {
    const { decide } = around(changes);
    expect(decide('drain')).toMatchObject({ answer: 'change', takesTurn: true });
    expect(scriptOf(decide('uncordon'))).toMatch(/ uncordon w1\n.*slipway\/cordoned- slipway\/drained-/);
  });

  it.each([
    ['none are', {}],
    ['it is started', { unit: START }],
    ['it is waited for: nothing would leave a node with a runtime that is silent', { unit: WAITED_FOR }],
    ['the host is no node yet', { unit: RESTART, isMember: false }],
    ['the cluster does not know the node', { unit: RESTART, node: null }],
    ['the API server does not answer: nobody could drain', { unit: RESTART, isAway: true }],
  ])('drain nothing where %s', (_, found) => {
    const { decide } = around(found);
    expect([decide('drain').answer, decide('uncordon').answer]).toEqual(['none', 'none']);
  });

  it('that restart nothing drain it where it is always to be drained', () => {
    const table = { file: START, unit: START };
    expect(around({ ...table }).decide('drain').answer).toBe('none');
    expect(around({ ...table, before: 'always' }).decide('drain').answer).toBe('change');
  });

  it('that are not known before the package index is wait for it', () => {
    const { decide } = around({ file: WAITING });
    expect(decide('drain')).toEqual(WAITING);
    expect(decide('uncordon').answer).toBe('deferred');
  });

  it('that are foreseen are drained for, and what nobody can foresee is waited for', () => {
    const restarting = around({ file: foreseen(RESTART) }).decide;
    expect([restarting('drain').answer, restarting('uncordon').answer]).toEqual(['change', 'change']);
    const waiting = around({ file: foreseen(WAITED_FOR), unit: START }).decide;
    expect([waiting('drain').answer, waiting('uncordon').answer]).toEqual(['none', 'none']);
    expect(around({ file: foreseen(RIGHT) }).decide('drain')).toEqual(WAITING);
  });

  it('of a run that was cut off are gone on with: drained once, and put back into service', () => {
    const node = { isCordoned: true, annotations: { ...MARK, ...DRAINED } };
    const before = around({ unit: RESTART, node }).decide;
    expect([before('drain').answer, before('uncordon').answer]).toEqual(['none', 'change']);
    const after = around({ node }).decide;
    expect(after('drain').answer).toBe('none');
    expect(scriptOf(after('uncordon'))).toContain(' uncordon w1');
    const early = around({ node: { annotations: MARK } }).decide;
    expect(scriptOf(early('uncordon'))).toContain(' uncordon w1');
  });

  it('leave a node cordoned that somebody else has cordoned', () => {
    const { decide } = around({ unit: RESTART, node: { isCordoned: true } });
    expect(scriptOf(decide('drain'))).not.toContain('slipway/cordoned');
    expect(scriptOf(decide('uncordon'))).not.toContain(' uncordon ');
    expect(scriptOf(decide('uncordon'))).toContain('slipway/drained-');
  });
});
