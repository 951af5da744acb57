import { type Static, type TSchema, Type } from 'typebox';

/** What an editor shows of a field, and what a message wants of it. */
interface FieldOptions {
  readonly description: string;
  /** Completes "must be"; shown by editors and in slipway's own messages. */
  readonly wanted: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
}

/** The annotations of a field; `errorMessage` is also what the YAML language server shows. */
function annotations({ wanted, default: fallback, examples, ...rest }: FieldOptions) {
  return {
    ...rest,
    errorMessage: `must be ${wanted}`,
    ...(fallback !== undefined && { default: fallback }),
    ...(examples !== undefined && { examples: [...examples] }),
  };
}

export const text = (options: FieldOptions & { readonly pattern?: string }) =>
  Type.String({ minLength: 1, ...annotations(options) });

export const integer = (
  options: Omit<FieldOptions, 'wanted'> & { readonly minimum: number; readonly maximum: number },
) =>
  Type.Integer(
    annotations({ ...options, wanted: `an integer from ${options.minimum} to ${options.maximum}` }),
  );

export const flag = (options: Omit<FieldOptions, 'wanted'>) =>
  Type.Boolean(annotations({ ...options, wanted: 'true or false' }));

export const oneOf = <const Values extends readonly [string | boolean, ...(string | boolean)[]]>(
  values: Values,
  options: Omit<FieldOptions, 'wanted'>,
) =>
  Type.Unsafe<Values[number]>({
    enum: [...values],
    ...annotations({ ...options, wanted: alternatives(values) }),
  });

export const textList = (options: FieldOptions & { readonly item: string }) => {
  const { item, ...rest } = options;
  return Type.Array(Type.String({ minLength: 1, errorMessage: `must be ${item}` }), annotations(rest));
};

/** A map from any key to a string. */
export const textMap = (options: Omit<FieldOptions, 'wanted'>) =>
  Type.Unsafe<Record<string, string>>({
    type: 'object',
    additionalProperties: { type: 'string', errorMessage: 'must be a string' },
    ...annotations({ ...options, wanted: 'a map of strings' }),
  });

export const flagMap = (options: Omit<FieldOptions, 'wanted'>) =>
  Type.Unsafe<Record<string, boolean>>({
    type: 'object',
    additionalProperties: { type: 'boolean', errorMessage: 'must be true or false' },
    ...annotations({ ...options, wanted: 'a map of true and false' }),
  });

/** Fields of somebody else's format, passed on as they are. */
export const freeMap = (options: Omit<FieldOptions, 'wanted'>) =>
  Type.Unsafe<FreeMap>({
    type: 'object',
    additionalProperties: true,
    ...annotations({ ...options, wanted: 'a map' }),
  });

/** A map whose members slipway does not know. */
export type FreeMap = Readonly<Record<string, unknown>>;

/** The objects of the inventory know all of their keys. */
export const closed = (description: string) => ({
  additionalProperties: false,
  description,
  errorMessage: 'must be a map',
});

/** A secret, by reference. */
export const secretSchema = Type.Object(
  {
    env: Type.Optional(
      text({
        description: 'The environment variable that holds the secret.',
        wanted: 'the name of an environment variable',
        pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
        examples: ['SSH_PASSWORD'],
      }),
    ),
    file: Type.Optional(
      text({
        description:
          'A file that holds the secret and nothing else; a line end at its end is left out. Relative to the inventory.',
        wanted: 'the path of a file',
        examples: ['~/.secrets/ssh-password'],
      }),
    ),
    prompt: Type.Optional(
      text({
        description: 'What to ask the operator; asked once, however many hosts share it.',
        wanted: 'a question',
        examples: ['Password of admin on the GPU machines?'],
      }),
    ),
  },
  {
    additionalProperties: false,
    minProperties: 1,
    maxProperties: 1,
    writeOnly: true,
    description: 'A secret, by reference.',
    errorMessage: 'must be a reference to a secret: {env: NAME}, {file: PATH} or {prompt: "question"}',
  },
);

/** A schema of the root's `$defs`: written, and compiled, once. */
export const defined = <T extends TSchema>(name: string, _schema: T, description: string) =>
  Type.Unsafe<Static<T>>({ $ref: `#/$defs/${name}`, description });

export const secret = (description: string) => defined('secret', secretSchema, description);

/** `a`, `a or b`, `a, b or c`. */
const alternatives = (values: readonly unknown[]): string =>
  values.length < 2 ? String(values[0]) : `${values.slice(0, -1).join(', ')} or ${String(values.at(-1))}`;
