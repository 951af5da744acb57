import { readFile } from 'node:fs/promises';

import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';

import { inventorySchema } from '../../../scripts/inventory-schema.ts';
import { parse } from './inventory-fixture.ts';

const read = (path: string): Promise<string> =>
  readFile(new URL(`../../../${path}`, import.meta.url), 'utf8');
const example = await read('inventory.yaml');
const schema: Schema = JSON.parse(await read('schema/inventory.schema.json'));

interface Schema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

const resolved = (part: Schema): Schema =>
  part.$ref === undefined ? part : { ...schema.$defs?.[part.$ref.replace('#/$defs/', '')], ...part };

/** Every key the schema knows, with the path it has there. */
function properties(part: Schema, path = ''): readonly (readonly [string, string, Schema])[] {
  const own = Object.entries(part.properties ?? {})
    .map(([key, below]) => [key, resolved(below)] as const)
    .flatMap(([key, below]) => [
      [`${path}${key}`, key, below] as const,
      ...properties(below, `${path}${key}.`),
    ]);
  const others = [part.additionalProperties, part.items];
  return [
    ...own,
    ...(part.anyOf ?? []).flatMap((one) => properties(resolved(one), path)),
    ...others.flatMap((below) => (typeof below === 'object' ? properties(resolved(below), `${path}*.`) : [])),
  ];
}

const known = properties(schema);

const MINIMAL =
  'kubernetes: {version: "1.35.8"}\nhosts: [{name: cp1, address: 10.0.0.11, role: control-plane}]';

describe('schema', () => {
  test('is generated from the source', () => {
    expect(schema).toEqual(JSON.parse(JSON.stringify(inventorySchema())));
  });

  test('is a valid schema of draft 2020-12', () => {
    const ajv = new Ajv2020({ strict: true });
    ajv.addKeyword('errorMessage');
    expect(ajv.validateSchema(schema)).toBe(true);
  });

  test.each(known)('%s has a description', (_, __, { description }) => {
    expect(description).toMatch(/^.{10,}[.]$/);
  });

  test('shows the defaults that the code has', async () => {
    const { cluster } = await parse(MINIMAL);
    const { name, kubernetes, network, verify, gpu, ssh, hosts } = cluster;
    const built = {
      'cluster.name': name,
      'kubernetes.imageRepository': kubernetes.imageRepository,
      'kubernetes.networking.podSubnet': kubernetes.podSubnet,
      'kubernetes.networking.serviceSubnet': kubernetes.serviceSubnet,
      'kubernetes.networking.dnsDomain': kubernetes.dnsDomain,
      'kubernetes.kubeProxy.mode': kubernetes.kubeProxy.mode,
      'kubernetes.repository.fingerprint': kubernetes.repository.fingerprint,
      'network.version': network.plugin === 'calico' && network.version,
      'network.encapsulation': network.plugin === 'calico' && network.encapsulation,
      'verify.image': verify.image,
      'verify.timeout': verify.timeoutMs / 1000,
      'gpu.mode': gpu.mode,
      'gpu.toolkit.version': gpu.toolkit?.version,
      'gpu.devicePlugin.type': gpu.devicePlugin.type,
      'ssh.knownHosts': ssh.knownHosts.replace('/home/me', '~'),
      'ssh.hostKeys': ssh.hostKeys,
      'ssh.connectTimeout': ssh.connectTimeoutMs / 1000,
      'hosts.*.user': hosts[0]?.user,
      'hosts.*.port': hosts[0]?.port,
      'runtime.type': hosts[0]?.runtime.type,
    };
    const shown = Object.keys(built).map((path) => [
      path,
      known.find(([candidate]) => candidate === path)?.[2].default,
    ]);
    expect(Object.fromEntries(shown)).toEqual(built);
  });
});

describe('example inventory', () => {
  test('names its schema in the first line', () => {
    expect(example.split('\n')[0]).toBe('# yaml-language-server: $schema=./schema/inventory.schema.json');
  });

  test.each([...new Set(known.map(([, key]) => key))])('mentions %s', (key) => {
    expect(example).toMatch(new RegExp(`\\b${key}: `.trim()));
  });

  test('is valid as it stands', async () => {
    const { cluster } = await parse(example);
    expect(cluster.hosts.map(({ name, role, address }) => `${name} ${role} ${address}`)).toEqual([
      'cp1 control-plane 10.0.0.11',
      'cpu1 worker 10.0.0.12',
      'gpu01 worker 10.0.0.21',
      'gpu02 worker 10.0.0.22',
    ]);
  });

  test('is valid with every option in force', async () => {
    const option = /^( *)# ( *(?:- )?[a-z/][\w./-]*:(?: .*)?)$/gm;
    const full = example.slice(example.indexOf('\n')).replaceAll(option, '$1$2');
    expect(full).not.toMatch(option);
    const { cluster } = await parse(full, {
      secrets: 'skip',
      askSsh: () => Promise.resolve(''),
      readFile: () => Promise.resolve(''),
    });
    expect(cluster.kubernetes.kubelet).toEqual({ maxPods: 250 });
    expect(cluster.hosts[1]?.nodeIp).toBe('192.168.100.12');
    expect(cluster.network).toMatchObject({ mtu: 1450 });
  });

  test('shows defaults that are the defaults', async () => {
    const { cluster } = await parse(example);
    const minimal = await parse(MINIMAL);
    expect(cluster.kubernetes).toEqual(minimal.cluster.kubernetes);
    expect(cluster.network).toEqual(minimal.cluster.network);
    expect(cluster.ssh).toEqual(minimal.cluster.ssh);
  });
});
