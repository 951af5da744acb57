import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { $ } from 'zx';

import { buildStandIns } from '../../scripts/lab/stand-ins/build.ts';
import { canRun, cluster, configMap, StandInServer } from './support/stand-in-server.ts';

const quiet = $({ quiet: true });
const LETTERS = 'a b 1 : - # \' " { } [ ] , & * ! | > % @ ` ~ ? \\ / . é'.split(' ').concat(' ', '\n');

describe.skipIf(!canRun)('stand-ins', () => {
  const standIn = new StandInServer();
  const { admin, directory, kubeadm, kubectl } = standIn;
  const runPython = standIn.runPython.bind(standIn);

  beforeAll(() => standIn.init());
  afterAll(() => standIn[Symbol.asyncDispose]());

  it('packages have the names, versions and files of the real ones, and say what they are', async () => {
    const debs = await buildStandIns({ version: '1.33.7', directory: join(directory, 'debs') });
    const names = debs.map((deb) => basename(deb).replace(/_[a-z0-9]+\.deb$/, ''));
    expect(names).toEqual([
      'kubeadm_1.33.7-1.1',
      'kubelet_1.33.7-1.1',
      'kubectl_1.33.7-1.1',
      'cri-tools_1.33.0-1.1',
      'kubernetes-cni_1.8.0-1.1',
    ]);
    for (const deb of debs)
      expect(`${await quiet`dpkg-deb --field ${deb} Description`}`).toContain('stand-in');
    const files = `${await quiet`dpkg-deb --contents ${debs[1] ?? ''}`}`;
    expect(files).toContain(' ./etc/default/kubelet\n');
    expect(files).toContain(' ./usr/lib/systemd/system/kubelet.service\n');
  });

  it('the YAML reader reads what the yaml library writes', () => {
    // Lines of nothing but spaces are where the two differ.
    const text = fc
      .string({ unit: fc.constantFrom(...LETTERS), maxLength: 12 })
      .filter((one) => one.trim() !== '' || !one.includes('\n'));
    const value = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        text,
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(fc.stringMatching(/^[a-z][a-zA-Z0-9./-]{0,8}$/), tie('value'), { maxKeys: 3 }),
      ),
    })).value;
    const values = fc.sample(fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), value, { maxKeys: 4 }), 300);
    const texts = values.map((one) => stringify(one, { version: '1.1', schema: 'yaml-1.1' }));
    const code = `import json
from standin import yaml, yaml_print
values = [yaml.load(text) or {} for text in json.load(sys.stdin)]
print(json.dumps([values, [yaml_print.dump(value) for value in values]]))`;
    const { stdout, stderr } = runPython(code, [], JSON.stringify(texts));
    expect(stderr).toBe('');
    const [read, printed] = JSON.parse(stdout) as [unknown[], string[]];
    expect(read).toEqual(values);
    expect(printed.map((one) => parse(one) as unknown)).toEqual(values);
  });

  it.each([
    ['nothing', '', 0, ''],
    ['an unknown field', cluster('noSuchField: 1'), 1, 'strict decoding error: unknown field "noSuchField"'],
    ['a bad subnet', cluster('networking: {podSubnet: 10.244.0.0/99}'), 1, "couldn't parse subnet"],
    ['a key twice', cluster('networking: {}\nnetworking: {}'), 1, 'key "networking" already set in map'],
    ['an old API', cluster('').replace('v1beta4', 'v1beta2'), 1, 'Please use kubeadm v1.22 instead'],
    ['extraArgs as a map', cluster('apiServer: {extraArgs: {v: "1"}}'), 1, 'of type []v1beta4.Arg'],
    ['no YAML', 'kind: [', 1, 'did not find expected node content'],
    [
      'a nonsense driver',
      'apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\ncgroupDriver: x\n',
      0,
      '',
    ],
  ])('kubeadm config validate judges %s', (_, text, code, message) => {
    const path = join(directory, 'validate.yaml');
    writeFileSync(path, text);
    const done = kubeadm(['config', 'validate', `--config=${path}`]);
    expect(done.code).toBe(code);
    expect(done.stderr).toContain(message);
    expect(done.stdout).toBe(code === 0 ? 'ok\n' : '');
  });

  it.each([
    ['1.33.7', 'registry.k8s.io/pause:3.10\n'],
    ['1.34.9', 'registry.k8s.io/pause:3.10.1\n'],
    ['1.36.3', 'registry.k8s.io/pause:3.10.2\n'],
  ])('kubeadm %s names its own images', (version, pause) => {
    const { stdout } = kubeadm(['config', 'images', 'list', `--kubernetes-version=v${version}`], version);
    expect(stdout).toContain(pause);
    expect(stdout).toContain(`registry.k8s.io/kube-proxy:v${version}\n`);
  });

  it('the admin may nothing until it is bound, as when init was killed early', () => {
    expect(kubectl(['get', 'nodes']).stderr).toContain(
      'Error from server (Forbidden): nodes is forbidden: User "kubernetes-admin" cannot list resource "nodes"',
    );
    expect(standIn.bindAdmin()).toMatchObject({ code: 0 });
    expect(kubectl(['get', 'nodes'])).toMatchObject({ code: 0, stderr: 'No resources found\n' });
  });

  it('bad credentials fail as kubectl words it', () => {
    const text = readFileSync(admin, 'utf8');
    const broken = join(directory, 'broken.conf');
    writeFileSync(broken, text.replace(/client-certificate-data: .*/, 'client-certificate-data: aaaa'));
    expect(kubectl(['get', 'nodes'], '', broken).stderr).toBe(
      'error: tls: failed to find any PEM data in certificate input\n',
    );
    writeFileSync(broken, text.replace(/client-(certificate|key)-data: .*/g, ''));
    expect(kubectl(['get', 'nodes'], '', broken)).toMatchObject({
      code: 1,
      stdout: 'Please enter Username: ',
      stderr: 'error: EOF\n',
    });
  });

  it('server-side apply keeps owners apart: conflicts, force, and fields no longer applied', () => {
    const apply = (text: string, ...more: string[]) =>
      kubectl(['apply', '--server-side', '-f', '-', ...more], text);
    expect(apply(configMap('m', '{a: "1", b: "1"}')).stdout).toBe('configmap/m serverside-applied\n');
    const conflict = apply(configMap('m', '{a: "2"}'), '--field-manager=slipway');
    expect(conflict.code).toBe(1);
    expect(conflict.stderr).toContain(
      'error: Apply failed with 1 conflict: conflict with "kubectl" using v1: .data.a\n',
    );
    expect(
      apply(configMap('m', '{a: "2", c: "3"}'), '--field-manager=slipway', '--force-conflicts'),
    ).toMatchObject({
      code: 0,
    });
    expect(apply(configMap('m', '{c: "3"}'), '--field-manager=slipway')).toMatchObject({ code: 0 });
    expect(kubectl(['get', 'cm', 'm', '-o', 'jsonpath={.data}']).stdout).toBe('{"b":"1","c":"3"}');
  });

  it('diff answers 0, 1 and 2', () => {
    const map = configMap('d', '{a: "1"}');
    const diff = (text: string) => kubectl(['diff', '--server-side', '--force-conflicts', '-f', '-'], text);
    expect(diff(map).code).toBe(1);
    kubectl(['apply', '--server-side', '-f', '-'], map);
    expect(diff(map)).toMatchObject({ code: 0, stdout: '' });
    expect(diff(map.replace('"1"', '"2"')).stdout).toMatch(
      /^diff -u -N \S+LIVE-\d+\/v1\.ConfigMap\.default\.d [^]*\n-  a: "1"\n\+  a: "2"\n/,
    );
    expect(diff(map.replace('{name: d}', '{name: d, namespace: nosuch}')).code).toBe(2);
    expect(diff('kind: [').code).toBe(2);
  });

  it('a kind exists once its CustomResourceDefinition does', () => {
    const pool = 'apiVersion: crd.example.org/v1\nkind: Pool\nmetadata: {name: p}\nspec: {size: 1}\n';
    expect(kubectl(['apply', '--server-side', '-f', '-'], pool)).toMatchObject({
      code: 1,
      stderr: `error: resource mapping not found for name: "p" namespace: "" from "STDIN": no matches for kind "Pool" in version "crd.example.org/v1"\nensure CRDs are installed first\n`,
    });
    kubectl(['apply', '--server-side', '-f', '-'], definition);
    expect(kubectl(['apply', '--server-side', '-f', '-'], pool).stdout).toBe(
      'pool.crd.example.org/p serverside-applied\n',
    );
    expect(kubectl(['get', 'pools', '-o', 'name']).stdout).toBe('pool.crd.example.org/p\n');
  });

  it('labels and taints have the exit codes that were seen', async () => {
    kubectl(['apply', '--server-side', '-f', '-'], 'apiVersion: v1\nkind: Node\nmetadata: {name: n1}\n');
    const codes = (argvs: readonly string[]) => argvs.map((argv) => kubectl(argv.split(' ')).code);
    expect(
      codes([
        'label node n1 a=b',
        'label node n1 a=b',
        'label node n1 a=c',
        'label node n1 a=c --overwrite',
        'label node n1 a-',
        'label node n1 a-',
      ]),
    ).toEqual([0, 0, 1, 0, 0, 0]);
    expect(
      codes([
        'taint node n1 k=v:NoSchedule',
        'taint node n1 k=v:NoSchedule',
        'taint node n1 k=w:NoSchedule --overwrite',
        'taint node n1 k-',
        'taint node n1 k-',
      ]),
    ).toEqual([0, 1, 0, 0, 1]);
    await expect
      .poll(() => kubectl(['get', 'node', 'n1', '-o', 'jsonpath={.spec.podCIDR}']).stdout, {
        timeout: 10_000,
      })
      .toBe('10.244.0.0/24');
    expect(kubectl(['wait', '--for=condition=Ready', 'node/n1', '--timeout=0s'])).toMatchObject({
      code: 1,
      stderr: 'error: condition not met for nodes/n1\n',
    });
  });

  it('objects survive a server that was killed, and its absence has kubectl’s words', async () => {
    await standIn.stop('SIGKILL');
    expect(kubectl(['get', 'nodes'])).toMatchObject({
      code: 1,
      stderr: `The connection to the server 127.0.0.1:${standIn.port} was refused - did you specify the right host or port?\n`,
    });
    await standIn.start();
    expect(kubectl(['get', 'cm', 'm', 'd', '-o', 'name']).stdout).toBe('configmap/m\nconfigmap/d\n');
  });

  it('a token is made, listed and revoked', () => {
    const conf = `--kubeconfig=${admin}`;
    const token = kubeadm(['token', 'create', conf, '--ttl=1h', '--description=for w1']).stdout.trim();
    expect(token).toMatch(/^[a-z0-9]{6}\.[a-z0-9]{16}$/);
    const listed = JSON.parse(kubeadm(['token', 'list', conf, '-o', 'json']).stdout) as Record<
      string,
      unknown
    >;
    expect(listed).toMatchObject({ token, description: 'for w1', usages: ['authentication', 'signing'] });
    expect(kubeadm([conf, 'token', 'delete', token.slice(0, 6)]).stdout).toBe(
      `bootstrap token "${token.slice(0, 6)}" deleted\n`,
    );
    expect(kubeadm(['token', 'list', conf]).stdout).toBe('');
  });
});

const definition = JSON.stringify({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'pools.crd.example.org' },
  spec: {
    group: 'crd.example.org',
    scope: 'Cluster',
    names: { kind: 'Pool', plural: 'pools', singular: 'pool' },
    versions: [{ name: 'v1', served: true, storage: true }],
  },
});
