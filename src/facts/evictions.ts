import { type Fact, type Family, fact } from '#core/fact.ts';
import { embed, lines, sh } from '#core/shell.ts';

import { kubectl, onControlPlane } from './kubectl.ts';
import { type KubernetesObject, readObjects } from './kubernetes-object.ts';
import { API, IN_ONE_PIECE, OVER_TLS } from './over-tls.ts';

/** A pod that a drain of its node would make go: no pod of a DaemonSet, and none that the kubelet makes by itself. */
export type EvictedPod = {
  readonly node: string;
  /** `namespace/name`. */
  readonly name: string;
  /** No controller makes it anew elsewhere. */
  readonly isBare: boolean;
  readonly usesGpus: boolean;
  /** `namespace/name` of the PodDisruptionBudgets that let none of its kind go at the moment. */
  readonly blockedBy: readonly string[];
};

/** `unless`: asked for only where a kubelet runs another version: `1.35` of the minor, `1.35.6` of the patch; null: always. */
type Question = { readonly unless: string | null };

/**
 * What drains would make go, on all nodes; null where it was not asked for, or the API server does not say.
 *
 * @param unless a version; where all kubelets run it, nothing is asked.
 */
export const evictions = (unless: string | null): Fact<readonly EvictedPod[] | null> =>
  fact(family, { unless });

const NODES = ['/api/v1/nodes'];

const family: Family<Question, readonly EvictedPod[] | null> = {
  name: 'evictions',
  patienceMs: 35_000,
  queue: API,
  wants: (questions) => (questions.some(({ unless }) => unless === null) ? [] : NODES),
  script: (questions) => {
    const versions = questions.flatMap(({ unless }) => unless ?? []);
    return lines(
      onControlPlane(),
      ...(versions.length < questions.length
        ? []
        : [
            OVER_TLS,
            IN_ONE_PIECE,
            sh`if over_tls ${NODES} && [ "$found" = 1 ]; then versions=$(in_one_piece | grep -oE '"kubeletVersion": *"[^"]*"' | sed 's/"$//; s/.*"/ /')`,
            sh`else versions=$(${get} nodes --no-headers 2>/dev/null) || exit 0; fi`,
            sh`isDue() { printf '%s\n' "$versions" | grep -qvE "[[:space:]]v$1([.-].*)?$"; }`,
            sh`for version in ${versions.map((version) => version.replaceAll('.', '\\.'))} ''; do [ -n "$version" ] || exit 0; ! isDue "$version" || break; done`,
          ]),
      sh`pods=$(${get} pods --all-namespaces -o jsonpath=${PODS}) && budgets=$(${get} poddisruptionbudgets --all-namespaces -o json) || exit 0`,
      sh`printf '%s\n' "$pods" | grep -vE '^[^|]*[|][^|]*[|][^|]*[|]DaemonSet[|]' || :`,
      sh`printf '===\n%s\n' "$budgets"`,
    );
  },
  parse: (output, questions) => {
    const found = output.includes('===\n') ? readEvictions(output) : null;
    return questions.map(() => found);
  },
  bare: () => null,
  // Pods come and go by themselves.
  isVolatile: true,
};

const get = embed(sh`${embed(kubectl)} --request-timeout=10s get`);

/**
 * A line a pod. Labels stand last: their values hold no bar.
 *
 * @see https://kubernetes.io/docs/reference/kubectl/jsonpath/ (v1.34: maps are printed as JSON)
 */
const PODS = `{range .items[*]}${[
  '{.spec.nodeName}',
  '{.metadata.namespace}',
  '{.metadata.name}',
  '{.metadata.ownerReferences[*].kind}',
  '{.metadata.annotations.kubernetes\\.io/config\\.mirror}',
  '{.status.phase}',
  '{.spec.containers[*].resources.limits}',
  '{.metadata.labels}',
].join('|')}{"\\n"}{end}`;

function readEvictions(output: string): readonly EvictedPod[] {
  const [pods = '', budgets = ''] = output.split(/^===$/m);
  const closed = readObjects(budgets).filter(isClosed);
  return pods
    .split('\n')
    .filter((line) => line.includes('|'))
    .flatMap((line) => readPod(line.split('|'), closed));
}

/** @see https://kubernetes.io/docs/concepts/scheduling-eviction/api-eviction/ (v1.34: pods that have ended go whatever a budget says) */
function readPod(fields: readonly string[], closed: readonly KubernetesObject[]): readonly EvictedPod[] {
  const [node = '', namespace = '', name = '', owner = '', mirror = '', phase = '', limits = '', ...rest] =
    fields;
  if (node === '' || mirror !== '' || phase === 'Succeeded' || phase === 'Failed') return [];
  const labels = (rest.join('|') === '' ? {} : JSON.parse(rest.join('|'))) as Labels;
  return [
    {
      node,
      name: `${namespace}/${name}`,
      isBare: owner === '',
      usesGpus: limits.includes('"nvidia.com/'),
      blockedBy: closed
        .filter(({ metadata, spec }) => metadata.namespace === namespace && selects(spec?.selector, labels))
        .map(({ metadata }) => `${namespace}/${metadata.name}`),
    },
  ];
}

type Labels = Readonly<Record<string, string>>;
type Selector = NonNullable<NonNullable<KubernetesObject['spec']>['selector']>;

const isClosed = ({ status }: KubernetesObject): boolean => (status?.disruptionsAllowed ?? 0) < 1;

/** @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#resources-that-support-set-based-requirements (v1.34) */
function selects(selector: Selector | undefined, labels: Labels): boolean {
  if (selector === undefined) return false;
  const { matchLabels = {}, matchExpressions = [] } = selector;
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const value = labels[key];
      if (operator === 'Exists') return value !== undefined;
      if (operator === 'DoesNotExist') return value === undefined;
      const isAmong = value !== undefined && values.includes(value);
      return operator === 'In' ? isAmong : !isAmong;
    })
  );
}
