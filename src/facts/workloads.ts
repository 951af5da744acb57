import { type Fact, type Family, fact } from '#core/fact.ts';
import { embed, lines, type Script, sh } from '#core/shell.ts';
import type { Watch } from '#core/watch.ts';

import { apiWatch, namedPath } from './api-watch.ts';
import { doubting, isOfFormerLife, registeredLately } from './former-life.ts';
import { kubectl, onControlPlane } from './kubectl.ts';
import { type KubernetesObject, readObjects } from './kubernetes-object.ts';
import { API, bodiesOf, OVER_TLS } from './over-tls.ts';
import { SET_LABEL } from './owned-objects.ts';
import { isDone, podTrouble } from './pod-trouble.ts';

/** How far a Deployment, DaemonSet or StatefulSet has been rolled out. */
export type WorkloadState = {
  /** `Deployment kube-system/metrics-server`. */
  readonly name: string;
  /** `old`: not all pods are made from it as it is now; `new`: they are, and not all are ready. */
  readonly rollout: 'absent' | 'old' | 'new' | 'done';
  /** `1 of 2 pods ready`, and why there are not more pods, where its controller says it. */
  readonly counts: string;
  /** Those that are not ready; not asked for where it is rolled out. */
  readonly pods: readonly PodState[];
};

/** A pod that is not ready. */
export type PodState = {
  /** Empty until it is scheduled. */
  readonly node: string;
  /** With its name and its node. */
  readonly why: string;
  /** Whether it is something that time alone does not mend, such as an image that is not to be had. */
  readonly isStuck: boolean;
};

type OneWorkload = { readonly kind: string; readonly namespace: string; readonly name: string };
type Selected = OneWorkload & { readonly selector: string };
type Question =
  | { readonly set: string }
  | { readonly workloads: readonly OneWorkload[] }
  | { readonly workloads: readonly Selected[]; readonly ofThisLife: true };

/** Workloads by their names; null where the API server does not answer. */
export const workloads = (wanted: readonly OneWorkload[]): Fact<readonly WorkloadState[] | null> =>
  fact(family, { workloads: wanted.map(({ kind, namespace, name }) => ({ kind, namespace, name })) });

/**
 * The same. Where a node was registered anew, pods that are only told of as its former life left them are not taken for
 * ready. The node is to be asked for in the same look.
 */
export const workloadsOfThisLife = (wanted: readonly Selected[]): Fact<readonly WorkloadState[] | null> =>
  fact(family, {
    workloads: wanted.map(({ kind, namespace, name, selector }) => ({ kind, namespace, name, selector })),
    ofThisLife: true,
  });

/** The workloads of a set of objects. Jobs are not among them: they may take as long as they like. */
export const workloadsOf = (set: string): Fact<readonly WorkloadState[] | null> => fact(family, { set });

/** What tells how far workloads have been rolled out, by their names or those of a set: one list for each kind in a namespace. */
export function workloadsWatch(of: readonly OneWorkload[] | string): Watch {
  if (typeof of === 'string')
    return apiWatch(...SET_KINDS.map((kinds) => `/apis/apps/v1/${kinds}?labelSelector=${SET_LABEL}=${of}`));
  const lists = Map.groupBy(of, listOf);
  return apiWatch(
    ...[...lists].map(([list, [one, ...more]]) =>
      one !== undefined && more.length === 0 ? namedPath(list, one.name) : list,
    ),
  );
}

const SET_KINDS = ['deployments', 'daemonsets', 'statefulsets'] as const;

/** Of their pods those on one node. */
export const unreadyOn = (node: string, found: readonly WorkloadState[] | null): readonly PodState[] =>
  (found ?? []).flatMap(({ pods }) => pods.filter((pod) => pod.node === node));

const family: Family<Question, readonly WorkloadState[] | null> = {
  name: 'workloads',
  patienceMs: 25_000,
  queue: API,
  wants: (questions) => pathsOf(questions),
  script: (questions) => {
    const named = questions.flatMap((question) => ('set' in question ? [] : question.workloads));
    const groups = [...Map.groupBy(named, ({ namespace }) => namespace)].map(([namespace, group]) => {
      const names = new Set(group.map(({ kind, name }) => `${kind.toLowerCase()}s.apps/${name}`));
      return sh`-n ${namespace} ${[...names]} --ignore-not-found`;
    });
    const sets = sh`--all-namespaces deployments.apps,daemonsets.apps,statefulsets.apps --selector=${SET_LABEL}`;
    const hasSets = questions.some((question) => 'set' in question);
    const paths = pathsOf(questions);
    const doubted = doubtedOf(questions).map(podsPath);
    return lines(
      onControlPlane(),
      ...(paths.length === 0 && doubted.length === 0 ? [] : [OVER_TLS]),
      ...(doubted.length === 0 ? [] : [doubting(doubted)]),
      ...(paths.length === 0 ? [] : [tellOfSound(paths)]),
      TELL,
      ...[...(hasSets ? [sets] : []), ...groups].map(ask),
    );
  },
  parse: (output, questions) => {
    if (/^failed$/m.test(output)) return questions.map(() => null);
    const found = readWorkloads(output, doubtedOf(questions));
    return questions.map((question) =>
      'set' in question
        ? found.filter(({ set }) => set === question.set).map(({ state }) => state)
        : question.workloads.map((one) => {
            const known = found.find(({ state }) => state.name === nameOf(one));
            if (known === undefined) return absent(one);
            return 'ofThisLife' in question ? withDoubts(known) : known.state;
          }),
    );
  },
  bare: (question) => ('set' in question ? [] : question.workloads.map(absent)),
  // Pods come and go by themselves.
  isVolatile: true,
};

/** None where workloads of a set are asked for, which have no path of their own. */
const pathsOf = (questions: readonly Question[]): readonly string[] => {
  const all = questions.flatMap((question) =>
    'set' in question ? [null] : question.workloads.map((one) => `${listOf(one)}/${one.name}`),
  );
  return all.includes(null) ? [] : all.flatMap((path) => path ?? []);
};

/** Of whose pods the former life is heeded. */
const doubtedOf = (questions: readonly Question[]): readonly Selected[] => [
  ...new Map(
    questions.flatMap((question) =>
      'ofThisLife' in question ? question.workloads.map((one) => [nameOf(one), one] as const) : [],
    ),
  ).values(),
];

const podsPath = ({ namespace, selector }: Selected): string =>
  `/api/v1/namespaces/${namespace}/pods?labelSelector=${selector}&fieldSelector=spec.nodeName=`;

const listOf = ({ kind, namespace }: OneWorkload): string =>
  `/apis/apps/v1/namespaces/${namespace}/${kind.toLowerCase()}s`;

const nameOf = ({ kind, namespace, name }: OneWorkload): string => `${kind} ${namespace}/${name}`;

const absent = (one: OneWorkload): WorkloadState => ({
  name: nameOf(one),
  rollout: 'absent',
  counts: 'not there yet',
  pods: [],
});

const ask = (what: Script): Script =>
  sh`found=$(${embed(kubectl)} --request-timeout=10s get ${embed(what)} -o jsonpath=${WORKLOADS} 2>/dev/null) || { echo failed; exit 0; }; printf '%s\n' "$found" | tell`;

/**
 * Ends the question where all that there is of them is as it should be, so that nobody has to look at pods but at doubted ones;
 * where those cannot be told of in this way, kubectl is asked.
 */
const tellOfSound = (paths: readonly string[]): Script =>
  sh`if over_tls ${paths} && sound=$(printf '%s\n' "$said" | awk -v found="$found" ${SOUND}) && doubts=$([ -z "$young" ] || doubted); then printf '%s\n' "$sound" "$doubts"; exit 0; fi`;

/**
 * Prints of each workload what `WORKLOADS` does, and fails where one may not be just as it should be. Each is on a line, as
 * the API server writes it; in several pieces it is not told of.
 */
const SOUND = String.raw`function number(text, name) { return match(text, "\"" name "\":[0-9]+[,}]") ? substr(text, RSTART + length(name) + 3) + 0 : 0 }
/^\{"kind":"(DaemonSet|Deployment)","apiVersion":"apps\/v1","metadata":\{"name":"[^"]*","namespace":"[^"]*",/ && /\}$/ && !/"ReplicaFailure"/ {
  split($0, word, "\""); at = index($0, ",\"status\":{"); status = substr($0, at); is = word[4] == "Deployment"
  wanted = is ? number($0, "replicas") : number(status, "desiredNumberScheduled")
  generation = number($0, "generation")
  total = number(status, is ? "replicas" : "currentNumberScheduled"); fresh = number(status, is ? "updatedReplicas" : "updatedNumberScheduled"); ready = number(status, is ? "availableReplicas" : "numberAvailable")
  if (!at || generation != number(status, "observedGeneration") || total != wanted || fresh != wanted || ready != wanted) exit
  line[++sound] = word[4] "|" word[18] "|" word[14] "||" generation "|" generation "|" wanted "|" total "|" fresh "|" ready "||"
}
END { if (sound != found) exit 1; for (i = 1; i <= sound; i++) print line[i] }`;

const WORKLOAD = [
  '{.kind}',
  '{.metadata.namespace}',
  '{.metadata.name}',
  '{.metadata.labels.slipway/set}',
  '{.metadata.generation}',
  '{.status.observedGeneration}',
  '{.spec.replicas}{.status.desiredNumberScheduled}',
  '{.status.replicas}{.status.currentNumberScheduled}',
  '{.status.updatedReplicas}{.status.updatedNumberScheduled}',
  '{.status.availableReplicas}{.status.numberAvailable}',
  '{.spec.paused}{.spec.updateStrategy.type}{.spec.updateStrategy.rollingUpdate.partition}',
  '{.spec.selector.matchLabels}',
  '{.status.conditions[?(@.type=="ReplicaFailure")].message}',
].join('|');

/** A line a workload, of a list as of one alone; the fields of its kind stand where those of another do. */
const WORKLOADS = `${WORKLOAD}{"\\n"}{range .items[*]}${WORKLOAD}{"\\n"}{end}`;

/** A line a pod. */
const PODS =
  '{range .items[*]}pod|{.status.conditions[?(@.type=="Ready")].status}|{.metadata.deletionTimestamp}|{.spec.nodeName}|{.metadata.name}|{.metadata.creationTimestamp}|{.status}{"\\n"}{end}';

/** Of those lines the ones of pods that are not ready, or may only have been so. */
const NOT_READY = '!($2 == "True" && $3 == "") || index(young, "|" $4 "|")';

/**
 * Tells of workloads what is read of them, and of those that are not just as they should be, what pods are not ready.
 *
 * @see https://kubernetes.io/docs/reference/kubectl/jsonpath/ (v1.34: maps are printed as JSON)
 */
const TELL: Script = lines(
  sh`tell() {`,
  sh`while IFS='|' read -r kind namespace name set generation seen wanted total fresh ready how labels failure; do`,
  sh`  [ -n "$name" ] || continue`,
  sh`  printf '%s\n' "$kind|$namespace|$name|$set|$generation|$seen|$wanted|$total|$fresh|$ready|$how|$failure"`,
  sh`  [ "$generation" = "$seen" ] && [ $((total+0)) = $((wanted+0)) ] && [ $((fresh+0)) = $((wanted+0)) ] && [ $((ready+0)) = $((wanted+0)) ] && continue`,
  sh`  [ -z "$labels" ] || ${embed(kubectl)} --request-timeout=10s -n "$namespace" get pods -l "$(printf %s "$labels" | tr -d '{}"' | tr : =)" -o jsonpath=${PODS} 2>/dev/null </dev/null | awk -F'|' -v young="$young" ${NOT_READY}`,
  sh`done`,
  sh`}`,
);

interface Found {
  readonly set: string;
  readonly state: WorkloadState & { readonly pods: PodState[] };
  /** Pods that are not ready although it may be rolled out, by what is told of them. */
  readonly doubts: PodState[];
}

function readWorkloads(output: string, doubted: readonly Selected[]): readonly Found[] {
  const found: Found[] = [];
  const young = registeredLately(output);
  for (const line of output.split('\n').filter((text) => text !== '' && !NO_WORKLOAD.test(text))) {
    const fields = line.split('|');
    if (fields[0] === 'pod') {
      const pod = readPod(fields);
      const told = unready(pod);
      const last = found.at(-1);
      if (told === undefined) last?.doubts.push(...doubtful(pod, young));
      else last?.state.pods.push(told);
    } else found.push(readWorkload(fields));
  }
  const bodies = bodiesOf(output) ?? [];
  const asked = [...young.keys()].flatMap(() => doubted);
  for (const [index, one] of asked.entries()) {
    const pods = readObjects(bodies[index] ?? '');
    const doubts = pods.flatMap((pod) => unready(pod) ?? doubtful(pod, young));
    found.find(({ state }) => state.name === nameOf(one))?.doubts.push(...doubts);
  }
  return found;
}

const withDoubts = ({ state, doubts }: Found): WorkloadState =>
  doubts.length === 0
    ? state
    : {
        ...state,
        rollout: state.rollout === 'done' ? 'new' : state.rollout,
        pods: [...state.pods, ...doubts],
      };

const NO_WORKLOAD = /^(young\||over TLS )/;

/** As `kubectl rollout status` understands it: https://github.com/kubernetes/kubectl/blob/v0.34.0/pkg/polymorphichelpers/rollout_status.go */
function readWorkload(fields: readonly string[]): Found {
  const [kind = '', namespace = '', name = '', set = '', generation, seen, ...rest] = fields;
  const [wanted = 0, total = 0, fresh = 0, ready = 0] = rest.slice(0, 4).map(Number);
  const [how = '', ...failure] = rest.slice(4);
  // What is paused, or renewed by hand, stays as it is.
  const isByHand = !['', 'RollingUpdate', 'RollingUpdate0'].includes(how);
  const isNew = generation === seen && (isByHand || fresh >= wanted);
  const isOver = how === 'true' || (isNew && ready >= wanted && total <= wanted);
  const why = failure.join('|');
  return {
    set,
    state: {
      name: nameOf({ kind, namespace, name }),
      rollout: isOver ? 'done' : isNew ? 'new' : 'old',
      counts: `${ready} of ${wanted} pods ready${isNew ? '' : ', not all of them new'}${why && `; ${why}`}`,
      pods: [],
    },
    doubts: [],
  };
}

function readPod(fields: readonly string[]): KubernetesObject {
  const [, , deletionTimestamp = '', node = '', name = '', creationTimestamp = '', ...status] = fields;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, creationTimestamp, ...(deletionTimestamp !== '' && { deletionTimestamp }) },
    spec: node === '' ? {} : { nodeName: node },
    status: JSON.parse(status.join('|')) as NonNullable<KubernetesObject['status']>,
  };
}

/** What is told of a pod that is not ready; nothing of one that is. */
function unready(pod: KubernetesObject): PodState | undefined {
  const { metadata } = pod;
  const node = nodeOf(pod);
  // One that was told to go is not waited for, but for its place.
  if (metadata.deletionTimestamp !== undefined)
    return { node, why: `${metadata.name} is being deleted`, isStuck: false };
  if (isDone(pod)) return undefined;
  const { kind, message } = podTrouble(pod);
  return { node, why: message, isStuck: kind === 'image pull' || kind === 'container' };
}

/** Of a pod that is ready: what is told of it where it is so by its node's former life alone. */
function doubtful(pod: KubernetesObject, young: ReadonlyMap<string, string>): readonly PodState[] {
  const node = nodeOf(pod);
  const registered = young.get(node);
  return registered === undefined || !isOfFormerLife(pod, registered)
    ? []
    : [{ node, why: `${pod.metadata.name} is told of as it was before ${node} joined`, isStuck: false }];
}

const nodeOf = ({ spec }: KubernetesObject): string => spec?.nodeName ?? '';
