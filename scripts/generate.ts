/** Writes what is made from the sources; with `--check` it only says whether that is up to date. */
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { Ajv2020 } from 'ajv/dist/2020.js';
import standaloneModule from 'ajv/dist/standalone/index.js';

import { inventorySchema } from '../src/inventory/schema.ts';
import { layers } from './layers.ts';

const SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'inventory.schema.json',
  title: 'slipway inventory',
  ...inventorySchema,
};

/** Each file, made whole or out of what it holds now. */
const GENERATED: Readonly<Record<string, (found: string) => string>> = {
  'ARCHITECTURE.md': (found) => betweenMarkers(found, 'layers', layerTable()),
  'schema/inventory.schema.json': () => `${JSON.stringify(SCHEMA, null, 2)}\n`,
  'schema/inventory.validate.mjs': () => validator(SCHEMA),
};

function layerTable(): string {
  const rows = Object.entries(layers()).map(
    ([room, { holds, mayImport }]) => `| \`src/${room}\` | ${holds} | ${mayImport.join(', ') || '-'} |`,
  );
  return ['| room | what is in it | may import |', '|---|---|---|', ...rows].join('\n');
}

/** The document with the part between `<!-- NAME -->` and `<!-- /NAME -->` replaced. */
function betweenMarkers(document: string, name: string, text: string): string {
  const [before, rest] = document.split(`<!-- ${name} -->\n`);
  const [, after] = rest?.split(`<!-- /${name} -->\n`) ?? [];
  if (before === undefined || after === undefined) {
    throw new Error(`ARCHITECTURE.md has no lines <!-- ${name} --> and <!-- /${name} -->`);
  }
  return `${before}<!-- ${name} -->\n${text}\n<!-- /${name} -->\n${after}`;
}

/**
 * The validator that ajv makes of the schema, as a module: to make it anew at every start takes longer than all else.
 *
 * @see https://ajv.js.org/standalone.html (8.20)
 */
function validator(schema: object): string {
  const ajv = new Ajv2020({
    strict: true,
    allErrors: true,
    verbose: true,
    ownProperties: true,
    // What is wrong is put into words of our own.
    messages: false,
    inlineRefs: false,
    code: { source: true, esm: true, lines: true },
  });
  ajv.addKeyword({ keyword: 'errorMessage', schemaType: 'string' });
  return `${HEADER}${standaloneModule.default(ajv, ajv.compile(withoutProse(schema)))}\n`;
}

/** ajv writes `require` for its own helpers, in ES modules too. */
const HEADER = `// Made of inventory.schema.json by ajv: npm run generate
import { createRequire } from "node:module";
const require = createRequire(import.meta.url);
`;

/** What only people read. */
const withoutProse = (schema: object): object =>
  JSON.parse(
    JSON.stringify(schema, (key, value: unknown) =>
      (key === 'description' && typeof value === 'string') || (key === 'examples' && Array.isArray(value))
        ? undefined
        : value,
    ),
  ) as object;

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });

for (const [path, make] of Object.entries(GENERATED)) {
  const file = new URL(`../${path}`, import.meta.url);
  const found = await readFile(file, 'utf8').catch(() => '');
  const wanted = make(found);
  if (found === wanted) continue;
  if (values.check) {
    process.stderr.write(`${path} is out of date: npm run generate\n`);
    process.exitCode = 1;
  } else {
    await writeFile(file, wanted);
    process.stderr.write(`${path} written\n`);
  }
}
