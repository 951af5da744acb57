import { hostsAway, type Plan } from '#core/plan.ts';
import { mergeAnswers } from '#engine/observe.ts';
import type { Looker } from '#engine/looker.ts';
import { podsQuestion, withPods } from '#phases/disrupted-pods.ts';

/** A plan with what runs on the nodes that it disrupts: one more question to the cluster, where there are any. */
export async function withDisruptedPods(plan: Plan, clusterHost: string, looker: Looker): Promise<Plan> {
  const question = podsQuestion(plan);
  if (question === undefined || hostsAway(plan.hosts).has(clusterHost)) return plan;
  const [look] = await looker.ask([clusterHost], [question]);
  if (look?.answers === undefined) return plan;
  return withPods({
    ...plan,
    facts: { ...plan.facts, [clusterHost]: mergeAnswers(plan.facts[clusterHost], look.answers) },
  });
}
