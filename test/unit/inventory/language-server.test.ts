import { readFile } from 'node:fs/promises';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { LanguageClient } from '../../support/language-client.ts';

const root = new URL('../../../', import.meta.url);
const example = await readFile(new URL('inventory.yaml', root), 'utf8');

let client: LanguageClient;
let opened = 0;
beforeAll(async () => {
  client = await LanguageClient.start();
});
afterAll(() => client.stop());

/** A file beside the inventory, so that it names the same schema; it is only in the editor. */
const fileName = (): string => new URL(`inventory-${(opened += 1)}.yaml`, root).href;

/** The example with one text in the place of another, and where that begins. */
function edited(from: string, to: string) {
  expect(example.split(from)).toHaveLength(2);
  const [before = ''] = example.split(from);
  return { text: example.replace(from, to), line: before.split('\n').length - 1 };
}

/** The labels that are offered where the mark is. */
async function offered(text: string): Promise<readonly string[]> {
  const [before = '', after = ''] = text.split('@@');
  const uri = fileName();
  await client.open(uri, before + after);
  const lines = before.split('\n');
  const { items } = await client.ask<{ readonly items: readonly { readonly label: string }[] }>(
    'textDocument/completion',
    {
      textDocument: { uri },
      position: { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 },
    },
  );
  return items.map(({ label }) => label);
}

/** What is shown of the first place that has this text. */
async function hover(text: string): Promise<string> {
  const uri = fileName();
  await client.open(uri, example);
  const lines = example.split('\n');
  const line = lines.findIndex((one) => one.includes(text));
  const position = { line, character: (lines[line]?.indexOf(text) ?? 0) + 1 };
  const shown = await client.ask<{ readonly contents: { readonly value: string } } | null>(
    'textDocument/hover',
    { textDocument: { uri }, position },
  );
  return shown?.contents.value ?? '';
}

describe('the YAML language server, of an inventory that names the schema,', () => {
  it('finds nothing wrong with the example', async () => {
    expect(await client.open(fileName(), example)).toEqual([]);
  });

  it.each([
    ["version: '1.35.8'", 'version: 1.35', 'must be a full version such as 1.35.8'],
    ['name: example\n', 'name: Example\n', 'must be lower-case letters, digits, - and .'],
    ['role: control-plane\n', 'rolle: control-plane\n', 'Property rolle is not allowed.'],
  ])('finds %j written as %j', async (from, to, message) => {
    const { text, line } = edited(from, to);
    const found = await client.open(fileName(), text);
    expect(found.map((one) => [one.range.start.line, one.message])).toEqual([[line, message]]);
  });

  it('offers what may stand in each place', async () => {
    const head = `${example.split('\n')[0]}\n`;
    expect(await offered(`${head}@@`)).toEqual(expect.arrayContaining(['hosts', 'kubernetes', 'upgrade']));
    expect(await offered(`${head}hosts:\n  - name: cp1\n    role: @@\n`)).toEqual(
      expect.arrayContaining(['control-plane', 'worker']),
    );
    const ofHost = await offered(`${head}hosts:\n  - name: cp1\n    @@\n`);
    expect(ofHost).toEqual(expect.arrayContaining(['address', 'taints', 'gpu']));
    expect(ofHost).not.toContain('name');
    expect(ofHost).not.toContain('upgrade');
  });

  it('says what a key is, with its path', async () => {
    const shown = await hover("version: '1.35.8'");
    expect(shown).toContain('The version of Kubernetes: minor and patch, in quotes.');
    expect(shown).toMatch(/kubernetes\\?\.version/);
    expect(await hover('# controlPlaneEndpoint')).toBe('');
  });
});
