import type { Cluster, Drain, Host } from '#core/cluster.ts';
import {
  type Change,
  change,
  differs,
  having,
  none,
  noted,
  resource,
  type Resource,
} from '#core/resource.ts';
import { embed, lines, type Script, sh } from '#core/shell.ts';
import type { Step } from '#core/step.ts';
import { apiNode, type NodeState } from '#facts/api.ts';
import { nodeWatch } from '#facts/api-watch.ts';
import { type EvictedPod, evictions } from '#facts/evictions.ts';
import { API_AWAY, kubectl } from '#facts/kubectl.ts';
import { nodeOf } from '#facts/node-of.ts';

/** The annotation of a node that slipway has cordoned: only such a node is put back into service by it. */
export const CORDONED = 'slipway/cordoned';

/** The annotation of a node that has been drained since it was cordoned, by whomever. */
const DRAINED = 'slipway/drained';

/** A node may take a moment to be Ready again after its kubelet was restarted. */
const READY_TIMEOUT_MS = 300_000;

/** kubectl looks at its timeout between tries, which are five seconds apart. */
const SLACK_MS = 30_000;

const PODS_NAMED = 10;

/** An API server is away for seconds where its control plane is upgraded. */
const PATIENCE = { when: API_AWAY, attempts: 6, pauseMs: 2000 };

/** And for minutes where the runtime of the only control plane was restarted with all its containers. */
const COMING_UP = { when: API_AWAY, attempts: 9, pauseMs: 1000 };

export interface DrainOptions {
  readonly cluster: Cluster;
  readonly host: Host;
  /** A version of kubelets with which no node is to be drained; null: this node is to be drained whatever it runs. */
  readonly unless: string | null;
}

/**
 * A node without pods that could run elsewhere, on which none is started any more. It is marked before it is cordoned, so
 * that a run which was cut off is known by it. What the inventory says of drains, it says under `upgrade.drain`.
 *
 * It is to run on the CLUSTER, and where a node is to be drained under a condition, behind a gate.
 */
export const drained = ({ cluster, host, unless }: DrainOptions): Resource =>
  resource({
    address: `drain:${host.name}`,
    facts: { api: apiNode(host.name), pods: evictions(unless) },
    diff: ({ api, pods }) => {
      const node = nodeOf(api, cluster, host);
      if ('answer' in node) return node;
      if (isDrained(node)) return none(`node ${host.name} is cordoned and drained`);
      const { drain } = cluster.upgrade;
      const leaving = pods?.filter((pod) => pod.node === host.name) ?? [];
      const isForeign = node.isCordoned && node.annotations[CORDONED] === undefined;
      const outcome = change(
        [
          ...differs('schedulable', !node.isCordoned, false),
          { what: 'pods', from: pods === null ? 'not known' : `${leaving.length} that leave`, to: 'drained' },
        ],
        [
          {
            do: 'run',
            summary: `drain node ${host.name}`,
            script: lines(...(isForeign ? [] : cordon(host)), kubectlDrain(host, drain), mark(host, DRAINED)),
            timeoutMs: drain.timeoutMs + SLACK_MS,
            retry: PATIENCE,
          },
        ],
      );
      const foreign = `node ${host.name} was cordoned by somebody else, and stays cordoned`;
      return noted(having(outcome, { drains: [host.name] }), [
        ...(isForeign ? [foreign] : []),
        ...notesOn(leaving, host, drain),
      ]);
    },
  });

/** Whether a node is out of service, and nothing on it could run elsewhere. */
const isDrained = ({ isCordoned, annotations }: NodeState): boolean => isCordoned && DRAINED in annotations;

/** Whether slipway has taken a node out of service, and has not put it back. */
const isOutOfService = (node: NodeState): boolean => marksOn(node).length > 0;

/** First the mark: what is cordoned without one is somebody else's. */
const cordon = (host: Host): readonly Script[] => [
  mark(host, CORDONED),
  sh`${embed(kubectl)} cordon ${host.name}`,
];

const mark = ({ name }: Host, annotation: string): Script =>
  sh`${embed(kubectl)} annotate node ${name} --overwrite ${`${annotation}=true`}`;

/** @see https://kubernetes.io/docs/reference/kubectl/generated/kubectl_drain/ (v1.34) */
function kubectlDrain({ name }: Host, drain: Drain): Script {
  const flags = [
    '--ignore-daemonsets',
    '--delete-emptydir-data',
    `--timeout=${drain.timeoutMs / 1000}s`,
    ...(drain.gracePeriod === undefined ? [] : [`--grace-period=${drain.gracePeriod}`]),
    ...(drain.force ? ['--force'] : []),
    ...(drain.disableEviction ? ['--disable-eviction'] : []),
  ];
  return sh`${embed(kubectl)} drain ${name} ${flags}`;
}

/** What leaves, and what keeps it from leaving. */
function notesOn(pods: readonly EvictedPod[], { name }: Host, drain: Drain): readonly string[] {
  const withGpus = pods.filter(({ usesGpus }) => usesGpus);
  const others = pods.filter(({ usesGpus }) => !usesGpus);
  const bare = pods.filter(({ isBare }) => isBare);
  const budgets = [...new Set(pods.flatMap(({ blockedBy }) => blockedBy))].toSorted();
  return [
    ...(others.length > 0 ? [`leave ${name}: ${named(others)}`] : []),
    ...(withGpus.length > 0 ? [`leave ${name}, and have GPUs: ${named(withGpus)}`] : []),
    ...(bare.length > 0
      ? [
          `no controller makes ${named(bare)} anew: ${drain.force ? 'gone for good' : 'the drain fails unless upgrade.drain.force is true'}`,
        ]
      : []),
    ...(drain.disableEviction
      ? []
      : budgets.map(
          (budget) =>
            `PodDisruptionBudget ${budget} lets no pod go now: the drain of ${name} waits up to ${drain.timeoutMs / 1000} s for it`,
        )),
  ];
}

function named(pods: readonly EvictedPod[]): string {
  const names = pods.map(({ name }) => name).toSorted();
  const more = names.length > PODS_NAMED ? ` and ${names.length - PODS_NAMED} more` : '';
  return names.slice(0, PODS_NAMED).join(', ') + more;
}

/**
 * A node in service: what slipway has cordoned is schedulable again, and Ready. What somebody else has cordoned stays so.
 * It is to run on the CLUSTER.
 */
export const inService = (cluster: Cluster, host: Host): Resource =>
  resource({
    address: `uncordon:${host.name}`,
    facts: { api: apiNode(host.name) },
    settle: {
      timeoutMs: READY_TIMEOUT_MS,
      watch: nodeWatch(host.name),
      remedy: {
        afterMs: 0,
        steps: ({ api }) => {
          const node = nodeOf(api, cluster, host);
          return 'answer' in node || !node.isReady ? [] : [uncordon(host, node)];
        },
      },
    },
    diff: ({ api }) => {
      const node = nodeOf(api, cluster, host);
      if ('answer' in node) return node;
      if (!isOutOfService(node)) return none(`node ${host.name} was not taken out of service by slipway`);
      const { isCordoned, annotations, isReady, message } = node;
      return change(
        [
          ...(isReady ? [] : [{ what: 'Ready', from: message || 'False', to: 'True' }]),
          ...(CORDONED in annotations ? differs('schedulable', !isCordoned, true) : []),
          ...marksOn(node).map((key) => ({ what: `annotation ${key}`, from: 'true', to: null })),
        ],
        // A node that is not Ready is waited for first.
        isReady ? [uncordon(host, node)] : [],
      );
    },
  });

const marksOn = ({ annotations }: NodeState): readonly string[] =>
  [CORDONED, DRAINED].filter((key) => key in annotations);

/** A node as its drain leaves it. */
function afterDrain(node: NodeState): NodeState {
  const isForeign = node.isCordoned && !(CORDONED in node.annotations);
  const annotations = { ...node.annotations, ...(!isForeign && { [CORDONED]: 'true' }), [DRAINED]: 'true' };
  return { ...node, annotations, isCordoned: true };
}

/** What is done after its drain, foretold before that. */
export function foreseenUncordon(host: Host, node: NodeState): Change {
  const then = afterDrain(node);
  return change(
    [
      CORDONED in then.annotations
        ? { what: 'schedulable', from: 'false, once drained', to: true }
        : { what: `annotation ${DRAINED}`, from: 'true, once drained', to: null },
    ],
    [uncordon(host, then)],
  );
}

/** The same, decided before the node is drained: the API server may be away after what was done to the node. */
export function uncordoned(host: Host, node: NodeState): Change {
  const foreseen = foreseenUncordon(host, node);
  return { ...foreseen, steps: foreseen.steps.map((step) => ({ ...step, retry: COMING_UP })) };
}

/** The marks go last, so that a run which was cut off in between is gone on with. */
function uncordon({ name }: Host, node: NodeState): Step {
  const isOurs = CORDONED in node.annotations;
  return {
    do: 'run',
    summary: isOurs ? `uncordon node ${name}` : `forget that node ${name} was drained`,
    script: lines(
      ...(isOurs ? [sh`${embed(kubectl)} uncordon ${name}`] : []),
      sh`${embed(kubectl)} annotate node ${name} ${marksOn(node).map((key) => `${key}-`)}`,
    ),
    retry: PATIENCE,
  };
}
