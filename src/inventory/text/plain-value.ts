import { type Alias, type Document, isAlias, isMap, isScalar, isSeq, type Node, type YAMLMap } from 'yaml';

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

/** The data of a document; of a key that stands twice, the later value. */
export function plainValue(document: Document.Parsed, lineOf: (node: unknown) => number): PlainValue {
  const faults: NodeFault[] = [];
  const targets = new Map<Alias, Node>();
  const anchors = new Map<string, { readonly node: Node; sized?: Sized }>();
  let aliased = 0;
  let isWhole = true;
  const refuse = (node: unknown, path: Path, message: string): Sized => {
    faults.push({ node, path, message });
    isWhole = false;
    return NOTHING;
  };

  const aliasedValue = (alias: Alias, path: Path): Sized => {
    const anchor = anchors.get(alias.source);
    const fault = (message: string): Sized => refuse(alias, path, message);
    if (anchor === undefined) return fault(NO_ANCHOR);
    targets.set(alias, anchor.node);
    if (anchor.sized === undefined) return fault(`*${alias.source} is part of itself`);
    const before = aliased;
    aliased += anchor.sized.size;
    if (aliased <= MAX_ALIASED) return anchor.sized;
    return before > MAX_ALIASED ? NOTHING : fault('aliases (*name) stand for too much text');
  };

  const mapValue = (map: YAMLMap, path: Path): Sized => {
    const entries = new Map<string, Sized>();
    const keys = new Map<string, unknown>();
    for (const { key, value } of map.items) {
      const name = isScalar(key) ? String(key.value) : '';
      if (name === '<<') {
        refuse(key, path, MERGE_KEY);
        continue;
      }
      if (keys.has(name)) {
        const first = `the first is on line ${lineOf(keys.get(name))}`;
        faults.push({ node: key, path, message: `duplicate key ${JSON.stringify(name)} (${first})` });
      } else keys.set(name, key);
      entries.set(name, plain(value, [...path, name]));
    }
    const sized = [...entries.values()];
    return {
      value: Object.fromEntries([...entries].map(([name, { value }]) => [name, value])),
      size: sized.reduce((sum, { size }) => sum + size, 1),
    };
  };

  const own = (node: unknown, path: Path): Sized => {
    if (path.length > MAX_DEPTH) return refuse(node, [], TOO_DEEP);
    if (isMap(node)) return mapValue(node, path);
    if (isSeq(node)) {
      const items = node.items.map((item, index) => plain(item, [...path, index]));
      return { value: items.map(({ value }) => value), size: items.reduce((sum, { size }) => sum + size, 1) };
    }
    return isScalar(node) ? { value: node.value, size: 1 } : NOTHING;
  };

  const plain = (node: unknown, path: Path): Sized => {
    if (isAlias(node)) return aliasedValue(node, path);
    if (!isScalar(node) && !isMap(node) && !isSeq(node)) return NOTHING;
    if (node.anchor === undefined) return own(node, path);
    const anchor: { readonly node: Node; sized?: Sized } = { node };
    anchors.set(node.anchor, anchor);
    anchor.sized = own(node, path);
    return anchor.sized;
  };

  const { value } = plain(document.contents, []);
  return { value: isWhole ? value : undefined, faults, targets };
}

export const NO_ANCHOR =
  'an alias (*name) without an anchor (&name) before it; put text that starts with * in quotes';

export const TOO_DEEP = `nested more than ${MAX_DEPTH} deep`;

const MERGE_KEY =
  'merge keys (<<) are not read: put what hosts have in common under defaults or in a group, and write the rest out';
