import type { InventoryText } from './document.ts';
import type { Path } from './problem.ts';

/** A value, and where it stands: in which of the texts, and there at which path. */
interface Piece {
  readonly value: unknown;
  readonly file: number;
  readonly path: Path;
  /** What it is made of, where that is from several texts. */
  readonly parts?: ReadonlyMap<string | number, Piece>;
}

/**
 * Several inventories as one. What a later one says counts: maps are merged key by key, lists and single values take the
 * place of those before, and hosts are merged with those of the same name. What is wrong is located in the text it is in.
 */
export function mergedText(texts: readonly InventoryText[]): InventoryText {
  const [first, ...others] = texts;
  if (first !== undefined && others.length === 0) return first;
  const pieces = texts.map(({ value }, file): Piece => ({ value, file, path: [] }));
  const whole = pieces.reduce((below, above) => merged(below, above, []));
  const at = (path: Path): readonly [InventoryText, Path] => {
    const { file, path: own } = placeOf(whole, path);
    return [texts[file]!, own];
  };
  return {
    value: texts.some(({ value }) => value === undefined) ? undefined : whole.value,
    problems: texts.flatMap(({ problems }) => problems),
    locate: (finding) => {
      const [text, path] = at(finding.path);
      return text.locate({ ...finding, path });
    },
    source: (path) => {
      const [text, own] = at(path);
      return text.source(own);
    },
  };
}

/** What is said nowhere has its place where the map around it is said first. */
function placeOf(whole: Piece, path: Path): Piece {
  let piece = whole;
  for (const [index, part] of path.entries()) {
    const next = piece.parts?.get(part);
    if (next === undefined) return { ...piece, path: [...piece.path, ...path.slice(index)] };
    piece = next;
  }
  return piece;
}

function merged(below: Piece, above: Piece, path: Path): Piece {
  // A key without a value says nothing, as where all that stood below it is commented out.
  if (isNothing(above)) return below;
  if (isNothing(below)) return above;
  if (path.length === 1 && path[0] === 'hosts' && Array.isArray(below.value) && Array.isArray(above.value))
    return mergedHosts(below, above, path);
  if (!isMap(below.value) || !isMap(above.value)) return above;
  const parts = new Map<string, Piece>();
  for (const key of new Set([...Object.keys(below.value), ...Object.keys(above.value)])) {
    const [under, over] = [partOf(below, key), partOf(above, key)];
    parts.set(key, under && over ? merged(under, over, [...path, key]) : (over ?? under)!);
  }
  const value = Object.fromEntries([...parts].map(([key, part]) => [key, part.value]));
  return { value, file: below.file, path: below.path, parts };
}

/** Those of a name are one host; names of a range are one name, as they are written. */
function mergedHosts(below: Piece, above: Piece, path: Path): Piece {
  const hosts = itemsOf(below);
  const known = new Map(hosts.map(({ value }, index) => [nameOf(value), index]));
  for (const host of itemsOf(above)) {
    const name = nameOf(host.value);
    const index = name === undefined ? undefined : known.get(name);
    if (index === undefined) hosts.push(host);
    else hosts[index] = merged(hosts[index]!, host, [...path, index]);
    // What stands twice in one text is wrong there.
    known.delete(name);
  }
  const parts = new Map(hosts.entries());
  return { value: hosts.map(({ value }) => value), file: below.file, path: below.path, parts };
}

const itemsOf = (piece: Piece): Piece[] =>
  (piece.value as readonly unknown[]).map((_, index) => partOf(piece, index)!);

function partOf({ value, file, path, parts }: Piece, key: string | number): Piece | undefined {
  if (parts !== undefined) return parts.get(key);
  if (!Object.hasOwn(value as object, key)) return undefined;
  return { value: (value as Readonly<Record<string | number, unknown>>)[key], file, path: [...path, key] };
}

const nameOf = (host: unknown): string | undefined => {
  const name = isMap(host) ? host['name'] : undefined;
  return typeof name === 'string' ? name : undefined;
};

const isNothing = ({ value }: Piece): boolean => value === null || value === undefined;

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
