import type { Schema } from '#core/schema.ts';

import { missingSpace } from './missing-space.ts';
import { type Finding, isSecretPath, type Path, quoteValue } from './problem.ts';
import type { SchemaFault } from './schema-faults.ts';
import { isSameWord, suggest } from './suggestion.ts';

/** A scalar as it was written. */
type Source = (path: Path) => string | undefined;

/** Unknown keys for which is looked what they were to be; with more of them, it is another file. */
const MAX_SUGGESTIONS = 100;

/** Puts the schema's objections into words: one finding for each thing that is wrong. */
export function describeFaults(faults: readonly SchemaFault[], source: Source): readonly Finding[] {
  const unknown = faults
    .filter(({ keyword }) => keyword === 'additionalProperties')
    .map((fault, index) => unknownKey(fault, index < MAX_SUGGESTIONS));
  const suggested = new Set(
    unknown.map(({ path, suggestion = String(path.at(-1)).split(':')[0] }) =>
      JSON.stringify([...path.slice(0, -1), suggestion]),
    ),
  );
  const missing = faults
    .filter(
      ({ keyword, path, key }) => keyword === 'required' && !suggested.has(JSON.stringify([...path, key])),
    )
    .map(({ path, key = '' }) => ({
      path: [...path, key],
      isKey: true,
      message: `the key ${JSON.stringify(key)} is missing`,
    }));
  return [...unknown, ...missing, ...wrongValues(faults, source)];
}

function unknownKey({ path, key = '', schema, data }: SchemaFault, isSuggesting: boolean): Finding {
  const at = { path: [...path, key], isKey: true };
  const message = `unknown key ${quoteValue(key)}`;
  if (key.startsWith('x-'))
    return { ...at, message: `${message}: keys of your own, x-..., stand at the top of the file only` };
  const space = missingSpace(key);
  if (space !== undefined) return { ...at, message: space };
  const candidates = Object.keys(schema.properties ?? {}).filter(
    (candidate) => !Object.hasOwn(data as object, candidate),
  );
  const suggestion = isSuggesting ? (suggest(key, candidates) ?? findBelow(key, schema)) : undefined;
  return { ...at, message, ...(suggestion !== undefined && { suggestion }) };
}

/** Where a key belongs that stands too far out: `networking.podSubnet` for `podSubnet`. */
function findBelow(key: string, { properties = {} }: Schema): string | undefined {
  for (const [name, part] of Object.entries(properties)) {
    const below = Object.keys(part.properties ?? {}).find((candidate) => isSameWord(candidate, key));
    const found = below ?? findBelow(key, part);
    if (found !== undefined) return `${name}.${found}`;
  }
  return undefined;
}

/** One finding a value, however many keywords object to it. */
function wrongValues(faults: readonly SchemaFault[], source: Source): readonly Finding[] {
  const byPath = Map.groupBy(
    faults.filter(({ keyword }) => keyword !== 'additionalProperties' && keyword !== 'required'),
    ({ path }) => JSON.stringify(path),
  );
  const saidBelow = new Set(faults.flatMap(ownersOf));
  return [...byPath].flatMap(([path, objections]) => {
    const alternatives = objections.find(({ keyword }) => keyword === 'anyOf');
    if (alternatives !== undefined && saidBelow.has(path)) return [];
    const fault = alternatives ?? objections[0]!;
    return [wrongValue(fault, source)];
  });
}

/** The paths, as JSON, of all that the fault is a part of. */
function ownersOf({ keyword, path }: SchemaFault): readonly string[] {
  const isOfKey = keyword === 'required' || keyword === 'additionalProperties';
  const above = path.map((_, length) => JSON.stringify(path.slice(0, length)));
  return isOfKey ? [...above, JSON.stringify(path)] : above;
}

function wrongValue({ path, schema, data, keyword }: SchemaFault, source: Source): Finding {
  if (path.length === 0 && data === null) return { path, message: 'the inventory is empty' };
  if (keyword === 'minItems') return { path, message: 'must not be empty' };
  const message = schema.errorMessage ?? fallback(schema);
  const wanted = message.startsWith('must be ') ? message.slice('must be '.length) : undefined;
  if (isSecretPath(path)) return { path, message };
  const space = spaceFault(path, data, schema);
  if (space !== undefined) return { path, message: space };

  const suggestion = typeof data === 'string' ? suggestValue(data, choicesOf(schema)) : undefined;
  return {
    path,
    message,
    ...(wanted !== undefined && { wanted }),
    got: describeValue(path, data, schema, source),
    ...(suggestion !== undefined && { suggestion }),
  };
}

/** Text where a map or a list is wanted, or a key without a value, may lack only a space: `name:cp1`. */
function spaceFault(path: Path, data: unknown, { type }: Schema): string | undefined {
  if (data === null) return missingSpace(String(path.at(-1)));
  return typeof data === 'string' && (type === 'object' || type === 'array') ? missingSpace(data) : undefined;
}

const choicesOf = ({ enum: choices, anyOf = [] }: Schema): readonly unknown[] =>
  choices ?? anyOf.flatMap((form) => form.enum ?? []);

/** What others call the roles of nodes. */
const ROLES: Readonly<Record<string, string>> = { master: 'control-plane', agent: 'worker', node: 'worker' };

function suggestValue(written: string, values: readonly unknown[]): string | undefined {
  const candidates = values.filter((value) => typeof value === 'string');
  const role = ROLES[written.toLowerCase()];
  return role !== undefined && candidates.includes(role) ? role : suggest(written, candidates);
}

const fallback = ({ type }: Schema): string =>
  type === undefined ? 'is not valid' : `must be ${type === 'array' ? 'a list' : `of type ${type}`}`;

function describeValue(path: Path, data: unknown, schema: Schema, source: Source): string {
  if (data === null) return 'nothing';
  if (schema.type === 'string' && (typeof data === 'number' || typeof data === 'boolean')) {
    const kind = typeof data === 'number' ? `the number ${data}` : 'a truth value';
    return `${source(path) ?? String(data)}, which YAML reads as ${kind}: put it in quotes`;
  }
  return quoteValue(data);
}
