// A plan and its run; what was sent to the hosts is compared with the plan, node by node and step by step.
//
//   node recorded-run.ts INVENTORY
import { writeSync } from 'node:fs';

import type { PlanNode } from '../../../src/core/plan.ts';
import { change } from '../../../src/core/resource.ts';
import type { Step } from '../../../src/core/step.ts';
import { breachOf } from '../../../src/engine/breach.ts';
import { openSlipway } from '../../../src/index.ts';

export interface Recorded {
  /** What was done otherwise than it was planned. */
  readonly others: readonly string[];
  /** Ids of the nodes that were changed. */
  readonly changed: readonly string[];
  /** Of those: the nodes that were foretold. */
  readonly foretold: readonly string[];
  /** Nodes that were deferred without a forecast. */
  readonly unknown: readonly string[];
  readonly failures: readonly string[];
}

const [inventory = ''] = process.argv.slice(2);

const sent = new Map<string, readonly Step[]>();
const slipway = await openSlipway(inventory, {
  env: process.env,
  holder: `recorded-run, pid ${process.pid}`,
  listener: (event) => {
    if (event.event !== 'node-steps') return;
    // What is sent again after a passing fault counts once.
    const before = sent.get(event.node.id) ?? [];
    sent.set(event.node.id, [...before, ...event.steps.filter((step) => !before.includes(step))]);
  },
});
const plan = await slipway.plan();
const { failed, unreachable, left } = await slipway.apply(plan);
const recorded: Recorded = {
  others: plan.nodes.flatMap((node) => otherwise(node, sent.get(node.id) ?? [])),
  changed: [...sent.keys()],
  foretold: plan.nodes.flatMap(({ id, outcome }) =>
    outcome.answer === 'deferred' && sent.has(id) ? [id] : [],
  ),
  unknown: plan.nodes.flatMap(({ id, outcome }) =>
    outcome.answer === 'deferred' && outcome.forecast === undefined ? [id] : [],
  ),
  failures: [...failed, ...unreachable, ...left].map((one) => JSON.stringify(one)),
};
writeSync(1, JSON.stringify(recorded));
await slipway.close();

/** In words, what of a node was not as planned. */
function otherwise({ id, outcome }: PlanNode, steps: readonly Step[]): readonly string[] {
  if (outcome.answer === 'change') {
    const isSame = JSON.stringify(outcome.steps) === JSON.stringify(steps);
    return isSame ? [] : [`${id}: ${summaries(steps)}, planned: ${summaries(outcome.steps)}`];
  }
  const forecast = outcome.answer === 'deferred' ? outcome.forecast : outcome;
  if (forecast?.answer !== 'none' && forecast?.answer !== 'change') return [];
  const breach = breachOf(forecast, change([], steps));
  if (breach !== undefined) return [`${id}: ${breach}`];
  const required =
    forecast.answer === 'none' ? [] : forecast.steps.filter(({ onlyIf }) => onlyIf === undefined);
  return required.length > 0 && steps.length === 0
    ? [`${id}: nothing was done, foretold: ${summaries(required)}`]
    : [];
}

function summaries(steps: readonly Step[]): string {
  return steps.map(({ summary }) => summary).join('; ') || 'nothing';
}
