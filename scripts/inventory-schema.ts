import { inventory } from '../src/inventory/inventory.ts';
import type { Schema } from '../src/core/schema.ts';
import { resolved } from '../src/inventory/text/schema-faults.ts';

/** The JSON schema of the inventory, for editors, with each definition that it refers to. */
export function inventorySchema(): object {
  const definitions = [...definitionsIn(inventory.schema)];
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'inventory.schema.json',
    title: 'slipway inventory',
    ...inventory.schema,
    // Extensions, as Compose has them; the inventory is read without.
    patternProperties: { '^x-': {} },
    $defs: Object.fromEntries(definitions.toSorted(([left], [right]) => (left < right ? -1 : 1))),
  };
}

function* definitionsIn(reference: Schema): Iterable<readonly [string, Schema]> {
  const schema = resolved(reference);
  if (reference.$ref !== undefined) yield [reference.$ref.replace('#/$defs/', ''), schema];
  const { properties = {}, additionalProperties, items, anyOf = [] } = schema;
  for (const member of [...Object.values(properties), additionalProperties, items, ...anyOf]) {
    if (typeof member === 'object') yield* definitionsIn(member);
  }
}
