import { describe, expect, test } from 'vitest';

import { fact } from '#core/fact.ts';
import type { Graph, GraphNode } from '#core/graph.ts';
import { changeOr, deferred, none, type Outcome, resource } from '#core/resource.ts';
import { sh } from '#core/shell.ts';
import { makePlan, type PlanInput } from '#engine/make-plan.ts';

import { graphNode } from '../../support/graph-node.ts';

const family = {
  name: 'thing',
  script: () => sh`:`,
  parse: () => [],
  bare: () => null,
};

const node = (
  host: string,
  phase: string,
  address: string,
  outcome: (changed: readonly string[]) => Outcome,
  restartOn: readonly string[] = [],
): GraphNode =>
  graphNode(
    resource({
      address,
      restartOn,
      facts: { found: fact(family, address) },
      diff: (_answers, { changed }) => outcome(changed),
    }),
    { host, phase },
  );

const change = (): Outcome => changeOr('', [{ what: 'it', from: null, to: 1 }], []);

const planOf = (nodes: readonly GraphNode[]) => makePlan(inputOf(nodes));

function inputOf(nodes: readonly GraphNode[]): PlanInput {
  const hosts = [...new Set(nodes.map(({ host }) => host))];
  const answers: Record<string, { readonly thing: Record<string, null> }> = {};
  for (const { host, resource: one } of nodes) {
    answers[host] ??= { thing: {} };
    answers[host].thing[JSON.stringify(one.address)] = null;
  }
  const graph: Graph = {
    phases: ['early', 'late'],
    nodes,
    clusterHost: 'a',
    controlPlanes: ['a'],
    secrets: [],
  };
  return {
    cluster: 'c',
    kubernetes: '1.34.9',
    graph,
    answers,
    hosts: hosts.map((name) => ({ name })),
    ignoredChecks: [],
  };
}

const waits = (host: string, phase: string, why: string) => () => deferred({ host, phase }, why);

describe('plan', () => {
  test('lets a resource wait for a phase that changes something on another host', () => {
    const plan = planOf([
      node('a', 'early', 'x', change),
      node('b', 'late', 'y', () => deferred({ host: 'a', phase: 'early' }, 'the version')),
      node('b', 'late', 'z', () => deferred({ host: 'b', phase: 'late' }, 'what y brings')),
    ]);
    expect(plan.nodes.map(({ outcome }) => outcome.answer)).toEqual(['change', 'deferred', 'deferred']);
  });

  test('refuses what waits for a phase that does nothing', () => {
    const plan = planOf([
      node('a', 'early', 'x', () => none('right')),
      node('b', 'late', 'y', () => deferred({ host: 'a', phase: 'early' }, 'the version')),
    ]);
    expect(plan.nodes[1]?.outcome).toMatchObject({ answer: 'refused', check: 'Dependency' });
  });

  test('tells a cause outside of it once: what waits for what is refused waits on', () => {
    const { nodes } = planOf([
      node('b', 'early', 'join', waits('a', 'early', 'a token')),
      node('b', 'early', 'labels', waits('a', 'early', 'the API server')),
      node('b', 'late', 'flags', waits('b', 'early', 'the flags')),
    ]);
    expect(nodes.map(({ outcome }) => outcome.answer)).toEqual(['refused', 'refused', 'deferred']);
    expect(new Set(nodes.slice(0, 2).map(({ outcome }) => 'why' in outcome && outcome.why))).toEqual(
      new Set(['needs phase early on a, where this plan does nothing']),
    );
  });

  test('tells a resource which of its causes change, on its own host', () => {
    const seen: string[][] = [];
    const watch = (changed: readonly string[]): Outcome => {
      seen.push([...changed]);
      return none('right');
    };
    planOf([
      node('a', 'early', 'x', change),
      node('a', 'early', 'y', () => none('right')),
      node('a', 'late', 'unit', watch, ['x', 'y']),
      node('b', 'late', 'unit', watch, ['x', 'y']),
    ]);
    expect(seen).toEqual([['x'], []]);
  });

  test('reads ten times as much for ten times the hosts', () => {
    expect(reads(400)).toBeLessThanOrEqual(10 * reads(40));
  });
});

/** Best of three, in milliseconds. */
/** How often a plan looks into the graph and the answers. */
function reads(hosts: number): number {
  let count = 0;
  const counted = <Value extends object>(value: Value): Value =>
    new Proxy(value, {
      get: (target, key) => {
        count += 1;
        return Reflect.get(target, key) as unknown;
      },
    });
  const nodes = Array.from({ length: hosts }, (_, index) => `n${index}`).flatMap((host) => [
    node(host, 'early', 'x', change),
    ...Array.from({ length: 9 }, (_, index) =>
      node(host, 'late', `y${index}`, () => deferred({ host, phase: 'early' }, 'the version')),
    ),
  ]);
  const { graph, answers, ...input } = inputOf(nodes);
  makePlan({ ...input, graph: { ...graph, nodes: counted(nodes.map(counted)) }, answers: counted(answers) });
  return count;
}
