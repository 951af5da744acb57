import { readFile, readdir } from 'node:fs/promises';

import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

import { IMPORTERS } from '#importers/importers.ts';
import { type Source, SOURCE_NAMES } from '#importers/sources.ts';
import { writeInventory } from '#importers/write-inventory.ts';
import { parseInventory } from '#inventory/parse-inventory.ts';

const fixtures = new URL('fixtures/', import.meta.url);

/** `ssh-config-g.txt` is another text for the importer `ssh-config`. */
const sourceOf = (file: string): Source | undefined =>
  SOURCE_NAMES.find((name) => file === `${name}.txt`) ??
  SOURCE_NAMES.find((name) => file.startsWith(`${name}-`));

const files = (await readdir(fixtures)).filter((file) => file.endsWith('.txt'));

const inventoryOf = async (file: string): Promise<string> => {
  const source = sourceOf(file);
  if (source === undefined) throw new TypeError(`${file} is of no importer`);
  const imported = IMPORTERS[source](await readFile(new URL(file, fixtures), 'utf8'));
  return writeInventory({ ...imported, origin: `slipway import ${source}` });
};

describe('importers', () => {
  test('each have a fixture', () => {
    expect(new Set(files.map(sourceOf))).toEqual(new Set(SOURCE_NAMES));
  });

  test.each(files)('of %s write an inventory that is valid, without its secrets', async (file) => {
    const text = await inventoryOf(file);
    const { cluster } = await parseInventory(text, {
      path: 'inventory.yaml',
      directory: '/nowhere',
      env: { HOME: '/home/me' },
      secrets: 'skip',
      lookAt: async () => 'file',
    });
    expect(cluster.hosts.some(({ role }) => role === 'control-plane')).toBe(true);
    expect(text).not.toContain('secret');
    await expect(text).toMatchFileSnapshot(`fixtures/${file.replace('.txt', '.golden')}`);
  });

  test('say what is missing where only the forwarded port of a machine is known', async () => {
    const text = await readFile(new URL('vagrant.txt', fixtures), 'utf8');
    const [cp1] = IMPORTERS.vagrant(text.replaceAll(/^10\.0\.2\.15.*$/gm, '')).hosts;
    expect(cp1).toMatchObject({ nodeIp: undefined, notes: [expect.stringContaining('10.0.2.15')] });
  });

  test.each([
    'a: b # c',
    'x\n  - name: evil',
    '${HOME}',
    "'; rm -rf /",
    '"',
    '\u2028- e',
    '{a}',
    '*x',
    '&x',
    '%y',
  ])('keep %j a value, wherever it stands', (word) => {
    const host = { name: 'n', address: '10.0.0.1', user: word, identityFile: word, notes: [word] };
    const text = writeInventory({ cluster: word, hosts: [host, host], notes: [word], origin: word });
    const { defaults, hosts } = parse(text) as {
      readonly defaults: object;
      readonly hosts: readonly object[];
    };
    const written = word.replaceAll('${', () => '$${');
    expect(defaults).toEqual({ user: written, identityFile: written });
    expect(hosts).toEqual([
      { name: 'n', role: 'control-plane', address: '10.0.0.1' },
      { name: 'n', address: '10.0.0.1' },
    ]);
  });

  test.each(SOURCE_NAMES)('of %s refuse what is something else, and show nothing of it', (source) => {
    for (const text of ['', 'hello', '[1, 2]', '{"a": "the secret"}', '{{{', 'a: &b [*b', 'null']) {
      const act = (): unknown => IMPORTERS[source](text);
      expect(act, text).toThrow(expect.objectContaining({ code: 'import-unreadable', exitCode: 3 }));
      expect(act, text).toThrow(/^this is not [^{}]*$/);
    }
  });
});
