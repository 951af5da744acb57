import { disruptedHosts } from '#core/effects.ts';
import type { Fact } from '#core/fact.ts';
import type { NodePods, Plan } from '#core/plan.ts';
import { apiState, type ApiState } from '#facts/api.ts';
import { runningPods } from '#facts/running-pods.ts';

/**
 * What is asked of the cluster once it is known what a plan disrupts; undefined where that is nothing, or no node of a
 * cluster that answers.
 */
export function podsQuestion(plan: Plan): Fact<readonly NodePods[] | null> | undefined {
  const names = disruptedNodes(plan);
  const [only = null, ...others] = names;
  if (names.length === 0) return undefined;
  return runningPods(others.length === 0 ? only : null);
}

/** The plan with the pods on what it disrupts, as far as its facts have an answer to that question. */
export function withPods(plan: Plan): Plan {
  const question = podsQuestion(plan);
  if (question === undefined) return plan;
  const answers = Object.values(plan.facts).map(
    (own) => own[question.family.name]?.[question.key] as readonly NodePods[] | null | undefined,
  );
  const found = answers.find((answer) => answer !== undefined && answer !== null);
  if (found === undefined) return plan;
  const pods = disruptedNodes(plan).map(
    (node) => found.find((one) => one.node === node) ?? { node, pods: 0, gpus: [] },
  );
  return { ...plan, pods };
}

/** Of hosts that the cluster does not know as nodes, none has pods. A plan of few phases may not have asked for nodes. */
function disruptedNodes(plan: Plan): readonly string[] {
  const disrupted = disruptedHosts(plan);
  const hosts = plan.hosts.flatMap(({ name }) => (disrupted.has(name) ? [name] : []));
  if (hosts.length === 0) return [];
  const states = Object.values(plan.facts).flatMap(
    (own) => (own[apiState.family.name]?.[apiState.key] ?? []) as ApiState | readonly [],
  );
  if (states.length === 0) return hosts;
  const ready = states.find((state) => state.state === 'ready');
  return ready === undefined ? [] : hosts.filter((name) => name in ready.nodes);
}
