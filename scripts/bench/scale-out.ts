// What a control plane is asked while workers join, as their number grows, by slipway's own engine:
//   node scripts/bench/scale-out.ts [--workers 50,200,1000]
// No hosts: a stand-in answers as the recorded hosts in recorded/ do, of which the workers have all but their node: they
// join. What is counted is exact; it takes no time of a host, so programs are merged less than on real ones.
import { stdout } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import type { RunEvent } from '#core/event.ts';
import type { Answers, Fact, HostAnswers } from '#core/fact.ts';
import type { Graph, GraphNode } from '#core/graph.ts';
import type { Json } from '#core/json.ts';
import type { Connection } from '#core/transport.ts';
import { buildGraph } from '#engine/build-graph.ts';
import { Run } from '#engine/run.ts';
import { Session } from '#engine/session.ts';
import { answerOf, type ApiQuestion, type ApiReady } from '#facts/api.ts';
import { bareAnswers, groupFacts, probeScript } from '#transport/probe.ts';
import { applyWorkflow } from '#workflows/apply.ts';

import { planningCase } from './planning-case.ts';

const { values } = parseArgs({ options: { workers: { type: 'string', default: '50,200,1000' } } });
const CONTROL_PLANE = 'cp1';
/** How long a program takes on a host, way included. */
const PROGRAM_MS = 30;

interface Counted {
  readonly workers: number;
  /** Programs that the control plane ran. */
  readonly programs: number;
  /** Of them, how many asked the API server for all nodes, and how many nodes it told of, all together. */
  readonly apiQuestions: number;
  readonly nodesTold: number;
  /** Of what was sent to the control plane, and of what it answered, before compression. */
  readonly sentMb: number;
  readonly answeredMb: number;
  readonly programsOnAWorker: number;
}

async function scaleOut(workers: number): Promise<Counted> {
  const { cluster, artifacts, text } = await planningCase(workers + 1, 'done');
  const graph = buildGraph({ cluster, workflow: applyWorkflow, artifacts });
  const hosts = new StandInHosts(graph, JSON.parse(text) as Answers);
  const session = new Session({
    cluster,
    workflow: applyWorkflow,
    fetchFile: () => Promise.reject(new Error('nothing is fetched')),
    transport: { connect: ({ name }) => Promise.resolve(hosts.connection(name)) },
    observe: ({ host }) => ({ ask: (facts) => hosts.ask(host, facts) }),
    listener: (event) => hosts.hear(event),
    signal: new AbortController().signal,
    concurrency: 50,
  });
  const run = new Run(session, { artifacts });
  const report = await run.apply(await run.plan());
  await session.close();
  const failed = report.failed.map(({ node, failure }) => `${node.id}: ${failure.message}`);
  const skipped = report.skipped.filter(({ node }) => node.phase === 'join');
  if (failed.length > 0 || skipped.length > 0)
    throw new Error(
      [
        ...failed.slice(0, 5),
        ...skipped.slice(0, 5).map(({ node, because }) => `${node.id}: ${because}`),
      ].join('\n'),
    );
  return { workers, ...hosts.counted, programsOnAWorker: hosts.programsOn('w1') };
}

type MovingAnswers = Record<string, Record<string, Record<string, Json>>>;

/** Hosts that are as they were recorded, workers as before they joined, and their cluster, which knows those that have. */
class StandInHosts {
  readonly #done: Answers;
  readonly #nodes: ReadonlyMap<string, GraphNode>;
  readonly #answers: MovingAnswers;
  readonly #joined = new Set([CONTROL_PLANE]);
  readonly #programs = new Map<string, number>();
  #apiQuestions = 0;
  #nodesTold = 0;
  #sent = 0;
  #answered = 0;

  constructor(graph: Graph, done: Answers) {
    this.#done = done;
    this.#nodes = new Map(graph.nodes.map((node) => [node.id, node]));
    this.#answers = structuredClone(done);
    for (const { address, runsOn, resource } of graph.nodes) {
      if (address !== 'kubeadm-join') continue;
      const bare = bareAnswers(Object.values(resource.facts));
      for (const [family, answers] of Object.entries(bare))
        Object.assign(this.#answersOf(runsOn, family), answers);
    }
  }

  get counted() {
    return {
      programs: this.programsOn(CONTROL_PLANE),
      apiQuestions: this.#apiQuestions,
      nodesTold: this.#nodesTold,
      sentMb: this.#sent / 1e6,
      answeredMb: this.#answered / 1e6,
    };
  }

  programsOn(host: string): number {
    return this.#programs.get(host) ?? 0;
  }

  /** What a node's steps are for is as it should be once they are sent. */
  hear(event: RunEvent): void {
    if (event.event !== 'node-steps') return;
    const node = this.#nodes.get(event.node.id);
    if (node === undefined) throw new TypeError(`there is no node ${event.node.id}`);
    if (node.address === 'kubeadm-join') this.#joined.add(node.host);
    for (const fact of Object.values(node.resource.facts)) this.#finish(node.runsOn, fact);
  }

  async ask(host: string, facts: readonly Fact[]): Promise<HostAnswers> {
    await this.#run(host);
    const groups = groupFacts(facts);
    const answers = Object.fromEntries(
      groups.map(({ family, keys, questions }) => [
        family.name,
        Object.fromEntries(
          keys.map((key, index) => [
            key,
            this.#answer(host, family.name, key, () => family.bare(questions[index] as never)),
          ]),
        ),
      ]),
    );
    if (host === CONTROL_PLANE) {
      this.#sent += probeScript(groups, 'nonce').length;
      this.#answered += JSON.stringify(answers).length;
    }
    return answers;
  }

  connection(host: string): Connection {
    return {
      host,
      executions: 0,
      isOpen: true,
      execute: async ({ script }) => {
        await this.#run(host);
        if (host === CONTROL_PLANE) this.#sent += script.length;
        return { code: 0, stdout: this.#printed(script), stderr: '' };
      },
      hold: () => Promise.reject(new Error('nothing is held')),
      forward: () => Promise.reject(new Error('nothing is forwarded')),
      close: () => Promise.resolve(),
    };
  }

  /** As if each step had ended well; and what joins need of the control plane. */
  #printed(script: string): string {
    if (script.includes(' token create ')) return 'abcdef.0123456789abcdef\n';
    if (script.startsWith('cat ')) return this.#certificate();
    const marker = /slipway-[0-9a-f-]{36}/.exec(script)?.[0] ?? '';
    const ended = script
      .split(`${marker} `)
      .map((_, index) => `${marker} start ${index}\n\n${marker} end ${index} 0\n`);
    return ended.join('');
  }

  #certificate(): string {
    const files = Object.values(this.#done[CONTROL_PLANE]?.['file'] ?? {}) as unknown as readonly {
      readonly content: string | null;
    }[];
    return files.find(({ content }) => content?.startsWith('-----BEGIN CERTIFICATE'))?.content ?? '';
  }

  async #run(host: string): Promise<void> {
    this.#programs.set(host, this.programsOn(host) + 1);
    await sleep(PROGRAM_MS);
  }

  #answer(host: string, family: string, key: string, bare: () => Json): Json {
    const answer = this.#answers[host]?.[family]?.[key] ?? bare();
    // It was recorded with another release of Calico's manifest.
    if (family.startsWith('manifest-diff ')) return { state: 'same' };
    if (family !== 'api') return answer;
    const whole = this.#done[CONTROL_PLANE]?.['api']?.['"state"'] as ApiReady;
    const nodes = Object.entries(whole.nodes).filter(([name]) => this.#joined.has(name));
    const part = answerOf({ ...whole, nodes: Object.fromEntries(nodes) }, JSON.parse(key) as ApiQuestion);
    this.#apiQuestions += 1;
    this.#nodesTold += Object.keys('nodes' in part ? part.nodes : {}).length;
    return part;
  }

  #answersOf(host: string, family: string): Record<string, Json> {
    const answers = (this.#answers[host] ??= {});
    return (answers[family] ??= {});
  }

  #finish(host: string, { family, key }: Fact): void {
    const answer = this.#done[host]?.[family.name]?.[key];
    if (answer !== undefined) this.#answersOf(host, family.name)[key] = answer;
  }
}

const all: Counted[] = [];
for (const workers of values.workers.split(',').map(Number)) {
  const counted = await scaleOut(workers);
  all.push(counted);
  stdout.write(`${JSON.stringify(counted)}\n`);
}
for (const [index, { workers, ...more }] of all.entries()) {
  const before = all[index - 1];
  if (before === undefined) continue;
  const grown = (['programs', 'apiQuestions', 'nodesTold', 'sentMb', 'answeredMb'] as const).map(
    (name) => `${name} ${(more[name] / before[name]).toFixed(1)} x`,
  );
  stdout.write(`${before.workers} to ${workers} workers: ${grown.join(', ')}\n`);
}
