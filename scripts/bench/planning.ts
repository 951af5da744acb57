// What planning costs beside reading the answers it plans from, without any host:
//   node scripts/bench/planning.ts [HOSTS ...]
// On freshly installed machines every resource has its steps to make: their answers are short to read, and dear to
// plan from. On machines that are done there is nothing to make, and all of it to compare.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { argv } from 'node:process';

import type { Answers } from '#core/fact.ts';
import { buildGraph } from '#engine/build-graph.ts';
import { makePlan } from '#engine/make-plan.ts';
import { applyWorkflow } from '#workflows/apply.ts';

import { boundGarbage } from '../../src/cli/bound-garbage.ts';

import { planningCase, type State } from './planning-case.ts';

/** Each in a process of its own, so that one's memory is not another's. */
const ROUNDS = 3;
const WARM_UP_HOSTS = 100;

interface Costs {
  readonly resources: number;
  readonly pending: number;
  readonly megabytes: number;
  readonly parseMs: number;
  readonly graphMs: number;
  readonly planMs: number;
  readonly mebibytes: number;
  readonly digest: string;
}

if (argv[2] === 'round') {
  const [hosts, state] = [Number(argv[3]), argv[4] as State];
  // As slipway's own command line does, and as it finds the code: warm, with memory that has grown.
  boundGarbage();
  await costs(WARM_UP_HOSTS, state);
  process.stdout.write(JSON.stringify(await costs(hosts, state)));
} else {
  const sizes = argv.length > 2 ? argv.slice(2).map(Number) : [500, 5000];
  for (const state of ['fresh', 'done'] as const) for (const hosts of sizes) report(hosts, state);
}

function report(hosts: number, state: State): void {
  const rounds = Array.from({ length: ROUNDS }, () => {
    const argvOfRound = [argv[1]!, 'round', String(hosts), state];
    return JSON.parse(execFileSync(process.execPath, argvOfRound, { encoding: 'utf8' })) as Costs;
  });
  const [{ resources, pending, megabytes, digest }] = rounds as [Costs];
  const ofParse = (part: (costs: Costs) => number): string =>
    median(rounds.map((round) => part(round) / round.parseMs)).toFixed(1);
  process.stdout.write(
    `${hosts} hosts, ${state}, ${(resources / hosts).toFixed(1)} resources each, ${pending} with something to do; ` +
      `${megabytes.toFixed(1)} MB of answers: JSON.parse ${median(rounds.map(({ parseMs }) => parseMs)).toFixed(0)} ms, ` +
      `graph ${ofParse(({ graphMs }) => graphMs)} x, plan ${ofParse(({ planMs }) => planMs)} x, ` +
      `both ${ofParse(({ graphMs, planMs }) => graphMs + planMs)} x; ` +
      `${Math.max(...rounds.map(({ mebibytes }) => mebibytes)).toFixed(0)} MiB at most; plan ${digest}\n`,
  );
}

async function costs(hosts: number, state: State): Promise<Costs> {
  const { cluster, artifacts, text } = await planningCase(hosts, state);
  const [parseMs, answers] = timed(() => JSON.parse(text) as Answers);
  const [graphMs, graph] = timed(() => buildGraph({ cluster, workflow: applyWorkflow, artifacts }));
  const [planMs, plan] = timed(() =>
    makePlan({
      cluster: cluster.name,
      kubernetes: cluster.kubernetes.version,
      ignoredChecks: [],
      graph,
      answers,
      hosts: cluster.hosts.map(({ name }) => ({ name })),
    }),
  );
  const mebibytes = process.resourceUsage().maxRSS / 1024;
  const hash = createHash('sha256');
  for (const node of plan.nodes) hash.update(JSON.stringify(node));
  return {
    resources: plan.nodes.length,
    pending: plan.nodes.filter(({ outcome }) => outcome.answer !== 'none').length,
    megabytes: text.length / 1e6,
    parseMs,
    graphMs,
    planMs,
    mebibytes,
    digest: hash.digest('hex').slice(0, 16),
  };
}

/** CPU time, that of the garbage collector's threads included: other work on the machine is no part of it. */
function timed<Value>(work: () => Value): readonly [number, Value] {
  const startedAt = process.cpuUsage();
  const value = work();
  const { user, system } = process.cpuUsage(startedAt);
  return [(user + system) / 1000, value];
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)]!;
}
