/** Writes what is made from the sources; with `--check` it only says whether that is up to date. */
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';

import { inventorySchema } from '../src/inventory/schema.ts';

const GENERATED: Readonly<Record<string, () => string>> = {
  'schema/inventory.schema.json': () =>
    json({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: 'inventory.schema.json',
      title: 'slipway inventory',
      ...inventorySchema,
    }),
};

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });

for (const [path, make] of Object.entries(GENERATED)) {
  const file = new URL(`../${path}`, import.meta.url);
  const wanted = make();
  const found = await readFile(file, 'utf8').catch(() => '');
  if (found === wanted) continue;
  if (values.check) {
    process.stderr.write(`${path} is out of date: npm run generate\n`);
    process.exitCode = 1;
  } else {
    await writeFile(file, wanted);
    process.stderr.write(`${path} written\n`);
  }
}
