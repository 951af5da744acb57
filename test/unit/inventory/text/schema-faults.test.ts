import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';

import { inventory } from '#inventory/inventory.ts';
import type { Schema } from '#core/schema.ts';
import { resolved, schemaFaults } from '#inventory/text/schema-faults.ts';

import { inventorySchema } from '../../../../scripts/inventory-schema.ts';
import { runs } from '../../../support/runs.ts';

const ajv = new Ajv2020({ strict: true, allErrors: true, ownProperties: true });
ajv.addKeyword('errorMessage');
const ajvValidate = ajv.compile(inventorySchema());

/** Where something is wrong, which keyword says so, and of which key. */
const faultsOfAjv = (document: unknown): readonly string[] => {
  ajvValidate(document);
  const errors = ajvValidate.errors ?? [];
  const isOfWrongType = ({ instancePath }: ErrorObject): boolean =>
    errors.some((other) => other.keyword === 'type' && other.instancePath === instancePath);
  return (
    errors
      // ajv holds 1.5 against the range of an integer as well.
      .filter((error) => !/^(minimum|maximum)$/.test(error.keyword) || !isOfWrongType(error))
      .map(({ instancePath, keyword, params }) =>
        JSON.stringify([
          instancePath,
          keyword,
          params['additionalProperty'] ?? params['missingProperty'] ?? null,
        ]),
      )
  );
};

const pointer = (part: string | number): string =>
  `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`;

const faultsOfOurs = (document: unknown): readonly string[] =>
  schemaFaults(document, inventory.schema).map(({ path, keyword, key = null }) =>
    JSON.stringify([path.map(pointer).join(''), keyword, key]),
  );

const JUNK = fc.constantFrom<unknown>(
  '',
  'x',
  'a/b~c',
  '10.0.0.1',
  'true',
  0,
  -1,
  22,
  1.5,
  70_000,
  true,
  null,
  [],
  {},
  [null],
  {
    env: 'A',
    file: 'b',
  },
);
const KEY = fc.constantFrom('gpu', 'docker.io', 'a/b', 'name', 'x', '__proto__', 'toString');

/** Documents that are nearly as the schema wants them. */
function nearly(reference: Schema): fc.Arbitrary<unknown> {
  const schema = resolved(reference);
  return fc.oneof({ weight: 9, arbitrary: fitting(schema) }, { weight: 1, arbitrary: JUNK });
}

function fitting({
  type,
  enum: values,
  items,
  properties,
  additionalProperties,
  ...rest
}: Schema): fc.Arbitrary<unknown> {
  if (values !== undefined) return fc.constantFrom(...values);
  if (rest.anyOf !== undefined) return fc.oneof(...rest.anyOf.map(nearly));
  if (type === 'array') return fc.array(nearly(items ?? {}), { maxLength: 2 });
  if (properties !== undefined) {
    const known = Object.entries(properties).map(([key, member]) => [key, nearly(member)] as const);
    const unknown = fc.dictionary(KEY, JUNK, { maxKeys: 1 });
    return fc
      .tuple(
        fc.record(Object.fromEntries(known), { requiredKeys: [] }),
        fc.option(unknown, { freq: 9, nil: {} }),
      )
      .map(([fields, more]) => ({ ...more, ...fields }));
  }
  if (typeof additionalProperties === 'object') {
    return fc.dictionary(KEY, nearly(additionalProperties), { maxKeys: 2 });
  }
  if (type === 'boolean') return fc.boolean();
  if (type === 'integer' || type === 'number') return fc.integer({ min: -1, max: 100 });
  return fc.constantFrom(
    ...((rest.examples ?? []) as string[]),
    'x',
    '1.2.3',
    'https://a.example/b',
    'a'.repeat(64),
  );
}

test('ajv finds the same faults in the same order', () => {
  fc.assert(
    fc.property(nearly(inventory.schema), (document) => {
      expect(faultsOfOurs(document)).toEqual(faultsOfAjv(document));
    }),
    { numRuns: runs(500) },
  );
});
