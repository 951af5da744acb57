import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { loadInventory } from '#inventory/load-inventory.ts';

import { scratchDirectory } from '../../../support/scratch-directory.ts';
import { host, inventory, parse, problemsOf } from '../inventory-fixture.ts';

describe('a space that is missing is named', () => {
  test.each<[string, string]>([
    ['after the colon of a section', inventory().replace('kubernetes: ', 'kubernetes:')],
    ['after the colon of the last section', inventory('ssh:hostKeys: strict')],
    ['after a colon in a map in braces', inventory().replace('version: ', 'version:')],
    ['after all colons of a host', inventory('  - {name:w1, role:worker}')],
    ['after a colon, alone in its map', inventory('network:', '  plugin:none')],
    ['after a colon, before other keys', inventory('  - name: w1', '    role:worker', '    port: 22')],
    ['after a colon, behind other keys', inventory('  - name: w1', '    port: 22', '    role:worker')],
    ['in labels', host('labels: {rack:r1}')],
    ['after the dash of a map', inventory('  -name: w1')],
    ['after the dash of an item', inventory('defaults:', '  packages:', '    -nfs-common', '    -vim')],
    ['after the dash of an item, not indented', inventory('defaults:', '  packages:', '  -nfs-common')],
  ])('%s', async (_, text) => {
    const problems = await problemsOf(text);
    expect(problems).toMatch(/a space is missing after the (colon|dash) of /);
    expect(problems).toMatchSnapshot();
  });

  test('but not where a colon or a dash belongs to a value', async () => {
    const text = inventory('registries: [a:5000]', 'network: https://a', 'runtime: -1');
    expect(await problemsOf(text)).not.toContain('a space is missing');
  });
});

describe('a whole number', () => {
  test.each(['9223372036854775807', '-9007199254740993', '0x7fffffffffffffff'])(
    'that would be written otherwise is told with its place: %s',
    async (number) => {
      for (const text of [
        host(`kubelet: {maxOpenFiles: ${number}}`),
        host(`runtime: {config: {a: [${number}]}}`),
        host(`labels: {rack: ${number}}`),
      ]) {
        expect(await problemsOf(text)).toMatch(
          new RegExp(
            `^inventory.yaml:4:\\d+: hosts\\[1\\]\\.\\S+: ${number} has more digits than slipway can write exactly`,
          ),
        );
      }
    },
  );

  test.each(['9007199254740991', '"9223372036854775807"', '1e30', '1.5'])(
    'is what it is: %s',
    async (number) => {
      expect(await problemsOf(host(`kubelet: {maxOpenFiles: ${number}}`))).not.toContain('more digits');
    },
  );
});

describe('keys of YAML', () => {
  test('merge keys are refused, with what does the same here', async () => {
    const text = inventory('  - name: w1', '    labels:', '      <<: *common', 'x-common: &common {a: b}');
    expect(await problemsOf(text)).toMatchInlineSnapshot(
      `"inventory.yaml:6:7: hosts[1].labels: merge keys (<<) are not read: put what hosts have in common under defaults or in a group, and write the rest out"`,
    );
    expect(await problemsOf(host('labels: {<<: {a: b}}'))).toMatchInlineSnapshot(
      `"inventory.yaml:4:45: hosts[1].labels: merge keys (<<) are not read: put what hosts have in common under defaults or in a group, and write the rest out"`,
    );
  });

  test("keys at the top that begin with x- are the operator's own", async () => {
    const text = `x-common: &common {rack: "\${UNSET}", a: b}\n${host('labels: {c: d}')}\nx-2: [1]`;
    expect((await parse(text)).cluster.hosts[1]?.labels).toEqual({ c: 'd' });
    const used = `x-common: &common {a: b}\n${host('labels: *common')}`;
    expect((await parse(used)).cluster.hosts[1]?.labels).toEqual({ a: 'b' });
  });

  test('keys that begin with x- elsewhere are not', async () => {
    expect(await problemsOf(host('x-rack: a'))).toMatchInlineSnapshot(
      `"inventory.yaml:4:36: hosts[1]: unknown key "x-rack": keys of your own, x-..., stand at the top of the file only"`,
    );
  });
});

/** The name of the cluster, or what is wrong. */
async function load(bytes: Buffer): Promise<string> {
  const path = join(await scratchDirectory(), 'inventory.yaml');
  await writeFile(path, bytes);
  return loadInventory(path, { env: {} }).then(
    ({ cluster }) => cluster.name,
    (error: Error) => error.message.replaceAll(path, 'inventory.yaml'),
  );
}

describe('a file', () => {
  const text = inventory('cluster: {name: grün}');

  test.each<[string, Buffer]>([
    ['in UTF-8', Buffer.from(text)],
    ['in UTF-8 with a mark', Buffer.from(`\u{FEFF}${text}`)],
    ['in UTF-16, as Windows has it', Buffer.from(`\u{FEFF}${text}`, 'utf16le')],
    ['in UTF-16, the other way round', Buffer.from(`\u{FEFF}${text}`, 'utf16le').swap16()],
  ])('%s is read', async (_, bytes) => {
    expect(await load(bytes)).toMatch(/grün|must be/);
  });

  test.each<[string, Buffer]>([
    ['in Latin-1', Buffer.from(text, 'latin1')],
    ['in UTF-16 without a mark', Buffer.from(inventory(), 'utf16le')],
    ['that is a program', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0x02, 0xff, 0xfe, 0x00])],
    ['that is huge', Buffer.alloc(9 * 1024 * 1024, 'a')],
    ['that is empty', Buffer.alloc(0)],
  ])('%s is refused with its place', async (_, bytes) => {
    expect(await load(bytes)).toMatchSnapshot();
  });
});
