/** Writes what is made from the sources; with `--check` it only says whether that is up to date. */
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';

import { ADDONS } from '../src/addons/addons.ts';
import { KUBEADM_DOCUMENTS, kubeadmFields } from '../src/catalog/kubeadm-fields.ts';
import { CHECK_EXPLANATIONS } from '../src/catalog/check-explanations.ts';
import { RESOURCE_EXPLANATIONS } from '../src/catalog/resource-explanations.ts';
import { inventory } from '../src/inventory/inventory.ts';
import manifest from '../package.json' with { type: 'json' };
import { inventorySchema } from './inventory-schema.ts';
import { layers } from './layers.ts';
import { commandPages } from './manual/command-pages.ts';
import { commandReference } from './manual/command-reference.ts';
import { eventReference } from './manual/event-reference.ts';
import { exitCodeReference } from './manual/exit-code-reference.ts';
import { inventoryReference } from './manual/inventory-reference.ts';
import { code, markdownTable } from './manual/markdown.ts';

/** Each file, made whole or out of what it holds now. */
const GENERATED: Readonly<Record<string, (found: string) => string>> = {
  'ARCHITECTURE.md': (found) => betweenMarkers(found, 'layers', layerTable()),
  'docs/addons.md': (found) => betweenMarkers(found, 'addons', addonTable()),
  'docs/kubeadm.md': (found) => betweenMarkers(found, 'kubeadm', kubeadmTables()),
  'docs/reference/resources.md': () => resourceReference(),
  'docs/reference/checks.md': () => checkReference(),
  'docs/reference/commands.md': () => commandReference(commandPages(manifest.version)),
  'docs/reference/events.md': () => eventReference(),
  'docs/reference/exit-codes.md': () => exitCodeReference(),
  'docs/reference/inventory.md': () => inventoryReference(inventory.schema),
  'schema/inventory.schema.json': () => `${JSON.stringify(inventorySchema(), null, 2)}\n`,
};

const layerTable = (): string =>
  markdownTable(
    ['room', 'what is in it', 'may import'],
    Object.entries(layers()).map(([room, { holds, mayImport }]) => [
      code(`src/${room}`),
      holds,
      mayImport.join(', ') || '-',
    ]),
  );

const addonTable = (): string =>
  markdownTable(
    ['addon, and the version it has by default', 'is', 'what slipway changes in it'],
    ADDONS.map(({ name, versions, summary, changes }) => [`${code(name)} ${versions[0]}`, summary, changes]),
  );

/** What sets each field that is not made of others; fields of a list's items go with the list. */
const kubeadmTables = (): string =>
  KUBEADM_DOCUMENTS.map((document) => {
    const fields = [...kubeadmFields()[document]].filter(
      ([name, { type, key, own }]) =>
        !name.includes('[]') && (type !== 'map' || own !== undefined || key !== undefined),
    );
    const rows = fields.map(([name, { key, own }]) => [
      code(name),
      key === undefined ? (own ?? code(`kubernetes.kubeadm.${document}`)) : keyText(key),
    ]);
    const kind = document.replace(/^./, (letter) => letter.toUpperCase());
    return `### ${kind}\n\n${markdownTable(['field', 'is set by'], rows)}`;
  }).join('\n\n');

/** `nodeIp` of the host. */
function keyText(key: string): string {
  const [name = '', ...rest] = key.split(' ');
  return [code(name), ...rest].join(' ');
}

function resourceReference(): string {
  const rows = Object.entries(RESOURCE_EXPLANATIONS).map(([address, found]) => {
    const [text, see] = typeof found === 'string' ? [found] : found;
    return [code(address), text, linkTo(see)];
  });
  return `# Resources

What a plan names by its address; \`*\` stands for any text. \`slipway explain ADDRESS\` says the same, with what your
inventory makes of it: hosts, facts, and steps on a fresh machine.

${markdownTable(['address', 'is', 'more'], rows)}
`;
}

function checkReference(): string {
  const rows = Object.entries(CHECK_EXPLANATIONS).map(([name, { text, see }]) => [
    code(name === 'Port' ? 'Port-N' : name),
    text,
    linkTo(see),
  ]);
  return `# Checks

What must hold before anything is changed, and what \`slipway verify\` tries. Each is ignored by its name in the inventory:
\`ignoreChecks: [NAME]\`. \`slipway explain NAME\` says the same.

${markdownTable(['name', 'why', 'more'], rows)}
`;
}

const linkTo = (see: string | undefined): string => (see === undefined ? '' : `[docs](${see})`);

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
