import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';

import type { Path } from './problem.ts';

/** Deeper than any inventory is; recursion over it is safe. */
const MAX_DEPTH = 100;
/** Values that aliases may stand for in all; what is beyond is taken for an attack. */
const MAX_ALIASED = 1_000_000;

export interface PlainValue {
  /** Undefined where a part of it cannot be told. */
  readonly value: unknown;
  readonly faults: readonly NodeFault[];
  /** What each alias stands for. */
  readonly targets: ReadonlyMap<Alias, Node>;
}

/** Something wrong with a node that is good YAML by itself. */
interface NodeFault {
  readonly node: unknown;
  /** Of what the node is in. */
  readonly path: Path;
  readonly message: string;
}

/** A value, and how many values it is made of. */
interface Sized {
  readonly value: unknown;
  readonly size: number;
}

const NOTHING: Sized = { value: null, size: 1 };

/** What is gathered while a document is read. */
interface Reading {
  readonly lineOf: (node: unknown) => number;
  readonly faults: NodeFault[];
  readonly targets: Map<Alias, Node>;
  /** Without a value while its node is being read. */
  readonly anchors: Map<string, { readonly node: Node; sized?: Sized }>;
  /** Values that aliases stood for. */
  aliased: number;
  isWhole: boolean;
}

/** The data of a document; of a key that stands twice, the later value. */
export function plainValue(document: Document.Parsed, lineOf: Reading['lineOf']): PlainValue {
  const reading: Reading = {
    lineOf,
    faults: [],
    targets: new Map(),
    anchors: new Map(),
    aliased: 0,
    isWhole: true,
  };
  const { value } = sizedValue(document.contents, [], reading);
  const { faults, targets, isWhole } = reading;
  return { value: isWhole ? value : undefined, faults, targets };
}

function sizedValue(node: unknown, path: Path, reading: Reading): Sized {
  if (isAlias(node)) return aliasedValue(node, path, reading);
  if (!isScalar(node) && !isMap(node) && !isSeq(node)) return NOTHING;
  if (node.anchor === undefined) return ownValue(node, path, reading);
  const anchor: { readonly node: Node; sized?: Sized } = { node };
  reading.anchors.set(node.anchor, anchor);
  anchor.sized = ownValue(node, path, reading);
  return anchor.sized;
}

function ownValue(node: Scalar | YAMLMap | YAMLSeq, path: Path, reading: Reading): Sized {
  if (path.length > MAX_DEPTH) return refuse(node, [], TOO_DEEP, reading);
  if (isMap(node)) return mapValue(node, path, reading);
  if (!isSeq(node)) {
    if (isInexact(node)) reading.faults.push({ node, path, message: inexact(node.source) });
    return { value: node.value, size: 1 };
  }
  const items = node.items.map((item, index) => sizedValue(item, [...path, index], reading));
  return { value: items.map(({ value }) => value), size: sizeOf(items) };
}

function mapValue(map: YAMLMap, path: Path, reading: Reading): Sized {
  const entries = new Map<string, Sized>();
  const keys = new Map<string, unknown>();
  for (const { key, value } of map.items) {
    const name = isScalar(key) ? String(key.value) : '';
    if (name === '<<') {
      refuse(key, path, MERGE_KEY, reading);
      continue;
    }
    if (keys.has(name)) {
      const first = `the first is on line ${reading.lineOf(keys.get(name))}`;
      const message = `duplicate key ${JSON.stringify(name)} (${first})`;
      reading.faults.push({ node: key, path, message });
    } else keys.set(name, key);
    entries.set(name, sizedValue(value, [...path, name], reading));
  }
  return {
    value: Object.fromEntries([...entries].map(([name, { value }]) => [name, value])),
    size: sizeOf([...entries.values()]),
  };
}

function aliasedValue(alias: Alias, path: Path, reading: Reading): Sized {
  const anchor = reading.anchors.get(alias.source);
  if (anchor === undefined) return refuse(alias, path, NO_ANCHOR, reading);
  reading.targets.set(alias, anchor.node);
  if (anchor.sized === undefined) return refuse(alias, path, `*${alias.source} is part of itself`, reading);
  const before = reading.aliased;
  reading.aliased += anchor.sized.size;
  if (reading.aliased <= MAX_ALIASED) return anchor.sized;
  // Told once, and not for each that follows.
  return before > MAX_ALIASED ? NOTHING : refuse(alias, path, TOO_MUCH, reading);
}

function refuse(node: unknown, path: Path, message: string, reading: Reading): Sized {
  reading.faults.push({ node, path, message });
  reading.isWhole = false;
  return NOTHING;
}

/** Whether a whole number would be written otherwise than it stands here. */
const isInexact = ({ value, source }: Scalar): boolean =>
  typeof value === 'number' &&
  !Number.isSafeInteger(value) &&
  /^([-+]?\d+|0[xo][\da-f]+)$/i.test(source ?? '');

const sizeOf = (members: readonly Sized[]): number => members.reduce((sum, { size }) => sum + size, 1);

const TOO_MUCH = 'aliases (*name) stand for too much text';

export const NO_ANCHOR =
  'an alias (*name) without an anchor (&name) before it; put text that starts with * in quotes';

const inexact = (number = ''): string =>
  `${number} has more digits than slipway can write exactly; the largest number is ${Number.MAX_SAFE_INTEGER}; put it in quotes where text is wanted`;

export const TOO_DEEP = `nested more than ${MAX_DEPTH} deep`;

const MERGE_KEY =
  'merge keys (<<) are not read: put what hosts have in common under defaults or in a group, and write the rest out';
