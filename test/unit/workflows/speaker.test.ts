import { describe, expect, it } from 'vitest';

import { EXIT } from '#core/exit-code.ts';
import type { Answers, HostAnswers } from '#core/fact.ts';
import type { Plan } from '#core/plan.ts';
import { SlipwayError } from '#core/slipway-error.ts';
import type { Connection } from '#core/transport.ts';
import { Run } from '#engine/run.ts';
import { Session } from '#engine/session.ts';
import { bareAnswers } from '#transport/probe.ts';
import { applyWorkflow } from '#workflows/apply.ts';

import { planningCase, withApi } from '../../../scripts/bench/planning-case.ts';

type Condition = 'answers' | 'has no API server' | 'is bare' | 'is away';

/** A cluster of three control planes and a worker that is as it should be, but for some of its control planes. */
async function planned(conditions: Readonly<Record<string, Condition>>, limit?: readonly string[]) {
  const { cluster: recorded, artifacts, text } = await planningCase(4, 'done');
  const answers = JSON.parse(text) as Answers;
  const names = ['cp1', 'cp2', 'cp3', 'w1'];
  const [first, second] = recorded.hosts;
  if (first === undefined || second === undefined) throw new TypeError('the recording has two hosts');
  const cluster = {
    ...recorded,
    kubernetes: { ...recorded.kubernetes, hasStableEndpoint: true },
    hosts: names.map((name) => ({ ...(name === 'w1' ? second : first), name })),
  };
  const asked: string[] = [];
  const session = new Session({
    cluster,
    workflow: applyWorkflow,
    fetchFile: () => Promise.reject(new Error('nothing is fetched by a plan')),
    transport: {
      connect: ({ name }) =>
        conditions[name] === 'is away'
          ? Promise.reject(
              new SlipwayError(`${name} does not answer`, {
                code: 'unreachable',
                host: name,
                exitCode: EXIT.unreachable,
              }),
            )
          : Promise.resolve({ host: name, close: () => Promise.resolve() } as Connection),
    },
    observe: ({ host }) => ({
      ask: (facts) => {
        asked.push(host);
        const bare = bareAnswers(facts);
        if (conditions[host] === 'is bare') return Promise.resolve(bare);
        const merged: Record<string, HostAnswers[string]> = {};
        for (const [family, byKey] of Object.entries(bare)) {
          merged[family] = { ...byKey, ...answers[first.name]?.[family] };
        }
        if (conditions[host] !== 'answers') {
          return Promise.resolve(withApi(merged, { state: 'unreachable', why: 'connection refused' }));
        }
        return Promise.resolve(merged);
      },
    }),
    listener: () => undefined,
    signal: new AbortController().signal,
    concurrency: 50,
  });
  const plan = await new Run(session, { artifacts, limit }).plan();
  await session.close();
  return { plan, asked };
}

/** Hosts on which a plan works on, or asks about, the cluster. */
const speakers = ({ nodes }: Plan): readonly string[] => [
  ...new Set(
    nodes
      .filter(({ address }) => address.startsWith('node-ready:') || address === 'kube-proxy')
      .map(({ runsOn }) => runsOn),
  ),
];

describe('the control plane that speaks for the cluster', () => {
  it('is the first of the inventory, and no other is asked, where that one answers', async () => {
    const { plan, asked } = await planned({ cp1: 'answers', cp2: 'answers', cp3: 'answers', w1: 'answers' });
    expect(speakers(plan)).toEqual(['cp1']);
    expect(asked.toSorted()).toEqual(['cp1', 'cp2', 'cp3', 'w1']);
  });

  it.each<readonly [string, Condition]>([
    ['is away', 'is away'],
    ['runs no API server', 'has no API server'],
  ])('is the next one that answers where the first %s', async (_, condition) => {
    const { plan } = await planned({
      cp1: condition,
      cp2: 'has no API server',
      cp3: 'answers',
      w1: 'has no API server',
    });
    expect(speakers(plan)).toEqual(['cp3']);
  });

  it('stays the first where none answers', async () => {
    const { plan } = await planned({
      cp1: 'has no API server',
      cp2: 'has no API server',
      cp3: 'is away',
      w1: 'has no API server',
    });
    expect(speakers(plan)).toEqual(['cp1']);
  });

  it('plans all that the others need where a worker is away', async () => {
    const { plan } = await planned({ cp1: 'answers', cp2: 'answers', cp3: 'answers', w1: 'is away' });
    const known = new Set(plan.nodes.map(({ id }) => id));
    const needs = plan.nodes.filter(({ host }) => host === 'cp1').flatMap((node) => node.needs);
    expect(needs.filter((id) => !known.has(id))).toEqual([]);
    expect([...known]).toContain('cp1/preflight/check:UniqueHostname');
  });

  it('leaves a control plane that is away out of a plan that is limited to others', async () => {
    const { plan } = await planned(
      { cp1: 'is away', cp2: 'answers', cp3: 'answers', w1: 'has no API server' },
      ['w1'],
    );
    expect(plan.hosts).toEqual([{ name: 'cp2' }, { name: 'w1' }]);
    expect(speakers(plan)).toEqual(['cp2']);
  });

  it.each<readonly [Condition, object]>([
    [
      'is bare',
      { answer: 'refused', check: 'ClusterExists', why: expect.stringContaining('second cluster') },
    ],
    ['has no API server', { answer: 'change', differences: [{ what: 'API server' }], steps: [] }],
  ])('keeps a first one that %s from making a second cluster', async (condition, outcome) => {
    const { plan } = await planned({
      cp1: condition,
      cp2: 'answers',
      cp3: 'answers',
      w1: 'has no API server',
    });
    const init = plan.nodes.find(({ address }) => address === 'kubeadm-init');
    expect(init?.outcome).toMatchObject(outcome);
  });
});
