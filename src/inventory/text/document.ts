import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type YAMLError,
  visit,
  type YAMLMap,
} from 'yaml';

import { formatPath, type Finding, type Path, type Problem } from './problem.ts';

/** How often aliases may be followed; what is beyond is taken for an attack. */
const MAX_ALIASES = 10_000;

/** The text of an inventory as data that knows where it stands. */
export interface InventoryText {
  /** Plain data; undefined where the text is too broken to have any. */
  readonly value: unknown;
  /** Faults of the YAML itself. */
  readonly problems: readonly Problem[];
  /** Gives a finding its line and column. */
  readonly locate: (finding: Finding) => Problem;
  /** A scalar as it was written: `1.30`, where the value is the number 1.3. */
  readonly source: (path: Path) => string | undefined;
}

/** Reads YAML 1.2. */
export function readInventoryText(text: string, path: string): InventoryText {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const position = (offset: number): { line: number; column: number } => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };

  const faults = [...document.errors, ...document.warnings];
  const problems = faults.filter(isFirstAtOffset).map((fault) => ({
    path,
    ...position(fault.pos[0]),
    ...describeFault(fault, document, text, position),
  }));
  const isReadable = faults.every(({ code }) => code === 'DUPLICATE_KEY');
  const aliases = isReadable ? aliasFaults(document) : [];
  problems.push(
    ...aliases.map(({ offset, message }) => ({ path, ...position(offset), pointer: '', message })),
  );
  const value = isReadable && aliases.length === 0 ? toPlain(document, path, problems) : undefined;

  return {
    value,
    problems,
    locate: ({ path: at, isKey, ...finding }) => ({
      path,
      ...position(offsetOf(document, at, isKey ?? false)),
      pointer: formatPath(isKey === true ? at.slice(0, -1) : at),
      ...finding,
    }),
    source: (at) => {
      const node = entry(document, at)?.value;
      return isScalar(node) ? node.source : undefined;
    },
  };
}

/** What is not closed is not closed for everything around it as well. */
const isFirstAtOffset = ({ pos }: YAMLError, index: number, all: readonly YAMLError[]): boolean =>
  all.findIndex((other) => other.pos[0] === pos[0]) === index;

/** Aliases that stand for nothing, or for what they are part of. */
function aliasFaults(document: Document.Parsed): readonly { offset: number; message: string }[] {
  const faults: { offset: number; message: string }[] = [];
  const anchors = new Map<string, Node>();
  visit(document, {
    Value(_key, node) {
      if (node.anchor !== undefined) anchors.set(node.anchor, node);
    },
    Alias(_key, alias, ancestors) {
      // As alias.resolve() finds it, which looks through the whole document.
      const node = anchors.get(alias.source);
      const offset = startOf(alias) ?? 0;
      if (node === undefined) faults.push({ offset, message: NO_ANCHOR });
      else if (ancestors.includes(node))
        faults.push({ offset, message: `*${alias.source} is part of itself` });
    },
  });
  return faults;
}

const NO_ANCHOR =
  'an alias (*name) without an anchor (&name) before it; put text that starts with * in quotes';

function toPlain(document: Document.Parsed, path: string, problems: Problem[]): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    problems.push({
      path,
      line: 1,
      column: 1,
      pointer: '',
      message: 'aliases (*name) stand for too much text',
    });
    return undefined;
  }
}

function describeFault(
  { code, message, pos: [start, end] }: YAMLError,
  document: Document.Parsed,
  text: string,
  position: (offset: number) => { line: number },
): Pick<Problem, 'pointer' | 'message'> {
  if (code === 'DUPLICATE_KEY') {
    const found = findKey(document.contents, start, []);
    const key = found === undefined ? text.slice(start, end) : String(found.path.at(-1));
    const first = found && ` (the first is on line ${position(found.firstOffset).line})`;
    return {
      pointer: formatPath(found?.path.slice(0, -1) ?? []),
      message: `duplicate key ${JSON.stringify(key)}${first ?? ''}`,
    };
  }
  return {
    pointer: '',
    message: FAULTS[code] ?? unclosed(message) ?? `not valid YAML: ${lowerFirst(message)}`,
  };
}

/** Faults that the parser words in terms of its own. */
const FAULTS: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'not valid YAML: a tab in the indentation, which YAML wants made of spaces',
  BLOCK_AS_IMPLICIT_KEY: 'not valid YAML: a second colon on one line; put the value in quotes',
  MULTIPLE_DOCS: 'more than one YAML document (a line of ---); an inventory is one',
  NON_STRING_KEY: 'a key must be a word or a quoted string',
  BAD_ALIAS: NO_ANCHOR,
  MULTILINE_IMPLICIT_KEY: 'not valid YAML: a key without a value, or with its colon missing',
};

function unclosed(message: string): string | undefined {
  const [, kind, bracket] = /^flow (map|sequence) .* end with a (.)$/i.exec(message) ?? [];
  if (bracket === undefined) return undefined;
  const noun = kind === 'map' ? 'map' : 'list';
  return `not valid YAML: the ${bracket} of a ${noun} is missing, or its lines are not indented`;
}

const lowerFirst = (text: string): string => text.slice(0, 1).toLowerCase() + text.slice(1);

interface Entry {
  readonly key?: unknown;
  readonly value: unknown;
}

/** The pair or item at a path; undefined where there is none. */
function entry(document: Document.Parsed, path: Path): Entry | undefined {
  let found: Entry = { value: document.contents };
  for (const part of path) {
    const node = isAlias(found.value) ? found.value.resolve(document) : found.value;
    if (isSeq(node)) {
      if (typeof part !== 'number' || part >= node.items.length) return undefined;
      found = { value: node.items[part] };
    } else if (isMap(node)) {
      const pair = pairOf(node, String(part));
      if (pair === undefined) return undefined;
      found = pair;
    } else {
      return undefined;
    }
  }
  return found;
}

/** With a duplicate key the later value wins, as it does in the plain data. */
const pairOf = (map: YAMLMap, key: string): Pair | undefined =>
  map.items.findLast((pair) => (isScalar(pair.key) ? String(pair.key.value) : String(pair.key)) === key);

/** Where a path starts in the text, or its nearest ancestor when it is not there. */
function offsetOf(document: Document.Parsed, path: Path, isKey: boolean): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const found = entry(document, path.slice(0, length));
    const isScalarValue = isScalar(found?.value) && found.value.value !== null;
    const isKeyWanted = isKey || length < path.length || !isScalarValue;
    const offset = (isKeyWanted ? startOf(found?.key) : undefined) ?? startOf(found?.value);
    if (offset !== undefined) return offset;
  }
  return 0;
}

const startOf = (node: unknown): number | undefined =>
  isNode(node) ? (node as Node & { range?: [number, number, number] | null }).range?.[0] : undefined;

interface FoundKey {
  readonly path: Path;
  readonly firstOffset: number;
}

/** The key that starts at an offset, and where the first key of that name does. */
function findKey(node: unknown, offset: number, path: Path): FoundKey | undefined {
  if (isSeq(node)) {
    for (const [index, item] of node.items.entries()) {
      const found = findKey(item, offset, [...path, index]);
      if (found !== undefined) return found;
    }
  }
  if (!isMap(node)) return undefined;
  for (const { key, value } of node.items) {
    const name = isScalar(key) ? String(key.value) : '';
    if (startOf(key) === offset) {
      const first = node.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === name);
      return { path: [...path, name], firstOffset: startOf(first?.key) ?? offset };
    }
    const found = findKey(value, offset, [...path, name]);
    if (found !== undefined) return found;
  }
  return undefined;
}
