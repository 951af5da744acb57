import type { Json, JsonObject } from './json.ts';

/** Only in types: what a schema accepts. */
declare const ACCEPTED: unique symbol;
/** The schema that a `$ref` stands for. JSON leaves out what has a symbol for its name. */
export const DEFINITION = Symbol('definition');
const REQUIRED = Symbol('required');

/** JSON Schema (draft 2020-12), as much of it as an inventory needs; `T` is what it accepts. */
export interface Schema<T = unknown> extends Options {
  readonly $ref?: string;
  /** What an editor shows. */
  readonly description?: string;
  readonly type?: 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object';
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly (string | boolean)[];
  readonly minLength?: number;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly writeOnly?: boolean;
  /** What is said of a value that is refused, by slipway and by the YAML language server. */
  readonly errorMessage?: string;
  readonly [DEFINITION]?: Schema;
  readonly [ACCEPTED]?: T;
}

/** What a schema accepts, as a type. */
export type Accepted<S> = S extends Schema<infer T> ? T : never;

/** What is left of a document when all that its schema refuses is taken out; in lists, null stands there. */
export type ValidPart<T> = T extends readonly (infer Item)[]
  ? readonly (ValidPart<Item> | null)[]
  : T extends object
    ? string extends keyof T
      ? { readonly [Key in keyof T]: ValidPart<T[Key]> }
      : { readonly [Key in keyof T]?: ValidPart<T[Key]> }
    : T;

interface Options {
  readonly default?: Json;
  readonly examples?: readonly Json[];
}

interface Wanted extends Options {
  /** Completes "must be". */
  readonly wanted: string;
}

interface Range extends Options {
  readonly minimum: number;
  readonly maximum: number;
}

function field<T>(
  type: Pick<Schema, 'type' | 'items' | 'additionalProperties' | 'minLength' | 'enum' | 'anyOf'>,
  description: string,
  { wanted, default: fallback, examples, ...rest }: Wanted,
): Schema<T> {
  return {
    ...type,
    description,
    ...rest,
    errorMessage: `must be ${wanted}`,
    ...(fallback !== undefined && { default: fallback }),
    ...(examples !== undefined && { examples }),
  };
}

export const text = (description: string, options: Wanted & { readonly pattern?: string }): Schema<string> =>
  field({ type: 'string', minLength: 1 }, description, options);

export const url = (description: string, options: Options = {}): Schema<string> =>
  text(description, { ...options, wanted: 'an http(s) URL', pattern: '^https?://[^\\s/]+[^\\s]*$' });

export const sha256 = (description: string): Schema<string> =>
  text(description, { wanted: '64 hexadecimal digits', pattern: '^[0-9A-Fa-f]{64}$' });

/** The fingerprint of an OpenPGP key, in groups or not. */
export const fingerprint = (description: string, options: Options = {}): Schema<string> =>
  text(description, { ...options, wanted: '40 hexadecimal digits', pattern: '^([0-9A-Fa-f]{4} *){10}$' });

export const integer = (description: string, options: Range): Schema<number> =>
  field({ type: 'integer' }, description, { ...options, wanted: `an integer from ${rangeOf(options)}` });

export const number = (description: string, options: Range): Schema<number> =>
  field({ type: 'number' }, description, { ...options, wanted: `a number from ${rangeOf(options)}` });

const rangeOf = ({ minimum, maximum }: Range): string => `${minimum} to ${maximum}`;

export const flag = (description: string, options: Options = {}): Schema<boolean> =>
  field({ type: 'boolean' }, description, { ...options, wanted: 'true or false' });

export const oneOf = <const Value extends string | boolean>(
  values: readonly Value[],
  description: string,
  options: Options = {},
): Schema<Value> => field({ enum: values }, description, { ...options, wanted: alternatives(values) });

export const list = <T>(
  items: Schema<T>,
  description: string,
  options: Wanted & { readonly minItems?: number },
): Schema<readonly T[]> => field({ type: 'array', items }, description, options);

export const textList = (
  description: string,
  { item, ...options }: Wanted & { readonly item: string; readonly minItems?: number },
): Schema<readonly string[]> =>
  list({ type: 'string', minLength: 1, errorMessage: `must be ${item}` }, description, options);

/** A map from any key. */
export const mapOf = <T>(
  additionalProperties: Schema<T>,
  description: string,
  options: Wanted,
): Schema<Readonly<Record<string, T>>> =>
  field({ type: 'object', additionalProperties }, description, options);

export type TextMap = Readonly<Record<string, string>>;

export const textMap = (description: string, options: Options = {}): Schema<TextMap> =>
  mapOf({ type: 'string', errorMessage: 'must be a string' }, description, {
    ...options,
    wanted: 'a map of strings',
  });

export const flagMap = (
  description: string,
  options: Options = {},
): Schema<Readonly<Record<string, boolean>>> =>
  mapOf({ type: 'boolean', errorMessage: 'must be true or false' }, description, {
    ...options,
    wanted: 'a map of true and false',
  });

/** What may be written in several forms; what is wrong within one of them is said of that one. */
export const eitherOf = <const Forms extends readonly Schema[]>(
  forms: Forms,
  description: string,
  options: Wanted,
): Schema<Accepted<Forms[number]>> => field({ anyOf: forms }, description, options);

/** Fields of somebody else's format, passed on as they are. */
export const freeMap = (description: string, options: Options = {}): Schema<JsonObject> =>
  field({ type: 'object', additionalProperties: true }, description, { ...options, wanted: 'a map' });

/** A map whose members slipway does not know. */

type Fields = Readonly<Record<string, Schema>>;
type RequiredKey<F extends Fields> = {
  [Key in keyof F]: F[Key] extends Required ? Key : never;
}[keyof F];
type Members<F extends Fields> = Flat<
  { readonly [Key in RequiredKey<F>]: Accepted<F[Key]> } & {
    readonly [Key in Exclude<keyof F, RequiredKey<F>>]?: Accepted<F[Key]>;
  }
>;
type Flat<T> = { [Key in keyof T]: T[Key] };

/** A map whose keys are all known, and may be left out but for the required ones. */
export function map<const F extends Fields>(properties: F, description: string): Schema<Members<F>> {
  const required = Object.keys(properties).filter((key) => REQUIRED in properties[key]!);
  return {
    type: 'object',
    ...(required.length > 0 && { required }),
    properties,
    additionalProperties: false,
    description,
    errorMessage: 'must be a map',
  };
}

/** Marks a key of a map that must be there. */
export interface Required {
  readonly [REQUIRED]: true;
}

export const required = <S extends Schema>(schema: S): S & Required => ({
  ...schema,
  [REQUIRED]: true,
});

/** A schema that stands once, under the root's `$defs`, for all places that refer to it. */
export const defined = <T>(name: string, definition: Schema<T>, description: string): Schema<T> => ({
  $ref: `#/$defs/${name}`,
  description,
  [DEFINITION]: definition,
});

/** `a`, `a or b`, `a, b or c`. */
const alternatives = (values: readonly unknown[]): string =>
  values.length < 2 ? String(values[0]) : `${values.slice(0, -1).join(', ')} or ${String(values.at(-1))}`;
