import { type Fact, type Family, fact } from '#core/fact.ts';
import type { NodePods } from '#core/plan.ts';
import { embed, lines, sh } from '#core/shell.ts';

import { kubectl, onControlPlane } from './kubectl.ts';
import { API } from './over-tls.ts';

/** `node`: of it alone, which is cheap also where there are many; null: of all nodes. */
type Question = { readonly node: string | null };

/** How many pods run on nodes, and whose those with GPUs are; null where the API server does not say. */
export const runningPods = (node: string | null): Fact<readonly NodePods[] | null> => fact(family, { node });

const family: Family<Question, readonly NodePods[] | null> = {
  name: 'running-pods',
  patienceMs: 35_000,
  queue: API,
  script: (questions) => {
    const [first, ...others] = new Set(questions.map(({ node }) => node));
    const place = typeof first === 'string' && others.length === 0 ? `=${first}` : '!=';
    return lines(
      onControlPlane(),
      sh`pods=$(${embed(kubectl)} --request-timeout=30s get pods --all-namespaces --field-selector=${`spec.nodeName${place},status.phase!=Succeeded,status.phase!=Failed`} -o jsonpath=${PODS} 2>/dev/null) || exit 0`,
      sh`echo ===; printf '%s\n' "$pods" | awk -F '|' ${COUNT}`,
    );
  },
  parse: (output, questions) => {
    const found = output.startsWith('===\n') ? readCounts(output) : null;
    return questions.map(({ node }) => found && found.filter((one) => node === null || one.node === node));
  },
  bare: () => null,
  // Pods come and go by themselves.
  isVolatile: true,
};

/**
 * A line a pod. A pod has at most a few owners, of which the first is the one that made it.
 *
 * @see https://kubernetes.io/docs/reference/kubectl/jsonpath/ (v1.34: maps are printed as JSON)
 */
const PODS = `{range .items[*]}${[
  '{.spec.nodeName}',
  '{.metadata.namespace}',
  '{.metadata.name}',
  '{.metadata.ownerReferences[*].kind}',
  '{.metadata.ownerReferences[*].name}',
  '{.metadata.labels.pod-template-hash}',
  '{.spec.containers[*].resources.limits}',
].join('|')}{"\\n"}{end}`;

/**
 * `NODE|PODS` for each node, and `NODE|PODS|OWNER` for those with GPUs: a Deployment is named in place of its ReplicaSet,
 * whose name is that of the Deployment and the hash of its pods.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#pod-template-hash-label (v1.34)
 */
const COUNT = String.raw`$1 == "" { next }
{ pods[$1]++ }
/"nvidia\.com\// {
  split($4, kinds, " "); split($5, names, " "); kind = kinds[1]; name = names[1]
  if (kind == "") { kind = "Pod"; name = $3 }
  cut = length(name) - length($6)
  if (kind == "ReplicaSet" && $6 != "" && cut > 1 && substr(name, cut) == "-" $6) { kind = "Deployment"; name = substr(name, 1, cut - 1) }
  gpus[$1 "|" kind " " $2 "/" name]++
}
END {
  for (node in pods) print node "|" pods[node]
  for (owned in gpus) { at = index(owned, "|"); print substr(owned, 1, at) gpus[owned] substr(owned, at) }
}`;

/** In the order of names, as awk has none. */
function readCounts(output: string): readonly NodePods[] {
  const rows = output
    .split('\n')
    .filter((line) => line.includes('|'))
    .map((line) => line.split('|'));
  const byNode = Map.groupBy(rows, ([node = '']) => node);
  return [...byNode]
    .map(([node, own]) => ({
      node,
      pods: Number(own.find((row) => row.length === 2)?.[1]),
      gpus: own
        .flatMap(([, pods, owner]) => (owner === undefined ? [] : [{ owner, pods: Number(pods) }]))
        .toSorted((left, right) => (left.owner < right.owner ? -1 : 1)),
    }))
    .toSorted((left, right) => (left.node < right.node ? -1 : 1));
}
