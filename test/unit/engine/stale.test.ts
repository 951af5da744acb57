import { describe, expect, test } from 'vitest';

import { type Family, fact } from '#core/fact.ts';
import type { Graph, GraphNode } from '#core/graph.ts';
import type { Json } from '#core/json.ts';
import type { Plan } from '#core/plan.ts';
import { changeOr, resource } from '#core/resource.ts';
import { sh } from '#core/shell.ts';
import { makePlan } from '#engine/make-plan.ts';
import { refuseStale } from '#engine/stale.ts';

import { graphNode } from '../../support/graph-node.ts';

interface Unit {
  readonly [key: string]: Json;
  readonly state: string;
  readonly since: number;
}

const family = (name: string, isVolatile = false): Family<string, Unit> => ({
  name,
  isVolatile,
  script: () => sh`:`,
  parse: () => [],
  bare: () => ({ state: 'dead', since: 0 }),
});

const node = (kind: Family<string, Unit>, wanted = 'active'): GraphNode =>
  graphNode(
    resource({
      address: kind.name,
      facts: { unit: fact(kind, 'containerd') },
      diff: ({ unit: { state } }) =>
        changeOr('it is right', state === wanted ? [] : [{ what: 'state', from: state, to: wanted }], []),
    }),
    { host: 'cp1', phase: 'runtime' },
  );

const graphOf = (nodes: readonly GraphNode[]): Graph => ({
  phases: ['runtime'],
  nodes,
  clusterHost: 'cp1',
  controlPlanes: ['cp1'],
  secrets: [],
});

function planOf(nodes: readonly GraphNode[], unit: Unit): Plan {
  const answers = Object.fromEntries(
    nodes.map(({ resource: { address } }) => [address, { '"containerd"': unit }]),
  );
  return makePlan({
    cluster: 'lab',
    kubernetes: '1.34.9',
    graph: graphOf(nodes),
    answers: { cp1: answers },
    hosts: [{ name: 'cp1' }],
    ignoredChecks: [],
  });
}

const steady = [node(family('unit'))];
const dead = { state: 'dead', since: 1 };
const refusal = (nodes: readonly GraphNode[], before: Unit, after: Unit) => () => {
  refuseStale(planOf(nodes, before), planOf(nodes, after), graphOf(nodes));
};

const asking = (key: string | { readonly path: string }): GraphNode =>
  graphNode(
    resource({
      address: 'manifest:calico',
      facts: { found: fact(family('file') as Family<Json, Unit>, key) },
      diff: ({ found }) => changeOr('it is right', [{ what: 'text', from: found.state, to: '' }], []),
    }),
    { host: 'cp1', phase: 'network' },
  );

/** What is said of a plan that was decided by one text. */
const message = (key: string | { readonly path: string }, from: Json, to: Json): string => {
  const nodes = [asking(key)];
  const plan = (state: Json): Plan =>
    makePlan({
      cluster: 'lab',
      kubernetes: '1.34.9',
      graph: graphOf(nodes),
      answers: { cp1: { file: { [JSON.stringify(key)]: { state, since: 1 } } } },
      hosts: [{ name: 'cp1' }],
      ignoredChecks: [],
    });
  let said = '';
  try {
    refuseStale(plan(from), plan(to), graphOf(nodes));
  } catch (error) {
    said = String(error);
  }
  return said.split('\n').slice(1).join('\n').trim();
};

describe('a saved plan', () => {
  test('holds while its facts stand', () => {
    expect(refusal(steady, dead, dead)).not.toThrow();
  });

  test('is stale when a fact has moved that it decided by, and says what of it', () => {
    expect(refusal(steady, dead, { state: 'active', since: 1 })).toThrow(
      'the saved plan is stale:\n' +
        '  host  resource  fact                    then    now\n' +
        '  cp1   unit      unit containerd: state  "dead"  "active"',
    );
    expect(refusal(steady, { state: 'active', since: 1 }, dead)).toThrow('"active"  "dead"');
  });

  test('says what moved in a few words, however long the question and the answer are', () => {
    const long = 'x'.repeat(3000);
    expect(message(long, 'a', 'b')).toMatch(/^ *cp1 {3}manifest:calico {2}file: state {2}"a" {3}"b"$/m);
    expect(message({ path: '/etc/x' }, 'a\nsame\n', 'b\nsame\n')).toMatch(
      / {2}file \/etc\/x: state {2}"a" {3}"b"$/m,
    );
    expect(message('/etc/x', null, long)).toMatch(/ {2}file \/etc\/x: state {2}not there {2}"x{39}\.\.\.$/m);
    expect(
      message('/etc/x', null, long)
        .split('\n')
        .every((line) => line.length <= 120),
    ).toBe(true);
  });

  test('is stale by an answer that decides two resources in one row', () => {
    const two = [...steady, { ...node(family('unit')), id: 'cp1/runtime/other', address: 'other' }];
    expect(refusal(two, dead, { state: 'active', since: 1 })).toThrow(/^(?!.*other)/s);
  });

  test('holds when a fact moves that decides nothing', () => {
    expect(refusal(steady, dead, { state: 'dead', since: 2 })).not.toThrow();
    const found = { state: 'active', since: 1 };
    expect(refusal(steady, found, { ...found, since: 2 })).not.toThrow();
  });

  test('is not stale by what moves by itself', () => {
    const volatile = [node(family('clock', true))];
    expect(refusal(volatile, { state: 'active', since: 1 }, dead)).not.toThrow();
  });

  test('is stale when the inventory asks for something else', () => {
    const other = [node(family('unit'), 'dead')];
    expect(() => refuseStale(planOf(steady, dead), planOf(other, dead), graphOf(other))).toThrow(
      /cp1 {3}unit {6}\(decision\) {2}change {2}none/,
    );
    const more = [...steady, node(family('file'))];
    expect(() => refuseStale(planOf(steady, dead), planOf(more, dead), graphOf(more))).toThrow(
      /cp1 {3}file {6}\(decision\) {2}not planned {2}change/,
    );
    expect(() => refuseStale(planOf(more, dead), planOf(steady, dead), graphOf(steady))).toThrow(
      'the inventory is not the one the plan was made for',
    );
  });
});
