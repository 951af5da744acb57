import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { openSlipway } from '#slipway.ts';
import { scratchDirectory } from '../support/scratch-directory.ts';
import { type FakeOptions, fakeCli, type FakeResult } from './fake-cli.ts';

interface Initialized extends FakeResult {
  readonly path: string;
  readonly text: string;
}

async function init(argv: readonly string[], options: FakeOptions = {}): Promise<Initialized> {
  const path = join(await scratchDirectory(), 'inventory.yaml');
  const result = await fakeCli(['init', '-i', path, ...argv], options);
  return { ...result, path, text: await readFile(path, 'utf8').catch(() => '') };
}

const read = (path: string) =>
  openSlipway(path, { env: { HOME: '/nowhere' }, secrets: 'skip', warn: () => undefined });

describe('init', () => {
  test('writes the hosts that are named, in an inventory that is valid', async () => {
    const { code, stdout, stderr, path, text, calls } = await init([
      '--control-planes=cp1=10.0.0.11,10.0.0.12,third=10.0.0.13',
      '--workers=w1=10.0.0.21',
      '--gpu=10.0.0.31,10.0.0.32',
      '--ha=keepalived=10.0.0.10',
      '--user=admin',
      '--identity-file=~/.ssh/cluster',
      '--kubernetes=v1.35.8',
      '--name=berlin',
    ]);
    expect([code, stdout]).toEqual([0, '']);
    expect(stderr).toContain(`The inventory is in ${path}.`);
    // It is read again, so that what is wrong with it is said.
    expect(calls.opened).toEqual([expect.objectContaining({ path, secrets: 'skip' })]);
    const { cluster } = await read(path);
    expect(cluster).toMatchObject({
      name: 'berlin',
      kubernetes: { version: '1.35.8', loadBalancer: { type: 'keepalived', address: '10.0.0.10' } },
    });
    expect(
      cluster.hosts.map(({ name, address, role, user, gpu }) => [name, address, role, user, gpu]),
    ).toEqual([
      ['cp1', '10.0.0.11', 'control-plane', 'admin', 'auto'],
      ['cp2', '10.0.0.12', 'control-plane', 'admin', 'auto'],
      ['third', '10.0.0.13', 'control-plane', 'admin', 'auto'],
      ['w1', '10.0.0.21', 'worker', 'admin', 'auto'],
      ['gpu1', '10.0.0.31', 'worker', 'admin', true],
      ['gpu2', '10.0.0.32', 'worker', 'admin', true],
    ]);
    expect(text).toContain('  identityFile: ~/.ssh/cluster\n');
  });

  test.each([
    [['--ha'], { loadBalancer: { type: 'local' } }],
    [['--ha=kube-vip=10.0.0.10'], { loadBalancer: { type: 'kube-vip', address: '10.0.0.10' } }],
    [['--ha=api.example.com:6443'], { endpoint: 'api.example.com:6443' }],
    [[], { loadBalancer: { type: 'external' } }],
  ])('with %j has %j before the API servers', async (flags, expected) => {
    const { path } = await init(['--control-planes=10.0.0.11', ...flags]);
    const { loadBalancer, controlPlaneEndpoint } = (await read(path)).cluster.kubernetes;
    const found = { loadBalancer, endpoint: controlPlaneEndpoint };
    expect(found).toMatchObject(expected);
  });

  test('takes hosts of another tool, of which some have GPUs', async () => {
    const stdin =
      'Host cp1\n  HostName 10.0.0.11\n  User admin\nHost w1\n  HostName 10.0.0.12\n  User admin\n';
    const { code, path } = await init(['--from', 'ssh-config', '--gpu', 'w1'], { stdin });
    expect(code).toBe(0);
    const { cluster } = await read(path);
    expect(cluster.hosts).toMatchObject([
      { name: 'cp1', user: 'admin', role: 'control-plane', gpu: 'auto' },
      { name: 'w1', user: 'admin', role: 'worker', gpu: true },
    ]);
  });

  test('asks on a terminal, and for what stands before several control planes', async () => {
    const answers = ['cp1=10.0.0.11, cp2=10.0.0.12', '10.0.0.21', '', 'admin', ''];
    const asked: string[] = [];
    const ask = async (question: string): Promise<string> => {
      asked.push(question);
      return answers[asked.length - 1] ?? '';
    };
    const { code, path } = await init([], { ask });
    expect(code).toBe(0);
    expect(asked.map((question) => question.split(/[:[]/)[0]?.trim())).toEqual([
      'Control planes',
      'Workers',
      'Workers with GPUs',
      'Who logs in',
      'Before the API servers',
    ]);
    const { cluster } = await read(path);
    expect(cluster.kubernetes.loadBalancer).toMatchObject({ type: 'local' });
    expect(cluster.hosts.map(({ name }) => name)).toEqual(['cp1', 'cp2', 'w1']);
  });

  test.each<[readonly string[], FakeOptions, string]>([
    [[], {}, 'there are no hosts: none is named, and nobody is there to ask'],
    [[], { ask: async () => '' }, 'a cluster has a control plane: nothing was written'],
    [['--control-planes=a=b=c'], {}, '"a=b=c" is no host'],
    [['--control-planes==10.0.0.1'], {}, '"=10.0.0.1" is no host'],
    [['--control-planes=cp1', '--ha=nginx'], {}, '"nginx" is nothing to stand before API servers'],
    [['--control-planes=cp1', '--kubernetes=1.36'], {}, '--kubernetes 1.36 is no version with its patch'],
    [['--from=vagrant'], {}, 'nothing is to be read: standard input is a terminal'],
  ])('%j writes nothing, and says why', async (argv, options, why) => {
    const { code, text, stderr } = await init(argv, options);
    expect([code, text]).toEqual([3, '']);
    expect(stderr).toContain(`Error: ${why}\nHint: `);
  });

  test('never writes over a file', async () => {
    const path = join(await scratchDirectory(), 'inventory.yaml');
    await writeFile(path, 'mine\n');
    const { code, stderr } = await fakeCli(['init', '-i', path, '--control-planes=cp1']);
    expect(code).toBe(3);
    expect(stderr).toContain('is there already, and stays as it is');
    expect(await readFile(path, 'utf8')).toBe('mine\n');
  });
});
