import type { Schema } from '#core/schema.ts';

import { type Finding, isSecretPath, type Path, quoteValue } from './problem.ts';
import type { SchemaFault } from './schema-faults.ts';
import { isSameWord, suggest } from './suggestion.ts';

/** A scalar as it was written. */
type Source = (path: Path) => string | undefined;

/** Puts the schema's objections into words: one finding for each thing that is wrong. */
export function describeFaults(faults: readonly SchemaFault[], source: Source): readonly Finding[] {
  const unknown = faults.filter(({ keyword }) => keyword === 'additionalProperties').map(unknownKey);
  const suggested = new Set(
    unknown.map(({ path, suggestion }) => JSON.stringify([...path.slice(0, -1), suggestion])),
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

function unknownKey({ path, key = '', schema, data }: SchemaFault): Finding {
  const taken = new Set(Object.keys(data as object));
  const candidates = Object.keys(schema.properties ?? {}).filter((candidate) => !taken.has(candidate));
  const suggestion = suggest(key, candidates) ?? findBelow(key, schema);
  return {
    path: [...path, key],
    isKey: true,
    message: `unknown key ${JSON.stringify(key)}`,
    ...(suggestion !== undefined && { suggestion }),
  };
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
  return [...byPath.values()].flatMap((objections) => {
    const path = objections[0]!.path;
    const alternatives = objections.find(({ keyword }) => keyword === 'anyOf');
    const isSaidBelow = faults.some(
      (fault) => (fault.path.length > path.length && isBelow(fault.path, path)) || isKeyOf(fault, path),
    );
    if (alternatives !== undefined && isSaidBelow) return [];
    const fault = alternatives ?? objections[0]!;
    return [wrongValue(fault, source)];
  });
}

const isBelow = (path: Path, ancestor: Path): boolean =>
  ancestor.every((part, index) => part === path[index]);

const isKeyOf = ({ keyword, path }: SchemaFault, owner: Path): boolean =>
  (keyword === 'required' || keyword === 'additionalProperties') &&
  path.length === owner.length &&
  isBelow(path, owner);

function wrongValue({ path, schema, data, keyword }: SchemaFault, source: Source): Finding {
  if (path.length === 0 && data === null) return { path, message: 'the inventory is empty' };
  if (keyword === 'minItems') return { path, message: 'must not be empty' };
  const message = schema.errorMessage ?? fallback(schema);
  const wanted = message.startsWith('must be ') ? message.slice('must be '.length) : undefined;
  if (isSecretPath(path)) return { path, message };

  const suggestion = typeof data === 'string' ? suggestValue(data, schema.enum ?? []) : undefined;
  return {
    path,
    message,
    ...(wanted !== undefined && { wanted }),
    got: describeValue(path, data, schema, source),
    ...(suggestion !== undefined && { suggestion }),
  };
}

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
