import type { Schema } from '#core/schema.ts';

import type { Finding, Path } from './problem.ts';
import { memberSchema, resolved, type SchemaFault, schemaFaults } from './schema-faults.ts';
import { describeFaults } from './schema-finding.ts';

export interface Validated {
  /** What is left when everything wrong is taken out; list items that are wrong are null. */
  readonly valid: unknown;
  readonly findings: readonly Finding[];
}

export interface ValidateOptions {
  readonly schema: Schema;
  /** Paths, as JSON, of strings that came from the environment. */
  readonly references: ReadonlySet<string>;
  /** A scalar as it was written. */
  readonly source: (path: Path) => string | undefined;
}

/** Holds a document against its schema. */
export function validate(document: unknown, { schema, references, source }: ValidateOptions): Validated {
  const value = withoutEmptySections(document, schema);
  let faults = schemaFaults(value, schema);
  if (coerceReferences(value, faults, references)) faults = schemaFaults(value, schema);

  const findings = describeFaults(faults, source);
  for (const { path, keyword, key } of faults) {
    if (keyword === 'additionalProperties') remove(value, [...path, key!]);
    else if (keyword === 'required') remove(value, isListItem(path) ? path : []);
    else remove(value, path);
  }
  return { valid: value, findings };
}

/** A whole value from the environment is text; where a number or a truth value is wanted, it is read as one. */
function coerceReferences(
  document: unknown,
  faults: readonly SchemaFault[],
  references: ReadonlySet<string>,
): boolean {
  let isCoerced = false;
  for (const { path, data } of faults) {
    if (typeof data !== 'string' || !references.has(JSON.stringify(path))) continue;
    if (!/^(true|false|-?\d+)$/.test(data)) continue;
    isCoerced = true;
    replace(document, path, JSON.parse(data.replace(/^(-?)0+(?=\d)/, '$1')));
  }
  return isCoerced;
}

/** Leaves out keys that stand without a value, as all do whose members are commented out. */
function withoutEmptySections(value: unknown, reference: Schema): unknown {
  const schema = formOf(resolved(reference), value);
  if (Array.isArray(value)) return value.map((item) => withoutEmptySections(item, schema.items ?? {}));
  if (typeof value !== 'object' || value === null) return value;
  const { properties = {} } = schema;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, member]) => member !== null || !Object.hasOwn(properties, key))
      .map(([key, member]) => {
        const known = memberSchema(schema, key) ?? {};
        const isEmptyMap = member === null && resolved(known).properties !== undefined;
        return [key, isEmptyMap ? {} : withoutEmptySections(member, known)];
      }),
  );
}

/** Of what may be written in several forms, the one in which it is a map with keys. */
const formOf = (schema: Schema, value: unknown): Schema =>
  Array.isArray(value)
    ? schema
    : (schema.anyOf?.map(resolved).find(({ properties }) => properties) ?? schema);

const isListItem = (path: Path): boolean => typeof path.at(-1) === 'number';

function replace(document: unknown, path: Path, value: unknown): void {
  const parent = valueAt(document, path.slice(0, -1));
  if (typeof parent === 'object' && parent !== null) Reflect.set(parent, path.at(-1)!, value);
}

function remove(document: unknown, path: Path): void {
  const key = path.at(-1);
  const parent = valueAt(document, path.slice(0, -1));
  if (key === undefined || typeof parent !== 'object' || parent === null) return;
  if (Array.isArray(parent)) parent[Number(key)] = null;
  else Reflect.deleteProperty(parent, key);
}

/** What stands at a path. */
export function valueAt(document: unknown, path: Path): unknown {
  let current = document;
  for (const part of path) current = (current as Record<string, unknown> | null | undefined)?.[part];
  return current;
}
