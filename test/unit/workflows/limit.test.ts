import { describe, expect, it } from 'vitest';

import type { Answers, Fact, HostAnswers } from '#core/fact.ts';
import type { Connection, Transport } from '#core/transport.ts';
import { factsByHost } from '#engine/observe.ts';
import { Run } from '#engine/run.ts';
import { Session } from '#engine/session.ts';
import type { ApiReady } from '#facts/api.ts';
import { bareAnswers } from '#transport/probe.ts';
import { applyWorkflow } from '#workflows/apply.ts';

import { planningCase, withApi } from '../../../scripts/bench/planning-case.ts';

const NEW = 'w50';
const TOUCHED = ['cp1', NEW];

/** Fifty hosts that were recorded as done, and a fresh machine that is not among their nodes. */
async function oneHostMore(limit?: readonly string[]) {
  const { cluster, artifacts, text } = await planningCase(51, 'done');
  const answers = JSON.parse(text) as Answers;
  const connected: string[] = [];
  const asked: string[] = [];
  const transport: Transport = {
    connect: ({ name }) => {
      connected.push(name);
      return Promise.resolve({ host: name, close: () => Promise.resolve() } as Connection);
    },
  };
  const session = new Session({
    cluster,
    workflow: applyWorkflow,
    transport,
    fetchFile: () => Promise.reject(new Error('nothing is fetched by a plan')),
    observe: ({ host }) => ({
      ask: (facts) => {
        asked.push(host);
        return Promise.resolve(host === NEW ? bareAnswers(facts) : withoutNew(answers[host] ?? {}, facts));
      },
    }),
    listener: () => undefined,
    signal: new AbortController().signal,
    concurrency: 50,
  });
  return { run: new Run(session, { artifacts, limit }), session, connected, asked };
}

/** A question that nobody asked when the host was recorded is answered as by a bare one. */
function withoutNew(host: HostAnswers, facts: readonly Fact[]): HostAnswers {
  const bare = bareAnswers(facts);
  const merged = Object.fromEntries(
    Object.entries(bare).map(([family, answers]) => [family, { ...answers, ...host[family] }]),
  );
  const api = host['api']?.['"state"'] as ApiReady | undefined;
  if (api === undefined) return merged;
  const { [NEW]: _new, ...nodes } = api.nodes;
  return withApi(merged, { ...api, nodes });
}

describe('one host more, by --limit', () => {
  it('is planned with one look at it and one at a control plane, and at no other host', async () => {
    const { run, session, connected, asked } = await oneHostMore([NEW]);
    const plan = await run.plan();
    await session.close();
    expect(connected.toSorted()).toEqual(TOUCHED);
    expect(asked.toSorted()).toEqual(TOUCHED);
    const changing = plan.nodes.filter(({ outcome }) => outcome.answer !== 'none');
    expect(changing.map(({ outcome }) => outcome.answer)).not.toContain('refused');
    expect(changing.map(({ id }) => id)).toContain(`${NEW}/join/kubeadm-join`);
    expect([...new Set(changing.map(({ host }) => host))]).toEqual([NEW]);
  });

  it('leaves apply nothing to do, to ask or to fetch secrets from elsewhere', async () => {
    const { run } = await oneHostMore([NEW]);
    const { nodes, secrets } = run.graph;
    const hosts = [
      ...nodes.flatMap(({ host, runsOn }) => [host, runsOn]),
      ...factsByHost(nodes).keys(),
      ...secrets.flatMap((secret) => ('host' in secret ? [secret.host] : [])),
    ];
    expect(new Set(hosts)).toEqual(new Set(TOUCHED));
  });

  it('is what --limit is for: without it every host is asked', async () => {
    const { run, connected } = await oneHostMore();
    await run.plan();
    expect(connected).toHaveLength(51);
  });
});
