import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, it } from 'vitest';

import { loadInventory } from '#inventory/load-inventory.ts';

const MISSING = `cluster: { name: t }
kubernetes: { version: 1.34.9 }
ssh: { knownHosts: none/known_hosts }
registries:
  registry.lan: { ca: none/ca.crt, mirrors: [{ url: 'https://m.lan', ca: none/mirror.crt }] }
network: { manifest: { path: none/calico.yaml, sha256: ${'a'.repeat(64)} } }
addons:
  metrics-server: { manifest: { path: none/metrics.yaml, sha256: ${'a'.repeat(64)} } }
  manifests: [{ name: a, path: none/a.yaml }, { name: b, kustomize: none/b }]
  charts: [{ name: c, chart: ./none/c }]
defaults: { identityFile: none/default }
groups: { gpu: { identityFile: none/group } }
hosts: [{ name: cp1, role: control-plane, address: 10.0.0.1, identityFile: none/host }]
`;
const LOGIN = ['ssh.knownHosts', 'defaults.identityFile', 'groups.gpu.identityFile', 'hosts[0].identityFile'];
const OTHERS = [
  'registries["registry.lan"].ca',
  'registries["registry.lan"].mirrors[0].ca',
  'network.manifest.path',
  'addons.metrics-server.manifest.path',
  'addons.manifests[0].path',
  'addons.manifests[1].kustomize',
  'addons.charts[0].chart',
];

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slipway-files-'));
});
afterEach(() => rm(directory, { recursive: true }));

async function load(text: string, warn?: (warning: string) => void) {
  const path = join(directory, 'inventory.yaml');
  await writeFile(path, text);
  return loadInventory(path, { env: { HOME: directory }, secrets: 'skip', warn });
}

const pointersOf = (error: unknown): readonly string[] =>
  (error as { problems: readonly { pointer: string }[] }).problems.map(({ pointer }) => pointer);

it('names every file of this machine that is missing, with its place', async () => {
  const error: unknown = await load(MISSING).catch((thrown: unknown) => thrown);
  expect(pointersOf(error)).toEqual(expect.arrayContaining([...LOGIN, ...OTHERS]));
  expect(pointersOf(error)).toHaveLength(LOGIN.length + OTHERS.length);
  expect(error).toMatchObject({
    exitCode: 3,
    message: expect.stringContaining(
      `inventory.yaml:11:27: defaults.identityFile: ${directory}/none/default cannot be read: there is none`,
    ) as string,
  });
});

it('only warns of keys where nobody is connected to', async () => {
  const warnings: string[] = [];
  const error: unknown = await load(MISSING, (text) => warnings.push(text)).catch(
    (thrown: unknown) => thrown,
  );
  expect(pointersOf(error)).toEqual(OTHERS);

  const keysOnly = MISSING.replace(/^registries:[^]*^defaults/m, 'defaults');
  await expect(load(keysOnly, (text) => warnings.push(text))).resolves.toBeDefined();
  expect(warnings).toHaveLength(LOGIN.length);
  expect(warnings[0]).toContain('ssh.knownHosts: ');
});

it('tells a file from a directory', async () => {
  await mkdir(join(directory, 'none/ca.crt'), { recursive: true });
  await writeFile(join(directory, 'none/b'), '');
  const { message } = (await load(MISSING).catch((thrown: unknown) => thrown)) as Error;
  expect(message).toContain(`must be a file, and ${directory}/none/ca.crt is a directory`);
  expect(message).toContain(`must be a directory, and ${directory}/none/b is a file`);
});

it('lets host keys be missing where they are to be written down, or where nothing is said of them', async () => {
  const rest = `cluster: { name: t }
kubernetes: { version: 1.34.9 }
hosts: [{ name: cp1, role: control-plane, address: 10.0.0.1 }]
`;
  await expect(load(rest)).resolves.toBeDefined();
  await expect(
    load(`ssh: { knownHosts: none/known_hosts, hostKeys: accept-new }\n${rest}`),
  ).resolves.toBeDefined();
});

it('names every file that a secret is to be in, with its place, though it reads none', async () => {
  const text = `kubernetes: { version: 1.34.9 }
registries:
  registry.lan: { username: a, password: { file: none/registry }, mirrors: [{ url: 'https://m.lan', username: a, password: { file: there } }] }
defaults: { user: a, becomePassword: { file: none/sudo }, password: { file: none/unused } }
groups: { gpu: { passphrase: { file: none/group } } }
hosts:
  - { name: cp1, role: control-plane, address: 10.0.0.1, password: { file: none/host } }
  - { name: w1, group: gpu, password: { env: UNSET }, becomePassword: { prompt: 'which?' } }
`;
  await writeFile(join(directory, 'there'), 'secret');
  const error: unknown = await load(text).catch((thrown: unknown) => thrown);
  expect(pointersOf(error)).toEqual([
    'registries["registry.lan"].password.file',
    'defaults.becomePassword.file',
    'groups.gpu.passphrase.file',
    'hosts[0].password.file',
  ]);
  expect(error).toMatchObject({
    exitCode: 3,
    message: expect.stringContaining(
      `inventory.yaml:3:50: registries["registry.lan"].password.file: ${directory}/none/registry cannot be read: there is none`,
    ) as string,
  });

  const warnings: string[] = [];
  await expect(load(text, (warning) => warnings.push(warning))).resolves.toBeDefined();
  expect(warnings).toHaveLength(4);
});
