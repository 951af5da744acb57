import { type Fact, type Family, fact } from '#core/fact.ts';
import { embed, lines, type Script, sh } from '#core/shell.ts';

import { kubectl, onControlPlane } from './kubectl.ts';
import { SET_LABEL } from './owned-objects.ts';
import { LOST_NODE, NODE_LINES, POD_LINES, READY_POD, TELL_POD } from './pod-lines.ts';

/** A workload whose pods are not what it wants. */
export type UnreadyWorkload = {
  /** `Deployment kube-system/metrics-server`. */
  readonly workload: string;
  /** `0 of 1 pods ready`, and what keeps them, as far as pods or their controller say it. */
  readonly why: string;
};

/**
 * The Deployments, DaemonSets and StatefulSets of a set that are not rolled out; none where there is no API server
 * to ask, and none of a set whose objects are not there. Jobs are not waited for: they may take as long as they like.
 */
export const setRollout = (set: string): Fact<readonly UnreadyWorkload[]> => fact(family, set);

const family: Family<string, readonly UnreadyWorkload[]> = {
  name: 'set-rollouts',
  patienceMs: 30_000,
  script: () => lines(onControlPlane(), ...unreadyLines(SET_LABEL), sh`unready 2>/dev/null || :`),
  parse: (output, sets) => sets.map((set) => parseUnready(output, set)),
  bare: () => [],
  // Pods come and go by themselves.
  isVolatile: true,
};

/** A line a workload; the fields of its kind stand where those of another do. */
const WORKLOADS =
  '{range .items[*]}' +
  [
    '{.metadata.labels.slipway/set}',
    '{.kind}',
    '{.metadata.namespace}',
    '{.metadata.name}',
    '{.spec.selector.matchLabels}',
    '{.metadata.generation}',
    '{.status.observedGeneration}',
    '{.spec.replicas}{.status.desiredNumberScheduled}',
    '{.status.replicas}{.status.currentNumberScheduled}',
    '{.status.updatedReplicas}{.status.updatedNumberScheduled}',
    '{.status.availableReplicas}{.status.numberAvailable}',
    '{.spec.paused}{.spec.updateStrategy.type}{.spec.updateStrategy.rollingUpdate.partition}',
    '{.status.conditions[?(@.type=="ReplicaFailure")].message}',
  ].join('{"|"}') +
  '{"\\n"}{end}';

/**
 * Defines `unready`: it prints `set|workload|counts` for every workload that is not rolled out, as `kubectl rollout
 * status` understands it, and `|why` for each pod that is not ready; it fails where the API server does not answer.
 * Pods on nodes that nobody hears from are left out: a dead machine must not hold up the others.
 *
 * @see https://github.com/kubernetes/kubectl/blob/v0.34.0/pkg/polymorphichelpers/rollout_status.go
 */
export const unreadyLines = (selector: string): readonly Script[] => [
  sh`unready() {`,
  sh`all=$(${embed(kubectl)} --request-timeout=10s get deployments.apps,daemonsets.apps,statefulsets.apps --all-namespaces --selector=${selector} --output=${`jsonpath=${WORKLOADS}`}) || return 1`,
  sh`[ -n "$all" ] || return 0`,
  sh`lost=$(${embed(kubectl)} --request-timeout=10s get nodes --output=${`jsonpath=${NODE_LINES}`} | sed -n ${LOST_NODE})`,
  sh`printf '%s\n' "$all" | while IFS='|' read -r set kind namespace name labels generation seen wanted total fresh ready how failure; do`,
  sh`  wanted=$((wanted+0)); total=$((total+0)); ready=$((ready+0)); is_new=no`,
  // What is paused, or renewed by hand, stays as it is.
  sh`  case $how in true) continue;; ''|RollingUpdate|RollingUpdate0) ;; *) fresh=$wanted;; esac`,
  sh`  [ "$generation" = "$seen" ] && [ $((fresh+0)) -ge "$wanted" ] && is_new=yes`,
  sh`  [ "$is_new" = yes ] && [ "$ready" -ge "$wanted" ] && [ "$total" -le "$wanted" ] && continue`,
  sh`  labels=$(printf %s "$labels" | tr -d '{}"' | tr : =); pods=`,
  sh`  [ -z "$labels" ] || pods=$(${embed(kubectl)} --request-timeout=10s --namespace="$namespace" get pods --selector="$labels" --output=${`jsonpath=${POD_LINES}`} | grep -v -e '^$' -e ${READY_POD} || :)`,
  sh`  for one in $lost; do pods=$(printf '%s\n' "$pods" | grep -v "^$one|" || :); done`,
  sh`  [ "$is_new" = yes ] && [ -n "$lost" ] && [ -z "$pods" ] && continue`,
  sh`  printf '%s|%s|%s\n' "$set" "$kind $namespace/$name" "$ready of $wanted pods ready$([ "$is_new" = yes ] || printf ', not all of them new')"`,
  sh`  [ -z "$failure" ] || printf '|%s\n' "$failure"`,
  sh`  printf '%s\n' "$pods" | sed ${TELL_POD} | sed 's/^/|/'`,
  sh`done`,
  sh`}`,
];

function parseUnready(output: string, set: string): readonly UnreadyWorkload[] {
  const found: { workload: string; counts: string; pods: string[] }[] = [];
  let isOfSet = false;
  for (const line of output.split('\n').filter((text) => text !== '')) {
    const [name = '', ...rest] = line.split('|');
    if (name !== '') {
      isOfSet = name === set;
      const [workload = '', counts = ''] = rest;
      if (isOfSet) found.push({ workload, counts, pods: [] });
    } else if (isOfSet) found.at(-1)?.pods.push(rest.join('|').trim());
  }
  return found.map(({ workload, counts, pods }) => ({ workload, why: [counts, ...told(pods)].join('; ') }));
}

/** One pod is enough to know: the one with the most to say. */
function told(pods: readonly string[]): readonly string[] {
  const [first, ...others] = pods.toSorted((one, other) => other.length - one.length);
  if (first === undefined) return [];
  return others.length === 0 ? [first] : [first, `${others.length} more`];
}
