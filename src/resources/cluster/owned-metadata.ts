import type { Cluster, Host, Taint } from '#core/cluster.ts';
import { changeOr, type Difference, differs, type Outcome, type Resource } from '#core/resource.ts';
import { embed, lines, type Script, sh } from '#core/shell.ts';
import { run } from '#core/step.ts';
import type { NodeState, NodeTaint } from '#facts/api.ts';
import { kubectl } from '#facts/kubectl.ts';

import { onNode } from './on-node.ts';

/** Labels of a node as the inventory says. Of other labels, those that slipway set before are taken away. */
export const nodeLabels = (cluster: Cluster, host: Host): Resource =>
  ownedMetadata(cluster, host, {
    noun: 'label',
    wanted: host.labels,
    found: ({ labels }) => labels,
    given: [],
    written: (key, value) => `${key}=${value}`,
  });

/** Taints of a node as the inventory says. Of other taints, those that slipway set before are taken away. */
export const nodeTaints = (cluster: Cluster, host: Host): Resource =>
  ownedMetadata(cluster, host, {
    noun: 'taint',
    wanted: byName(host.taints),
    found: ({ taints }) => byName(taints),
    given: host.role === 'control-plane' ? [CONTROL_PLANE_TAINT] : [],
    written: (name, value) => name.replace(':', `=${value}:`),
  });

const CONTROL_PLANE_TAINT = 'node-role.kubernetes.io/control-plane:NoSchedule';

const byName = (taints: readonly (Taint | NodeTaint)[]): Values =>
  Object.fromEntries(taints.map(({ key, value, effect }) => [`${key}:${effect}`, value]));

/** By the keys of labels, or by `key:Effect` of taints, of which one without a value has an empty one. */
type Values = Readonly<Record<string, string>>;

interface Metadata {
  readonly noun: 'label' | 'taint';
  readonly wanted: Values;
  readonly found: (node: NodeState) => Values;
  /** What kubeadm gives the node unless it is told otherwise: it counts as slipway's. */
  readonly given: readonly string[];
  /** As kubectl takes it. */
  readonly written: (name: string, value: string | undefined) => string;
}

/**
 * An annotation of the Node says what on it is slipway's. It is written before anything is set, and changed after
 * something is taken away: if a run is cut off, what slipway has set is still known.
 */
function ownedMetadata(
  cluster: Cluster,
  host: Host,
  { noun, wanted, found, given, written }: Metadata,
): Resource {
  const annotation = `slipway/${noun}s`;
  const names = Object.keys(wanted);
  const differenceOf = (name: string, there: Values): Difference => ({
    what: `${noun} ${name}`,
    from: there[name] ?? null,
    to: wanted[name] ?? null,
  });
  const annotate = (value: string): Script =>
    sh`${embed(kubectl)} annotate node ${host.name} --overwrite ${value === '' ? `${annotation}-` : `${annotation}=${value}`}`;
  const diff = (node: NodeState): Outcome => {
    const there = found(node);
    const recorded = (node.annotations[annotation] ?? '').split(',').filter((name) => name !== '');
    const wrong = names.filter((name) => there[name] !== wanted[name]);
    const gone = [...new Set([...recorded, ...given])].filter(
      (name) => !names.includes(name) && name in there,
    );
    const words = [...wrong.map((name) => written(name, wanted[name])), ...gone.map((name) => `${name}-`)];
    const own = names.filter((name) => !given.includes(name));
    const [before = '', both = '', after = ''] = [recorded, [...recorded, ...own], own].map(record);
    const script = lines(
      ...(both === before ? [] : [annotate(both)]),
      ...(words.length === 0 ? [] : [sh`${embed(kubectl)} ${noun} node ${host.name} --overwrite ${words}`]),
      ...(after === both ? [] : [annotate(after)]),
    );
    return changeOr(
      `${noun}s are as wanted`,
      [
        ...[...wrong, ...gone].map((name) => differenceOf(name, there)),
        ...differs(`${noun}s set by slipway`, before || null, after || null),
      ],
      [run(`set ${noun}s of node ${host.name}`, script)],
    );
  };
  return onNode(cluster, host, `${noun}s`, diff);
}

const record = (names: readonly string[]): string => [...new Set(names)].toSorted().join(',');
