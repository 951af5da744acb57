import type { Plan, PlanNode } from '#core/plan.ts';
import { changeIn, describeDifferences, type Outcome } from '#core/resource.ts';
import { withUnknown } from '#core/unknown.ts';
import { renderJunit, type Suite } from '#report/junit.ts';

/** A plan for a CI system: a suite for each host, in which a resource that is not as the inventory says fails. */
export function renderJunitPlan({ cluster, hosts, nodes }: Plan): string {
  const byHost = Map.groupBy(nodes, ({ host }) => host);
  const suites = hosts.map(({ name, unreachable, hint }): Suite => {
    const away: Suite['results'] =
      unreachable === undefined
        ? []
        : [
            {
              name: 'connection',
              status: 'failed',
              elapsedMs: 0,
              message: unreachable,
              ...(hint && { hint }),
            },
          ];
    return { name: `${cluster} ${name}`, results: [...away, ...(byHost.get(name) ?? []).map(resultOf)] };
  });
  return renderJunit(suites);
}

function resultOf({ phase, address, outcome }: PlanNode): Suite['results'][number] {
  const found = { name: `${phase} ${address}`, elapsedMs: 0, message: messageOf(outcome) };
  if (outcome.answer === 'none') return { ...found, status: 'passed' };
  if (outcome.answer === 'deferred' && changeIn(outcome) === undefined)
    return { ...found, status: 'skipped' };
  return { ...found, status: 'failed', ...(outcome.answer === 'refused' && { hint: outcome.hint }) };
}

function messageOf(outcome: Outcome): string {
  if (outcome.answer === 'refused') return `${outcome.check}: ${outcome.why}`;
  if (outcome.answer === 'none') return outcome.why;
  const { differences } = changeIn(outcome) ?? {};
  if (differences !== undefined) return withUnknown(describeDifferences(differences));
  return outcome.answer === 'change'
    ? ''
    : `waits for ${outcome.waitsFor.phase} on ${outcome.waitsFor.host}: ${outcome.why}`;
}
