/**
 * Reads inventories that are written in the simplest words of YAML, as nearly all of them are: maps and lists by
 * indentation or in brackets on one line, and words, numbers and quoted text on one line. That takes a tenth of what a
 * parser takes, which has to be ready for all of YAML. What is written otherwise in any way is left to that one, and so is
 * all that is wrong: the tests hold this one against it.
 *
 * @see https://yaml.org/spec/1.2.2/ (the core schema)
 */
export function readSimpleYaml(text: string): Readonly<Record<string, unknown>> | undefined {
  if (OTHER_CHARACTER.test(text)) return undefined;
  const lines = linesOf(text);
  if (lines.some(({ text: { length } }) => length > MAX_LINE)) return undefined;
  const reading = { lines, next: lines[0]?.text === '---' ? 1 : 0 };
  try {
    return reading.lines.length > reading.next ? blockMap(reading, 0, MAX_DEPTH) : undefined;
  } catch (error) {
    if (error instanceof NotSimple) return undefined;
    throw error;
  }
}

/** Thrown where something else may be meant than what stands there at first sight. */
class NotSimple extends Error {}

function leaveIt(): never {
  throw new NotSimple('written in other words of YAML');
}

/** Anything but letters and signs of nearly all languages: what is invisible, and blanks other than the usual one. */
const OTHER_CHARACTER = /[^\n -~\u00a1-\u167f\u3041-\ud7a3]/;
/** What is longer would cost the expressions here dear. */
const MAX_LINE = 1000;
const MAX_DEPTH = 20;

/** A line with something on it that is no comment. */
interface Line {
  readonly indent: number;
  readonly text: string;
}

interface Reading {
  readonly lines: Line[];
  /** The line to be read next. */
  next: number;
}

const linesOf = (text: string): Line[] =>
  text.split('\n').flatMap((line) => {
    const indent = line.search(/[^ ]/);
    return indent === -1 || line[indent] === '#' ? [] : [{ indent, text: line.slice(indent) }];
  });

const KEY = String.raw`([A-Za-z_][\w./-]*|"[^"\\]+")`;
const ENTRY = new RegExp(`^${KEY}:(?: +(.*))?$`);
const ITEM = /^(- *)(.*)$/;

const isItem = ({ text }: Line): boolean => text === '-' || text.startsWith('- ');

function blockMap(reading: Reading, indent: number, depth: number): Readonly<Record<string, unknown>> {
  const entries = new Map<string, unknown>();
  for (;;) {
    const line = reading.lines[reading.next];
    if (line === undefined || line.indent < indent) return Object.fromEntries(entries);
    const [, key = '', value = ''] = (line.indent === indent && ENTRY.exec(line.text)) || leaveIt();
    reading.next += 1;
    addEntry(entries, key, () => blockValue(reading, value, { indent, isInMap: true }, depth));
  }
}

/** A list may stand below its key without being indented: then the map goes on after it. */
function blockList(reading: Reading, indent: number, depth: number): readonly unknown[] {
  const items: unknown[] = [];
  for (;;) {
    const line = reading.lines[reading.next];
    if (line === undefined || line.indent < indent || (line.indent === indent && !isItem(line))) return items;
    if (line.indent > indent) leaveIt();
    const [, dash = '', value = ''] = ITEM.exec(line.text) ?? [];
    if (ENTRY.test(value)) {
      // The map begins on the line of the dash.
      const inner = indent + dash.length;
      reading.lines[reading.next] = { indent: inner, text: value };
      items.push(blockMap(reading, inner, deeper(depth)));
    } else {
      reading.next += 1;
      items.push(blockValue(reading, value, { indent, isInMap: false }, depth));
    }
  }
}

/** What stands after a key or a dash, or on the lines below it. */
function blockValue(
  reading: Reading,
  text: string,
  { indent, isInMap }: { readonly indent: number; readonly isInMap: boolean },
  depth: number,
): unknown {
  const below = reading.lines[reading.next];
  const isDeeper = below !== undefined && below.indent > indent;
  if (text !== '' && !text.startsWith('#')) return isDeeper ? leaveIt() : lineValue(text, depth);
  if (isDeeper) {
    const read = isItem(below) ? blockList : blockMap;
    return read(reading, below.indent, deeper(depth));
  }
  const isList = isInMap && below?.indent === indent && isItem(below);
  return isList ? blockList(reading, indent, deeper(depth)) : null;
}

/** A value that fills the rest of its line, but for a comment. */
function lineValue(text: string, depth: number): unknown {
  if (/^[[{"']/.test(text)) {
    const cursor = { text, at: 0 };
    const value = flowValue(cursor, depth);
    return /^(?: *| +#.*)$/.test(text.slice(cursor.at)) ? value : leaveIt();
  }
  const comment = text.indexOf(' #');
  const word = (comment === -1 ? text : text.slice(0, comment)).trimEnd();
  return /^[\w/~$\u00a1-\uffff](?:[^:]|:(?! |$))*$/.test(word) ? wordValue(word) : leaveIt();
}

/** A place in a line. */
interface Cursor {
  readonly text: string;
  at: number;
}

const DOUBLE_QUOTED = /"([^"\\]*)"/y;
const SINGLE_QUOTED = /'((?:[^']|'')*)'/y;
const FLOW_KEY = new RegExp(`${KEY}: +`, 'y');
/** In brackets, commas and brackets end a word. */
const FLOW_WORD = /([\w/~](?:[\w./~@=+-]|:(?=[\w/])| +(?=[\w/]))*)/y;

function flowValue(cursor: Cursor, depth: number): unknown {
  const first = cursor.text[cursor.at];
  if (first === '{') return flowMap(cursor, deeper(depth));
  if (first === '[') return flowList(cursor, deeper(depth));
  if (first === '"') return take(cursor, DOUBLE_QUOTED);
  if (first === "'") return take(cursor, SINGLE_QUOTED).replaceAll("''", "'");
  return wordValue(take(cursor, FLOW_WORD));
}

function flowMap(cursor: Cursor, depth: number): Readonly<Record<string, unknown>> {
  const entries = new Map<string, unknown>();
  for (const _ of members(cursor, '}')) {
    const key = take(cursor, FLOW_KEY);
    addEntry(entries, key, () => flowValue(cursor, depth));
  }
  return Object.fromEntries(entries);
}

function flowList(cursor: Cursor, depth: number): readonly unknown[] {
  const items: unknown[] = [];
  for (const _ of members(cursor, ']')) items.push(flowValue(cursor, depth));
  return items;
}

/** Stops at each member of a list or map in brackets, and ends behind it. */
function* members(cursor: Cursor, end: string): Iterable<void> {
  cursor.at += 1;
  skipSpace(cursor);
  if (cursor.text[cursor.at] !== end) {
    for (;;) {
      yield;
      skipSpace(cursor);
      if (cursor.text[cursor.at] !== ',') break;
      cursor.at += 1;
      skipSpace(cursor);
    }
  }
  if (cursor.text[cursor.at] !== end) leaveIt();
  cursor.at += 1;
}

function skipSpace(cursor: Cursor): void {
  while (cursor.text[cursor.at] === ' ') cursor.at += 1;
}

/** The first group of what an expression finds here. */
function take(cursor: Cursor, expression: RegExp): string {
  expression.lastIndex = cursor.at;
  const [whole = '', group = ''] = expression.exec(cursor.text) ?? leaveIt();
  cursor.at += whole.length;
  return group;
}

function addEntry(entries: Map<string, unknown>, written: string, value: () => unknown): void {
  const isQuoted = written.startsWith('"');
  const key = isQuoted ? written.slice(1, -1) : written;
  const isMeantOtherwise = key === '<<' || (!isQuoted && WORDS.has(key));
  if (isMeantOtherwise || entries.has(key)) leaveIt();
  entries.set(key, value());
}

const WORDS: ReadonlyMap<string, boolean | null> = new Map([
  ...['~', 'null', 'Null', 'NULL'].map((word) => [word, null] as const),
  ...['true', 'True', 'TRUE'].map((word) => [word, true] as const),
  ...['false', 'False', 'FALSE'].map((word) => [word, false] as const),
]);

/** Numbers but those of a few digits are left: they may be written in more ways than one. */
function wordValue(word: string): string | number | boolean | null {
  const meant = WORDS.get(word);
  if (meant !== undefined) return meant;
  if (/^(?:0|[1-9]\d{0,14})$/.test(word)) return Number(word);
  return Number.isNaN(Number(word)) ? word : leaveIt();
}

const deeper = (depth: number): number => (depth === 0 ? leaveIt() : depth - 1);
