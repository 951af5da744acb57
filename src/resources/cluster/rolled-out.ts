import {
  changeOr,
  describeDifferences,
  type Difference,
  gated,
  noted,
  type Resource,
} from '#core/resource.ts';
import { type ApiState, apiState } from '#facts/api.ts';
import { apiWatch } from '#facts/api-watch.ts';
import { crashLogs } from '#facts/diagnosis.ts';
import {
  type PodState,
  workloads,
  workloadsOf,
  workloadsWatch,
  type WorkloadState,
} from '#facts/workloads.ts';
import type { Workload } from '#objects/workload.ts';

/** Whose pods are waited for. */
export interface Rollout {
  /** Workloads, or the name of the set whose they are. */
  readonly of: readonly Workload[] | string;
  /** How long it may take; 0: it is not waited for, nor looked at. */
  readonly timeoutSeconds: number;
  /** Whether it is waited for; default: always. */
  readonly isWanted?: (api: ApiState) => boolean;
}

/** How long images may take to come over a slow line, and pods to start; where nodes follow one another, a minute more for each. */
export const rolloutSeconds = (nodes = 1): number => 600 + nodes * 60;

/** A kubelet that cannot pull or start a container tries again after 10, 20, 40 s: after these it is no hiccup. */
export const PATIENCE_MS = 90_000;

/** As many say why in an error; in a plan one is enough to know. */
const PODS_NAMED = 5;

interface Answers {
  readonly api: ApiState;
  readonly rollout: readonly WorkloadState[] | null;
}

/**
 * The same objects, right only once their pods are there and ready; what keeps them from it is told. Pods on nodes
 * that nobody hears from are left out: a dead machine must not hold up the others. So are those on nodes that are deleted:
 * the cluster collects them within a minute, and counts them until then.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/controller/podgc/gc_controller.go (quarantineTime)
 */
export function rolledOut(
  objects: Resource,
  { of, timeoutSeconds, isWanted = () => true }: Rollout,
): Resource {
  if (timeoutSeconds === 0) return objects;
  const rollout = typeof of === 'string' ? workloadsOf(of) : workloads(of);
  const left = (answers: Answers) => (isWanted(answers.api) ? unready(answers) : []);
  return {
    ...gated(objects, { api: apiState, rollout }, (answers, _, decide) => {
      const outcome = decide();
      if (outcome.answer !== 'none') return outcome;
      return noted(changeOr(outcome.why, left(answers).map(differenceOf), []), outcome.notes ?? []);
    }),
    settle: {
      timeoutMs: timeoutSeconds * 1000,
      pauseMs: 1000,
      hopeless: (answers: Answers) => differing(objects, answers) ?? stuck(left(answers)),
      patienceMs: PATIENCE_MS,
      watch: apiWatch(...workloadsWatch(of).paths, ...(objects.settle.watch?.paths ?? [])),
      asksAgain: ['api', 'rollout', ...(objects.settle.asksAgain ?? [])],
      ...(typeof of !== 'string' && { diagnosis: objects.settle.diagnosis ?? crashLogs(of) }),
    },
  };
}

function unready({ api, rollout }: Answers): readonly WorkloadState[] {
  const unknown = {
    name: 'pods',
    rollout: 'old',
    counts: 'the API server does not answer',
    pods: [],
  } as const;
  const nodes = api.state === 'ready' ? api.nodes : undefined;
  const isAway = ({ node }: PodState): boolean =>
    nodes !== undefined && node !== '' && nodes[node]?.isLost !== false;
  const hasLost = Object.values(nodes ?? {}).some(({ isLost }) => isLost);
  return (rollout ?? [unknown])
    .map((one) => ({ ...one, pods: one.pods.filter((pod) => !isAway(pod)), hasAway: one.pods.some(isAway) }))
    .filter(({ rollout: state, pods, hasAway }) => {
      const isForAwayAlone = state === 'new' && (hasLost || hasAway) && pods.length === 0;
      return state !== 'done' && !isForAwayAlone;
    });
}

const differenceOf = (one: WorkloadState): Difference => ({
  what: one.name,
  from: tellingOf(one, 1),
  to: 'rolled out',
});

/** The counts, and why of so many pods: of those with the most to say. */
function tellingOf({ counts, pods }: WorkloadState, most: number): string {
  const told = pods.map(({ why }) => why).toSorted((one, other) => other.length - one.length);
  const more = told.length > most ? [`${told.length - most} more`] : [];
  return [counts, ...told.slice(0, most), ...more].join('; ');
}

/** What time alone does not mend. */
function stuck(left: readonly WorkloadState[]): string | undefined {
  const found = left
    .map((one) => ({ ...one, pods: one.pods.filter(({ isStuck }) => isStuck) }))
    .filter(({ pods }) => pods.length > 0);
  return found.length === 0
    ? undefined
    : found.map((one) => `${one.name}: ${tellingOf(one, PODS_NAMED)}`).join('; ');
}

/** What of the objects is still not as it was applied. */
function differing({ diff }: Resource, answers: Answers): string | undefined {
  const outcome = diff(answers as never, { host: '', changed: [] });
  if (outcome.answer !== 'change' || outcome.steps.length === 0) return undefined;
  return `it was applied, and is not as wanted: ${describeDifferences(outcome.differences)}`;
}
