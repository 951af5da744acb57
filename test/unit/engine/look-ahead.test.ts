import { describe, expect, it } from 'vitest';

import { CLUSTER, type Fact, at } from '#core/fact.ts';
import type { GraphNode } from '#core/graph.ts';
import type { PlanNode } from '#core/plan.ts';
import { change, deferred, none, type Outcome, resource } from '#core/resource.ts';
import { LookAhead } from '#engine/look-ahead.ts';
import type { Turn } from '#engine/rollouts.ts';

import { graphNode } from '../../support/graph-node.ts';
import { given } from './given-answers.ts';

interface Told {
  readonly id: string;
  readonly needs?: readonly string[];
  readonly outcome: Outcome;
  readonly host?: string;
  readonly more?: Fact;
}

const REF = { host: 'w1', phase: 'p' };
const open = (forecast?: Outcome): Outcome => deferred(REF, 'something before it', forecast);
const nothing = open(none('it is so'));
const something = open(change([{ what: 'x', from: null, to: 'y' }]));

/** What is asked ahead behind nodes of a plan, by the name of each question; each node asks its own name. */
function askedBehind(
  ids: readonly string[],
  told: readonly Told[],
  options: {
    readonly done?: readonly string[];
    readonly turns?: ReadonlyMap<string, Turn>;
    readonly together?: readonly string[];
  } = {},
): readonly unknown[] {
  const all = told.map(({ id, needs = [], outcome, host = 'w1', more }) => {
    const facts = { own: given(id), ...(more && { more }) };
    const one = resource({ address: id, facts, diff: () => none('') });
    const node: GraphNode = { ...graphNode(one, { host, phase: 'p', needs }), id };
    return { node, planned: { ...node, outcome } satisfies PlanNode };
  });
  const nodes = all.map(({ planned }) => planned);
  const list = nodes.filter(({ id }) => options.together?.includes(id));
  const ahead = new LookAhead({
    nodes,
    inGraph: new Map(all.map(({ node }) => [node.id, node])),
    turns: options.turns ?? new Map(),
    companies: new Map(list.map(({ id }) => [id, list])),
  });
  for (const id of options.done ?? []) ahead.ended(id);
  return [...ahead.behind(ids).keys()];
}

describe('what is asked ahead', () => {
  it('is what those ask that wait for nothing else, up to the first that is expected to do something', () => {
    expect(
      askedBehind(
        ['a'],
        [
          { id: 'a', outcome: change([]) },
          { id: 'b', needs: ['a'], outcome: nothing },
          { id: 'right', needs: ['b'], outcome: none('it is right') },
          { id: 'c', needs: ['right'], outcome: something },
          { id: 'd', needs: ['c'], outcome: nothing },
        ],
      ),
    ).toEqual(['b', 'c']);
  });

  it('is nothing of what waits for something that is not done', () => {
    const told = [
      { id: 'a', outcome: change([]) },
      { id: 'other', outcome: change([]) },
      { id: 'b', needs: ['a', 'other'], outcome: nothing },
    ];
    expect(askedBehind(['a'], told)).toEqual([]);
    expect(askedBehind(['a'], told, { done: ['other'] })).toEqual(['b']);
    expect(askedBehind(['a', 'other'], told)).toEqual(['b']);
  });

  it('is nothing of another host, of what is decided, and of what waits for its turn', () => {
    const told = [
      { id: 'a', outcome: change([]) },
      { id: 'b', needs: ['a'], outcome: nothing, host: 'w2' },
      { id: 'c', needs: ['a'], outcome: change([]) },
      { id: 'd', needs: ['a'], outcome: nothing },
    ];
    expect(askedBehind(['a'], told, { turns: new Map([['d', ['x']]]) })).toEqual([]);
    expect(askedBehind(['a'], told, { turns: new Map([['d', []]]) })).toEqual(['d']);
  });

  it('is for a company what all of it ask, and nothing as long as one of it cannot begin', () => {
    const told = [
      { id: 'a', outcome: change([]) },
      { id: 'other', outcome: change([]) },
      { id: 'b', needs: ['a'], outcome: something },
      { id: 'c', needs: ['other'], outcome: something },
    ];
    expect(askedBehind(['a'], told, { together: ['b', 'c'] })).toEqual([]);
    expect(askedBehind(['a'], told, { together: ['b', 'c'], done: ['other'] })).toEqual(['b', 'c']);
  });

  it('leaves out nodes that ask their host what may take long, and not those that ask the cluster', () => {
    const slow = given('slow');
    const patient = { ...slow, family: { ...slow.family, patienceMs: 45_000 } };
    expect(
      askedBehind(
        ['a'],
        [
          { id: 'a', outcome: change([]) },
          { id: 'b', needs: ['a'], outcome: nothing, more: patient },
          { id: 'c', needs: ['a'], outcome: nothing, more: at(CLUSTER, patient) },
        ],
      ),
    ).toEqual(['c']);
  });
});
