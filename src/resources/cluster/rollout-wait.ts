import { embed, lines, type Script, sh } from '#core/shell.ts';
import type { RunStep } from '#core/step.ts';
import { kubectl } from '#facts/kubectl.ts';
import { BRIEF_POD, LOST_NODE, NODE_LINES, POD_LINES, READY_POD, STUCK, TELL_POD } from '#facts/pod-lines.ts';
import type { Workload } from '#objects/workload.ts';

/** How long images may take to come over a slow line, and pods to start. */
const TIMEOUT_SECONDS = 600;
/** What each node adds where pods are replaced one after another. */
const NODE_SECONDS = 60;
/** A kubelet that cannot pull or start a container tries again after 10, 20, 40 s: after these it is no hiccup. */
export const PATIENCE_SECONDS = 90;

/**
 * Waits until a workload has been rolled out, and tells what keeps its pods from being ready. Pods on nodes that
 * nobody hears from are left out: a dead machine must not hold up the others.
 */
export const rolloutStep = (workload: Workload, nodes = 1): RunStep => ({
  do: 'run',
  summary: `wait for the pods of ${workload.namespace}/${workload.name}`,
  script: rolloutScript(workload, undefined, TIMEOUT_SECONDS + nodes * NODE_SECONDS),
  timeoutMs: (TIMEOUT_SECONDS + nodes * NODE_SECONDS + 30) * 1000,
});

/** Waits for the pods of a workload that are on one node. */
export const nodePodsStep = (workload: Workload, node: string): RunStep => ({
  do: 'run',
  summary: `wait for ${workload.name} on ${node}`,
  script: rolloutScript(workload, node, TIMEOUT_SECONDS),
  timeoutMs: (TIMEOUT_SECONDS + 30) * 1000,
});

const STATUS: Readonly<Record<Workload['kind'], string>> = {
  DaemonSet:
    '{.metadata.generation} {.status.observedGeneration} {.status.desiredNumberScheduled} {.status.updatedNumberScheduled}',
  Deployment:
    '{.metadata.generation} {.status.observedGeneration} {.spec.replicas} {.status.updatedReplicas}',
};

function rolloutScript(
  { kind, namespace, name, selector }: Workload,
  node: string | undefined,
  timeoutSeconds: number,
): Script {
  const get = sh`${embed(kubectl)} --request-timeout=10s -n ${namespace} get`;
  const onNode = node === undefined ? sh`cat` : sh`grep ${`^${node}|`}`;
  const isRolledOut =
    node === undefined
      ? sh`set -- $(${embed(get)} ${kind} ${name} -o jsonpath=${STATUS[kind]} 2>/dev/null); [ $# -ge 3 ] && [ "$1" = "$2" ] && { [ "$3" = 0 ] || [ "$3" = "$4" ]; }`
      : sh`[ -n "$pods" ]`;
  return lines(
    sh`began=$(date +%s); stuck=0; said=`,
    sh`while :; do`,
    sh`lost=$(${embed(kubectl)} --request-timeout=10s get nodes -o jsonpath=${NODE_LINES} 2>/dev/null | sed -n ${LOST_NODE})`,
    sh`pods=$(${embed(get)} pods -l ${selector} -o jsonpath=${POD_LINES} 2>/dev/null | ${embed(onNode)} || :)`,
    sh`left=$(printf '%s\n' "$pods" | grep -v -e '^$' -e ${READY_POD} || :)`,
    sh`for one in $lost; do left=$(printf '%s\n' "$left" | grep -v "^$one|" || :); done`,
    sh`( ${embed(isRolledOut)} ) && [ -z "$left" ] && exit 0`,
    sh`why=$(printf '%s\n' "$left" | sed ${TELL_POD})`,
    sh`now=$(date +%s); brief=$(printf '%s\n' "$why" | sed ${BRIEF_POD})`,
    sh`[ "$brief" = "$said" ] || printf '%s\n' "$brief"; said=$brief`,
    sh`if printf '%s\n' "$why" | grep -qE ${STUCK}; then [ "$stuck" != 0 ] || stuck=$now; else stuck=0; fi`,
    sh`if [ $((now - began)) -ge ${timeoutSeconds} ] || { [ "$stuck" != 0 ] && [ $((now - stuck)) -ge ${PATIENCE_SECONDS} ]; }; then`,
    sh`  printf '%s\n' "$said" | grep -q CrashLoop && ${embed(kubectl)} -n ${namespace} logs -l ${selector} --tail=5 --prefix >&2 || :`,
    sh`  [ -n "$why" ] || why=${`${kind} ${name} has not been rolled out`}`,
    sh`  printf '%s\n' "$why" >&2; exit 1`,
    sh`fi`,
    sh`sleep 1`,
    sh`done`,
  );
}
