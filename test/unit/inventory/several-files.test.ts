import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { clusterDigest } from '#core/saved-plan.ts';
import { loadInventory } from '#inventory/load-inventory.ts';
import { InventoryError } from '#inventory/text/problem.ts';

import { scratchDirectory } from '../../support/scratch-directory.ts';

const BASE = `cluster: { name: base }
kubernetes:
  version: 1.36.4
  networking: { podSubnet: 10.200.0.0/16 }
  apiServer: { certSANs: [api.base, api.lan] }
defaults: { user: admin }
hosts:
  - { name: cp1, role: control-plane, address: 10.0.0.1, labels: { a: '1', b: '1' } }
  - { name: 'w[1:2]', address: '10.0.0.[11:12]' }
`;

/** An inventory of files in a directory of its own, as a user there would name them. */
async function load(files: Readonly<Record<string, string>>, named: readonly string[] = Object.keys(files)) {
  const directory = await scratchDirectory();
  await mkdir(join(directory, 'envs'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
  const paths = named.map((name) => join(directory, name));
  try {
    const { cluster } = await loadInventory(paths, { env: { HOME: '/home/me', VERSION: '1.36.3' } });
    return { cluster, directory, problems: '' };
  } catch (error) {
    if (!(error instanceof InventoryError)) throw error;
    return { cluster: undefined, directory, problems: error.message.replaceAll(`${directory}/`, '') };
  }
}

describe('several inventories are one', () => {
  test('in which maps are merged, lists are replaced, and later files win', async () => {
    const { cluster } = await load({
      'base.yaml': BASE,
      'prod.yaml': 'cluster: { name: prod }\nkubernetes: { apiServer: { certSANs: [api.prod] } }\n',
      'late.yaml': 'cluster: { name: late }\nkubernetes: { version: "${VERSION}" }\n',
    });
    expect(cluster).toMatchObject({
      name: 'late',
      kubernetes: { version: '1.36.3', apiServer: { certSANs: ['api.prod'] } },
    });
  });

  test('in which hosts of a name are one host, and others come after them', async () => {
    const { cluster } = await load({
      'base.yaml': BASE,
      'prod.yaml': `hosts:
  - { name: w9, address: 10.0.0.19 }
  - { name: cp1, address: 10.9.0.1, labels: { b: '2' } }
  - { name: 'w[1:2]', user: root }
`,
    });
    expect(cluster?.hosts.map(({ name, address, user, role }) => [name, address, user, role])).toEqual([
      ['cp1', '10.9.0.1', 'admin', 'control-plane'],
      ['w1', '10.0.0.11', 'root', 'worker'],
      ['w2', '10.0.0.12', 'root', 'worker'],
      ['w9', '10.0.0.19', 'admin', 'worker'],
    ]);
    expect(cluster?.hosts[0]?.labels).toEqual({ a: '1', b: '2' });
  });

  test('in which keys and files that say nothing change nothing', async () => {
    const { cluster } = await load({
      'base.yaml': BASE,
      'comments.yaml': '# nothing yet\n',
      'prod.yaml': 'kubernetes:\n  # version: 1.36.3\nhosts:\n',
    });
    const alone = await load({ 'base.yaml': BASE });
    expect(clusterDigest(cluster!)).toBe(clusterDigest(alone.cluster!));
  });

  test('which a saved plan holds for: what any of them says is in its digest', async () => {
    const digests = await Promise.all(
      ['10.0.0.1', '10.0.0.2'].map(async (address) => {
        const files = { 'base.yaml': BASE, 'prod.yaml': `hosts: [{ name: cp1, address: ${address} }]\n` };
        return clusterDigest((await load(files)).cluster!);
      }),
    );
    expect(new Set(digests).size).toBe(2);
  });

  test('that name paths relative to the directory of the first file', async () => {
    const key = 'defaults: { identityFile: keys/id }\n';
    const { problems } = await load({ 'base.yaml': BASE, 'envs/prod.yaml': key });
    expect(problems).toBe(
      'envs/prod.yaml:1:27: defaults.identityFile: keys/id cannot be read: there is none',
    );
  });
});

describe('what is wrong in one of several files', () => {
  test.each([
    [
      'a value',
      'kubernetes:\n  version: 1.36\n',
      'prod.yaml:2:12: kubernetes.version: must be a full version',
    ],
    [
      'a key',
      'kubernetes: { networking: {}, verison: x }\n',
      'prod.yaml:1:31: kubernetes: unknown key "verison"',
    ],
    [
      'a host that is changed: by its place there',
      'hosts:\n  - { name: w9, address: 10.0.0.19 }\n  - { name: cp1, port: 99999 }\n',
      'prod.yaml:3:24: hosts[1].port: must be an integer',
    ],
    [
      'what was right before: where it is changed',
      'hosts:\n  - { name: cp1, group: none }\n',
      'prod.yaml:2:25: hosts[0].group: there is no group "none"',
    ],
    [
      'two hosts that are one, with the place of the other',
      'hosts: [{ name: w2, address: 10.0.0.22 }]\n',
      'prod.yaml:1:17: hosts[0].name: the name w2 is that of hosts[1] already, on line 9 of base.yaml',
    ],
    [
      'a host that stands twice in one file',
      'hosts: [{ name: w9 }, { name: w9 }]\n',
      'prod.yaml:1:31: hosts[1].name: the name w9 is that of hosts[2] already, on line 1 of prod.yaml',
    ],
    [
      'a variable',
      'cluster: { name: "${NONE}" }\n',
      'prod.yaml:1:18: cluster.name: the environment variable NONE',
    ],
    ['its YAML', 'hosts: [\n', 'prod.yaml:'],
    ['its form', '- a\n', 'prod.yaml:1:1: must be a map'],
  ])('is said with its place in that file: %s', async (_, text, problem) => {
    const { problems } = await load({ 'base.yaml': BASE, 'prod.yaml': text });
    expect(problems.slice(0, problem.length)).toBe(problem);
    expect(problems).not.toContain('\nbase.yaml');
  });

  test('of the first file too, and file by file', async () => {
    const { problems } = await load({
      'base.yaml': BASE.replace('podSubnet: 10.200.0.0/16', 'podSubnet: 10.200.0.0'),
      'prod.yaml': 'nonsense: 1\nkubernetes: { networking: { serviceSubnet: x } }\n',
    });
    expect(problems.split('\n').map((line) => line.split(' ')[0])).toEqual([
      'base.yaml:4:28:',
      'prod.yaml:1:1:',
      'prod.yaml:2:44:',
    ]);
  });
});

describe('a directory', () => {
  test('is all its *.yaml and *.yml, in the order of their names', async () => {
    const { cluster, directory } = await load(
      {
        'envs/20-late.yml': 'cluster: { name: late }\n',
        'envs/10-base.yaml': BASE,
        'envs/30-values.json': '{',
        'envs/.hidden.yaml': 'cluster: { name: hidden }\n',
      },
      ['envs'],
    );
    expect(cluster?.name).toBe('late');
    const env = { HOME: '/home/me' };
    const files = await loadInventory([join(directory, 'envs')], { env });
    expect(files.paths).toEqual(['10-base.yaml', '20-late.yml'].map((name) => join(directory, 'envs', name)));
  });

  test('goes before files that are named after it', async () => {
    const { cluster } = await load({ 'envs/base.yaml': BASE, 'prod.yaml': 'cluster: { name: prod }\n' }, [
      'envs',
      'prod.yaml',
    ]);
    expect(cluster?.name).toBe('prod');
  });

  test('without an inventory is an error', async () => {
    await expect(load({}, ['envs'])).rejects.toThrow(
      /envs has no inventory: no file there is called \*\.yaml/,
    );
  });
});
