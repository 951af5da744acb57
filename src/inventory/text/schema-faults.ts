import { DEFINITION, type Schema } from '#core/schema.ts';

import type { Path } from './problem.ts';

/** One thing that a schema does not accept. */
export interface SchemaFault {
  readonly path: Path;
  /** The JSON Schema keyword that says so. */
  readonly keyword: keyof Schema;
  readonly schema: Schema;
  /** What stands there. */
  readonly data: unknown;
  /** The key that is unknown or missing. */
  readonly key?: string;
}

type JsonMap = Readonly<Record<string, unknown>>;

/** The schema that holds, also where a reference to it is written. */
export const resolved = (schema: Schema): Schema => schema[DEFINITION] ?? schema;

/**
 * Everything that a schema does not accept.
 *
 * A validator that ajv writes finds the same, but has to be generated or takes as long to make as all else here; the
 * tests hold this one against ajv.
 *
 * @see https://json-schema.org/draft/2020-12/json-schema-validation
 */
export function schemaFaults(data: unknown, reference: Schema, path: Path = []): readonly SchemaFault[] {
  const schema = resolved(reference);
  const fault = (keyword: keyof Schema, key?: string): SchemaFault => ({
    path,
    keyword,
    schema,
    data,
    ...(key !== undefined && { key }),
  });
  if (schema.type !== undefined && !isOfType(data, schema.type)) return [fault('type')];
  if (schema.enum !== undefined && !(schema.enum as readonly unknown[]).includes(data))
    return [fault('enum')];
  if (schema.anyOf !== undefined) {
    const branches = schema.anyOf.map((branch) => schemaFaults(data, branch, path));
    return branches.some(({ length }) => length === 0) ? [] : [...branches.flat(), fault('anyOf')];
  }
  if (typeof data === 'string') return stringFaults(data, schema).map((keyword) => fault(keyword));
  if (typeof data === 'number') return numberFaults(data, schema).map((keyword) => fault(keyword));
  if (Array.isArray(data)) {
    const { items = {}, minItems = 0 } = schema;
    return [
      ...(data.length < minItems ? [fault('minItems')] : []),
      ...data.flatMap((item, index) => schemaFaults(item, items, [...path, index])),
    ];
  }
  return isMap(data) ? [...mapFaults(data, schema, fault), ...memberFaults(data, schema, path)] : [];
}

const isMap = (data: unknown): data is JsonMap =>
  typeof data === 'object' && data !== null && !Array.isArray(data);

function isOfType(data: unknown, type: NonNullable<Schema['type']>): boolean {
  if (type === 'array') return Array.isArray(data);
  if (type === 'object') return isMap(data);
  if (type === 'integer') return Number.isInteger(data);
  return typeof data === type;
}

const stringFaults = (data: string, { minLength = 0, pattern }: Schema): readonly (keyof Schema)[] => [
  ...(data.length < minLength ? (['minLength'] as const) : []),
  ...(pattern !== undefined && !expressionOf(pattern).test(data) ? (['pattern'] as const) : []),
];

const EXPRESSIONS = new Map<string, RegExp>();

/** Hosts share their schema, and with it the expressions in it. */
function expressionOf(pattern: string): RegExp {
  const known = EXPRESSIONS.get(pattern);
  if (known !== undefined) return known;
  const expression = new RegExp(pattern, 'u');
  EXPRESSIONS.set(pattern, expression);
  return expression;
}

const numberFaults = (
  data: number,
  { minimum = -Infinity, maximum = Infinity }: Schema,
): readonly (keyof Schema)[] => [
  ...(data > maximum ? (['maximum'] as const) : []),
  ...(data < minimum ? (['minimum'] as const) : []),
];

/** Too many or too few keys, missing ones, unknown ones. */
function mapFaults(
  data: JsonMap,
  { minProperties = 0, maxProperties = Infinity, required = [], properties = {}, ...schema }: Schema,
  fault: (keyword: keyof Schema, key?: string) => SchemaFault,
): readonly SchemaFault[] {
  const keys = Object.keys(data);
  const unknown = schema.additionalProperties === false ? keys : [];
  return [
    ...(keys.length > maxProperties ? [fault('maxProperties')] : []),
    ...(keys.length < minProperties ? [fault('minProperties')] : []),
    ...required.filter((key) => !Object.hasOwn(data, key)).map((key) => fault('required', key)),
    ...unknown
      .filter((key) => !Object.hasOwn(properties, key))
      .map((key) => fault('additionalProperties', key)),
  ];
}

function memberFaults(data: JsonMap, schema: Schema, path: Path): readonly SchemaFault[] {
  const keys = schema.properties === undefined ? Object.keys(data) : Object.keys(schema.properties);
  return keys.flatMap((key) => {
    const known = Object.hasOwn(data, key) ? memberSchema(schema, key) : undefined;
    return known === undefined ? [] : schemaFaults(data[key], known, [...path, key]);
  });
}

/** The schema of a key: its own, or that of all keys that have none. */
export function memberSchema(
  { properties = {}, additionalProperties }: Schema,
  key: string,
): Schema | undefined {
  if (Object.hasOwn(properties, key)) return properties[key];
  return typeof additionalProperties === 'object' ? additionalProperties : undefined;
}
