import type { Host } from '#core/cluster.ts';
import { changeOr, type Difference, differs, type Outcome } from '#core/resource.ts';
import { embed, lines, type Script, sh } from '#core/shell.ts';
import { kubectl } from '#facts/kubectl.ts';

interface OwnedChange {
  readonly host: Host;
  /** Of the Node: it says which keys of labels, or `key:Effect` of taints, are slipway's. */
  readonly annotation: string;
  /** What the annotation says. */
  readonly owned: readonly string[];
  readonly wanted: readonly string[];
  readonly differences: readonly Difference[];
  /** Makes the node's own values right. */
  readonly script: Script;
}

/**
 * An annotation of the Node says what on it is slipway's. It is written before anything is set, and changed after
 * something is taken away: if a run is cut off, what slipway has set is still known.
 */
export function diffOwned(options: OwnedChange): Outcome {
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

export const readOwned = (annotation: string | undefined): readonly string[] =>
  annotation === undefined ? [] : annotation.split(',').filter((name) => name !== '');

const writeOwned = (names: readonly string[]): string => [...new Set(names)].toSorted().join(',');
