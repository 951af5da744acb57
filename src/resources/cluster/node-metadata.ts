import { type Cluster, firstControlPlane, type Host, type Taint } from '#core/cluster.ts';
import {
  change,
  changeOr,
  deferred,
  type Difference,
  differs,
  none,
  noted,
  type Outcome,
  resource,
  type Resource,
} from '#core/resource.ts';
import { embed, lines, type Script, sh } from '#core/shell.ts';
import { apiState, type NodeState, type NodeTaint } from '#facts/api.ts';
import { kubectl } from '#facts/kubectl.ts';

/** Annotations of a Node that say what on it is slipway's: keys of labels, and `key:Effect` of taints. */
const OWN_LABELS = 'slipway/labels';
const OWN_TAINTS = 'slipway/taints';

/** Labels of a node as the inventory says; of the others only those go that slipway set before. */
export function nodeLabels(cluster: Cluster, host: Host): Resource {
  return onNode(cluster, host, 'labels', ({ labels, annotations }) => {
    const keys = Object.keys(host.labels);
    const owned = readOwned(annotations[OWN_LABELS]);
    const wrong = keys.filter((key) => labels[key] !== host.labels[key]);
    const gone = owned.filter((key) => !keys.includes(key) && key in labels);
    const words = [...wrong.map((key) => `${key}=${host.labels[key]}`), ...gone.map((key) => `${key}-`)];
    return diffOwned({
      host,
      annotation: OWN_LABELS,
      owned,
      wanted: keys,
      differences: [...wrong, ...gone].map((key) => ({
        what: `label ${key}`,
        from: labels[key] ?? null,
        to: host.labels[key] ?? null,
      })),
      script: sh`${embed(kubectl)} label node ${host.name} --overwrite ${words}`,
    });
  });
}

/** Every control plane that kubeadm made has it unless it was told otherwise, so it is slipway's from the start. */
const CONTROL_PLANE_TAINT = 'node-role.kubernetes.io/control-plane:NoSchedule';

/** Taints of a node as the inventory says; of the others only those go that slipway set before. */
export function nodeTaints(cluster: Cluster, host: Host): Resource {
  return onNode(cluster, host, 'taints', ({ taints, annotations }) => {
    const before = readOwned(annotations[OWN_TAINTS]);
    const owned = host.role === 'control-plane' ? [...before, CONTROL_PLANE_TAINT] : before;
    const found = (name: string): NodeTaint | undefined => taints.find((taint) => nameOf(taint) === name);
    const wrong = host.taints.filter((taint) => found(nameOf(taint))?.value !== taint.value);
    const wanted = host.taints.map(nameOf);
    const gone = [...new Set(owned)].filter((name) => !wanted.includes(name) && found(name) !== undefined);
    const words = [
      ...wrong.map(({ key, value, effect }) => `${key}=${value}:${effect}`),
      ...gone.map((name) => `${name}-`),
    ];
    return diffOwned({
      host,
      annotation: OWN_TAINTS,
      owned: before,
      wanted: host.role === 'control-plane' ? wanted.filter((name) => name !== CONTROL_PLANE_TAINT) : wanted,
      differences: [
        ...wrong.map((taint) => taintDifference(nameOf(taint), found(nameOf(taint)), taint)),
        ...gone.map((name) => taintDifference(name, found(name), undefined)),
      ],
      script: sh`${embed(kubectl)} taint node ${host.name} --overwrite ${words}`,
    });
  });
}

const nameOf = ({ key, effect }: Taint | NodeTaint): string => `${key}:${effect}`;

/** A taint without a value has the empty one. */
const taintDifference = (name: string, from: NodeTaint | undefined, to: Taint | undefined): Difference => ({
  what: `taint ${name}`,
  from: from?.value ?? null,
  to: to?.value ?? null,
});

interface OwnedChange {
  readonly host: Host;
  readonly annotation: string;
  /** What the annotation says. */
  readonly owned: readonly string[];
  readonly wanted: readonly string[];
  readonly differences: readonly Difference[];
  /** Makes the node's own values right. */
  readonly script: Script;
}

/**
 * Ownership is written down before anything is set, and crossed out after it is gone: whenever a run is cut
 * off, what slipway has set is known to be slipway's.
 */
function diffOwned(options: OwnedChange): Outcome {
  const { host, annotation, owned, wanted, differences, script: own } = options;
  const [before, after] = [writeOwned(owned), writeOwned(wanted)];
  const both = writeOwned([...owned, ...wanted]);
  const annotate = (value: string): Script =>
    sh`${embed(kubectl)} annotate node ${host.name} --overwrite ${value === '' ? `${annotation}-` : `${annotation}=${value}`}`;
  const [kind = ''] = annotation.split('/').slice(-1);
  const script = lines(
    ...(both === before ? [] : [annotate(both)]),
    ...(differences.length === 0 ? [] : [own]),
    ...(after === both ? [] : [annotate(after)]),
  );
  return changeOr(
    `${kind} are as wanted`,
    [...differences, ...differs(`${kind} set by slipway`, before || null, after || null)],
    [{ do: 'run', summary: `set ${kind} of node ${host.name}`, script }],
  );
}

const readOwned = (annotation: string | undefined): readonly string[] =>
  annotation === undefined ? [] : annotation.split(',').filter((name) => name !== '');

const writeOwned = (names: readonly string[]): string => [...new Set(names)].toSorted().join(',');

/** The node is there and says it is Ready; what keeps it from that is told. */
export function nodeReady(cluster: Cluster, host: Host): Resource {
  return onNode(cluster, host, 'ready', ({ isReady, message }) => {
    if (isReady) return none(`node ${host.name} is Ready`);
    if (cluster.network.plugin === 'none' && WAITS_FOR_NETWORK.test(message)) {
      return noted(none(`node ${host.name} is registered, and waits for a network plugin`), [NO_NETWORK]);
    }
    return { ...change([{ what: 'Ready', from: message || 'False', to: 'True' }]), check: 'NodeReady' };
  });
}

/** What a kubelet says of a node that lacks nothing else: seen with 1.34.9 and containerd 1.7. */
const WAITS_FOR_NETWORK = /NetworkPluginNotReady|cni plugin not initialized|cni config uninitialized/;

const NO_NETWORK =
  'network.plugin is none: the node is NotReady and runs no pods with addresses of their own until you install a network plugin';

/** A node that joins pulls images first, over a line that may be slow. */
const NODE_TIMEOUT_MS = 300_000;

function onNode(cluster: Cluster, host: Host, word: string, diff: (node: NodeState) => Outcome): Resource {
  return resource({
    address: `node-${word}:${host.name}`,
    facts: { api: apiState },
    settle: { timeoutMs: NODE_TIMEOUT_MS },
    diff: ({ api }) => {
      const node = api.state === 'ready' ? api.nodes[host.name] : undefined;
      if (node !== undefined) return diff(node);
      const isFirst = firstControlPlane(cluster).name === host.name;
      return deferred({ host: host.name, phase: isFirst ? 'control-plane' : 'join' }, `node ${host.name}`);
    },
  });
}
