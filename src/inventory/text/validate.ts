import { readFileSync } from 'node:fs';

import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';

import { describeFaults, type SchemaFault } from './schema-finding.ts';
import type { Finding, Path } from './problem.ts';

/** Both generated from schema.ts; read instead of it, because TypeBox and ajv's compiler take longer than all else here. */
const SCHEMA = new URL('../../../schema/inventory.schema.json', import.meta.url);
const VALIDATOR = new URL('../../../schema/inventory.validate.mjs', import.meta.url);

type Validator = Pick<ValidateFunction, 'errors'> & ((value: unknown) => boolean);

export interface Validated {
  /** What is left when everything wrong is taken out; list items that are wrong are null. */
  readonly sound: unknown;
  readonly findings: readonly Finding[];
}

export interface ValidateOptions {
  /** Paths, as JSON, of strings that came from the environment. */
  readonly references: ReadonlySet<string>;
  /** A scalar as it was written. */
  readonly source: (path: Path) => string | undefined;
}

/** Holds a document against the schema. */
export async function validate(document: unknown, options: ValidateOptions): Promise<Validated> {
  const { validate: check } = (await import(VALIDATOR.href)) as { readonly validate: Validator };
  const value = withoutEmptySections(document, JSON.parse(readFileSync(SCHEMA, 'utf8')) as JsonSchema);

  let errors = errorsOf(check, value);
  if (coerceReferences(value, errors, options.references)) errors = errorsOf(check, value);

  const faults = errors.map((error) => toFault(error, value));
  const findings = describeFaults(faults, options.source);
  for (const { path, keyword, key } of faults) {
    if (keyword === 'additionalProperties') remove(value, [...path, key!]);
    else if (keyword === 'required') remove(value, isListItem(path) ? path : []);
    else remove(value, path);
  }
  return { sound: value, findings };
}

const errorsOf = (check: Validator, value: unknown): readonly ErrorObject[] =>
  check(value) ? [] : [...(check.errors ?? [])];

/** A whole value from the environment is text; where a number or a truth value is wanted, it is read as one. */
function coerceReferences(
  document: unknown,
  errors: readonly ErrorObject[],
  references: ReadonlySet<string>,
): boolean {
  let isCoerced = false;
  for (const { instancePath, data } of errors) {
    if (typeof data !== 'string') continue;
    const path = parsePointer(instancePath, document);
    if (!references.has(JSON.stringify(path))) continue;
    if (!/^(true|false|-?\d+)$/.test(data)) continue;
    isCoerced = true;
    replace(document, path, JSON.parse(data.replace(/^(-?)0+(?=\d)/, '$1')));
  }
  return isCoerced;
}

interface JsonSchema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
}

/** Leaves out keys that stand without a value, as all do whose members are commented out. */
function withoutEmptySections(document: unknown, root: JsonSchema): unknown {
  const resolve = (schema: JsonSchema | undefined): JsonSchema =>
    (schema?.$ref === undefined ? schema : root.$defs?.[schema.$ref.replace('#/$defs/', '')]) ?? {};

  const walk = (value: unknown, { properties = {}, additionalProperties, items }: JsonSchema): unknown => {
    if (Array.isArray(value)) return value.map((item) => walk(item, resolve(items)));
    if (typeof value !== 'object' || value === null) return value;
    const rest = resolve(typeof additionalProperties === 'object' ? additionalProperties : undefined);
    return Object.fromEntries(
      Object.entries(value)
        .filter(([key, member]) => member !== null || !Object.hasOwn(properties, key))
        .map(([key, member]) => {
          if (Object.hasOwn(properties, key)) return [key, walk(member, resolve(properties[key]))];
          return [key, member === null && rest.properties !== undefined ? {} : walk(member, rest)];
        }),
    );
  };
  return walk(document, root);
}

function toFault(error: ErrorObject, document: unknown): SchemaFault {
  const schema = error.parentSchema as SchemaFault['schema'];
  const path = parsePointer(error.instancePath, document);
  const key: unknown = error.params['additionalProperty'] ?? error.params['missingProperty'];
  return {
    path,
    keyword: error.keyword,
    schema,
    data: error.data,
    ...(typeof key === 'string' && { key }),
  };
}

/** A JSON pointer as a path; whether a part is an index shows only in the document. */
function parsePointer(pointer: string, document: unknown): Path {
  const path: (string | number)[] = [];
  let current: unknown = document;
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    path.push(Array.isArray(current) ? Number(key) : key);
    current = (current as Record<string, unknown> | undefined)?.[key];
  }
  return path;
}

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

function valueAt(document: unknown, path: Path): unknown {
  let current = document;
  for (const part of path) current = (current as Record<string, unknown> | null | undefined)?.[part];
  return current;
}
