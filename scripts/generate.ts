/** Writes what is made from the sources; with `--check` it only says whether that is up to date. */
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';

import { ADDONS } from '../src/addons/addons.ts';
import { inventorySchema } from './inventory-schema.ts';
import { layers } from './layers.ts';

/** Each file, made whole or out of what it holds now. */
const GENERATED: Readonly<Record<string, (found: string) => string>> = {
  'ARCHITECTURE.md': (found) => betweenMarkers(found, 'layers', layerTable()),
  'docs/addons.md': (found) => betweenMarkers(found, 'addons', addonTable()),
  'schema/inventory.schema.json': () => `${JSON.stringify(inventorySchema(), null, 2)}\n`,
};

function layerTable(): string {
  const rows = Object.entries(layers()).map(
    ([room, { holds, mayImport }]) => `| \`src/${room}\` | ${holds} | ${mayImport.join(', ') || '-'} |`,
  );
  return ['| room | what is in it | may import |', '|---|---|---|', ...rows].join('\n');
}

function addonTable(): string {
  const rows = ADDONS.map(
    ({ name, versions, summary, changes }) => `| \`${name}\` ${versions[0]} | ${summary} | ${changes} |`,
  );
  return [
    '| addon, and the version it has by default | is | what slipway changes in it |',
    '|---|---|---|',
    ...rows,
  ].join('\n');
}

/** The document with the part between `<!-- NAME -->` and `<!-- /NAME -->` replaced. */
function betweenMarkers(document: string, name: string, text: string): string {
  const [before, rest] = document.split(`<!-- ${name} -->\n`);
  const [, after] = rest?.split(`<!-- /${name} -->\n`) ?? [];
  if (before === undefined || after === undefined) {
    throw new Error(`there are no lines <!-- ${name} --> and <!-- /${name} -->`);
  }
  return `${before}<!-- ${name} -->\n${text}\n<!-- /${name} -->\n${after}`;
}

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
