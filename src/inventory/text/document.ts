import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  type YAMLError,
  type YAMLMap,
} from 'yaml';

import { missingSpace } from './missing-space.ts';
import { NO_ANCHOR, plainValue, TOO_DEEP } from './plain-value.ts';
import { formatPath, type Finding, type Path, type Problem } from './problem.ts';

/** Enough for 10,000 hosts, each with settings of its own, and read within seconds. */
export const MAX_LENGTH = 4 * 1024 * 1024;

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
  if (text.length > MAX_LENGTH) return unreadable(path, TOO_LONG);
  const document = parsed(text);
  // What a parser says that has given up is no more than that.
  const isGivenUp = document?.errors.some(({ message }) => message.includes('call stack')) ?? true;
  if (document === undefined || isGivenUp) return unreadable(path, TOO_DEEP);
  const position = positionFinder(text);

  const problems: readonly Problem[] = [...document.errors, ...document.warnings]
    .filter(isFirstOfItsKind((offset) => position(offset).line))
    .map((fault) => ({ path, ...position(fault.pos[0]), pointer: '', message: describeFault(fault, text) }));
  const plain =
    problems.length > 0 ? undefined : plainValue(document, (node) => position(startOf(node) ?? 0).line);
  const faults = plain?.faults.map(({ node, path: at, message }) => ({
    path,
    ...position(startOf(node) ?? 0),
    pointer: formatPath(at),
    message,
  }));
  const entry = entryFinder(document, plain?.targets ?? new Map());

  return {
    value: plain?.value,
    problems: faults ?? problems,
    locate: ({ path: at, isKey, ...finding }) => ({
      path,
      ...position(offsetOf(entry, at, isKey ?? false)),
      pointer: formatPath(isKey === true ? at.slice(0, -1) : at),
      ...finding,
    }),
    source: (at) => {
      const node = entry(at)?.value;
      return isScalar(node) ? node.source : undefined;
    },
  };
}

/**
 * Gives an offset its line and column, each from 1 on. The parser's own count misses the ends of lines in what it does not
 * understand.
 */
function positionFinder(text: string): (offset: number) => { line: number; column: number } {
  const ends: number[] = [];
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', end + 1)) ends.push(end);
  return (offset) => {
    let [from, to] = [0, ends.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if (ends[middle]! < offset) from = middle + 1;
      else to = middle;
    }
    return { line: from + 1, column: offset - (from === 0 ? -1 : ends[from - 1]!) };
  };
}

/**
 * What is not closed is not closed for everything around it as well; where the text ends for the parser before it ends,
 * all that follows is unexpected; and of a line of quotes every second one is.
 */
function isFirstOfItsKind(lineOf: (offset: number) => number): (fault: YAMLError) => boolean {
  const seen = new Set<number | string>();
  return ({ code, pos: [start], message }) => {
    const onLine = code === 'UNEXPECTED_TOKEN' ? `unexpected on ${lineOf(start)}` : start;
    const kind = message.includes('in YAML stream') ? 'unexpected' : onLine;
    return !seen.has(kind) && seen.add(kind).has(kind);
  };
}

export const TOO_LONG = `larger than ${MAX_LENGTH / 1024 / 1024} MiB, which is no inventory: ranges (gpu[01:16]), groups and defaults keep it short`;

function unreadable(path: string, message: string): InventoryText {
  const problem = { path, line: 1, column: 1, pointer: '', message };
  return {
    value: undefined,
    problems: [problem],
    locate: (finding) => ({ ...problem, message: finding.message }),
    source: () => undefined,
  };
}

/** Undefined where it is nested so deep that the parser gives up. Keys that stand twice are found later, and faster. */
function parsed(text: string): Document.Parsed | undefined {
  try {
    return parseDocument(text, { prettyErrors: false, stringKeys: true, uniqueKeys: false });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

const describeFault = ({ code, message, pos: [start] }: YAMLError, text: string): string =>
  missingSpace(lineAt(text, start)) ??
  FAULTS[code] ??
  unclosed(message) ??
  `not valid YAML: ${lowerFirst(message)}`;

function lineAt(text: string, offset: number): string {
  const end = text.indexOf('\n', offset);
  return text.slice(text.lastIndexOf('\n', offset - 1) + 1, end === -1 ? undefined : end);
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

type EntryFinder = (path: Path) => Entry | undefined;

/** Finds the pair or item at a path; undefined where there is none. */
function entryFinder(document: Document.Parsed, targets: ReadonlyMap<Alias, Node>): EntryFinder {
  const pairs = new Map<YAMLMap, ReadonlyMap<string, Pair>>();
  const pairOf = (map: YAMLMap, key: string): Pair | undefined => {
    const known = pairs.get(map) ?? pairsByKey(map);
    pairs.set(map, known);
    return known.get(key);
  };
  return (path) => {
    let found: Entry = { value: document.contents };
    for (const part of path) {
      const node = isAlias(found.value) ? targets.get(found.value) : found.value;
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
  };
}

/** With a duplicate key the later value wins, as it does in the plain data. */
const pairsByKey = ({ items }: YAMLMap): ReadonlyMap<string, Pair> =>
  new Map(items.map((pair) => [isScalar(pair.key) ? String(pair.key.value) : String(pair.key), pair]));

/** Where a path starts in the text, or its nearest ancestor when it is not there. */
function offsetOf(entry: EntryFinder, path: Path, isKey: boolean): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const found = entry(path.slice(0, length));
    const isScalarValue = isScalar(found?.value) && found.value.value !== null;
    const isKeyWanted = isKey || length < path.length || !isScalarValue;
    const offset = (isKeyWanted ? startOf(found?.key) : undefined) ?? startOf(found?.value);
    if (offset !== undefined) return offset;
  }
  return 0;
}

const startOf = (node: unknown): number | undefined =>
  isNode(node) ? (node as Node & { range?: [number, number, number] | null }).range?.[0] : undefined;
