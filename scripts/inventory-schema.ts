import manifest from '../package.json' with { type: 'json' };
import type { Schema } from '../src/core/schema.ts';
import { inventory } from '../src/inventory/inventory.ts';
import { resolved } from '../src/inventory/text/schema-faults.ts';

/** The JSON schema of the inventory, for editors, with each definition that it refers to. */
export function inventorySchema(): object {
  const definitions = [...definitionsIn(inventory.schema)].map(
    ([name, schema]) => [name, titled(schema, name)] as const,
  );
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    // Where the package of this version has it, once it is on npm.
    $id: `https://unpkg.com/${manifest.name}@${manifest.version}/schema/inventory.schema.json`,
    title: 'slipway inventory',
    description: 'A Kubernetes cluster as slipway is to make it: its hosts, and what is wanted on them.',
    ...titled(inventory.schema, ''),
    // Extensions, as Compose has them; the inventory is read without.
    patternProperties: { '^x-': {} },
    $defs: Object.fromEntries(definitions.toSorted(([left], [right]) => (left < right ? -1 : 1))),
  };
}

/**
 * The schema as editors are to show it: with the path of each key as its title, above what the key is. The YAML language
 * server says the `errorMessage` of a map also of a key in it that it does not know (2.0.0), and without says which.
 */
function titled({ errorMessage, ...schema }: Schema, path: string): Schema {
  const { properties, items, additionalProperties, anyOf } = schema;
  return {
    ...schema,
    ...(errorMessage !== undefined && !properties && { errorMessage }),
    ...(properties && {
      properties: mapValues(properties, (below, key) => {
        const title = path === '' ? key : `${path}.${key}`;
        return { title, ...titled(below, title) };
      }),
    }),
    ...(items && { items: titled(items, `${path}[]`) }),
    ...(typeof additionalProperties === 'object' && {
      additionalProperties: titled(additionalProperties, `${path}.*`),
    }),
    ...(anyOf && { anyOf: anyOf.map((one) => titled(one, path)) }),
  };
}

const mapValues = <T>(
  record: Readonly<Record<string, T>>,
  change: (value: T, key: string) => T,
): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]));

function* definitionsIn(reference: Schema): Iterable<readonly [string, Schema]> {
  const schema = resolved(reference);
  if (reference.$ref !== undefined) yield [reference.$ref.replace('#/$defs/', ''), schema];
  const { properties = {}, additionalProperties, items, anyOf = [] } = schema;
  for (const member of [...Object.values(properties), additionalProperties, items, ...anyOf]) {
    if (typeof member === 'object') yield* definitionsIn(member);
  }
}
