// What it costs to show a plan in every format, without any host:
//   node scripts/bench/rendering.ts [HOSTS]
// The plan is of freshly installed machines, so that all of it is to be done. Each format is rendered in a process of its
// own, once, with nothing warm but what made the plan.
import { execFileSync } from 'node:child_process';
import { argv } from 'node:process';

import type { Answers } from '#core/fact.ts';
import { buildGraph } from '#engine/build-graph.ts';
import { makePlan } from '#engine/make-plan.ts';
import { PLAN_FORMATS, type PlanFormat, renderPlan } from '#report/renderers.ts';
import { applyWorkflow } from '#workflows/apply.ts';

import { planningCase } from './planning-case.ts';

if (argv[2] === 'round') process.stdout.write(await round(Number(argv[3]), argv[4] as PlanFormat));
else {
  const hosts = argv[2] ?? '400';
  for (const format of PLAN_FORMATS)
    process.stdout.write(
      execFileSync(process.execPath, [argv[1]!, 'round', hosts, format], { encoding: 'utf8' }),
    );
}

/** In CPU time, that of the garbage collector's threads included. */
async function round(hosts: number, format: PlanFormat): Promise<string> {
  const { cluster, artifacts, text } = await planningCase(hosts, 'fresh');
  const plan = makePlan({
    cluster: cluster.name,
    kubernetes: cluster.kubernetes.version,
    ignoredChecks: [],
    graph: buildGraph({ cluster, workflow: applyWorkflow, artifacts }),
    answers: JSON.parse(text) as Answers,
    hosts: cluster.hosts.map(({ name }) => ({ name })),
  });
  const before = process.cpuUsage();
  let length = 0;
  for (const piece of await renderPlan(plan, format, { color: false, verbose: false, width: 100 }))
    length += Buffer.byteLength(piece);
  const { user, system } = process.cpuUsage(before);
  const seconds = ((user + system) / 1e6).toFixed(2);
  const each = (plan.nodes.length / hosts).toFixed(1);
  return `${hosts} hosts, ${each} resources each, ${format}: ${seconds} s, ${(length / 1e6).toFixed(2)} MB\n`;
}
