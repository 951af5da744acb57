import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';

import type { ApiState, NodeState } from '#facts/api.ts';
import { mergedKubeconfig, readKubeconfig } from '#kubeconfig/kubeconfig-file.ts';

import { fakeCli } from './fake-cli.ts';
import { gap, nothing, pending } from './fixture-plans.ts';
import { scratchDirectory } from '../support/scratch-directory.ts';

const KUBECONFIG = `apiVersion: v1
kind: Config
clusters:
- name: kubernetes
  cluster: {server: 'https://10.0.0.11:6443', certificate-authority-data: QUJD}
users:
- name: kubernetes-admin
  user: {client-key-data: REVG}
contexts:
- name: kubernetes-admin@kubernetes
  context: {cluster: kubernetes, user: kubernetes-admin}
current-context: kubernetes-admin@kubernetes
`;

test('validate says what it found, and reads no password', async () => {
  const { code, stdout, calls } = await fakeCli(['validate', '-i', 'lab.yaml']);
  expect(code).toBe(0);
  expect(stdout).toBe('lab.yaml is valid: cluster lab, Kubernetes 1.34.9, 1 control plane and 2 workers\n');
  expect(calls.opened).toMatchObject([{ path: 'lab.yaml', secrets: 'skip' }]);
  expect(calls.called).toEqual([]);
});

describe('facts', () => {
  test('are shown as text and as JSON', async () => {
    const text = await fakeCli(['facts'], { plan: nothing });
    expect(text.stdout).toBe('cp1\n  sysctl "net.ipv4.ip_forward"  0\n');
    const json = await fakeCli(['facts', '--format', 'json'], { plan: nothing });
    expect(JSON.parse(json.stdout)).toEqual(nothing.facts);
  });

  test('are cut to the width, unless all is asked for', async () => {
    const answer = 'y'.repeat(200);
    const plan = { ...nothing, facts: { cp1: { file: { '"/x"': answer } } } };
    expect((await fakeCli(['facts'], { plan })).stdout).toMatch(/"\/x" {2}y+\.\.\.\n$/);
    expect((await fakeCli(['facts', '--verbose'], { plan })).stdout).toContain(`"/x"  ${answer}\n`);
  });

  test('are written to a file', async () => {
    const path = join(await scratchDirectory(), 'facts.json');
    const { stdout } = await fakeCli(['facts', '--out', path], { plan: nothing });
    expect(stdout).toBe('');
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(nothing.facts);
  });

  test('with a host missing exit with 6', async () => {
    expect((await fakeCli(['facts'], { plan: gap })).code).toBe(6);
  });
});

describe('status', () => {
  test('tells of certificates that end soon', async () => {
    const { nodes } = nothing;
    const ending = {
      ...nodes[0]!,
      phase: 'certificates',
      outcome: { answer: 'none', why: '', notes: ['apiserver ends on 2026-12-18'] } as const,
    };
    const { stdout } = await fakeCli(['status'], { plan: { ...nothing, nodes: [...nodes, ending] } });
    expect(stdout).toContain('cp1: apiserver ends on 2026-12-18');
  });

  const cp1 = {
    isReady: true,
    isCordoned: false,
    message: 'kubelet is posting ready status',
    kubeletVersion: 'v1.34.9',
    runtimeVersion: 'containerd://1.7.24',
    gpus: {},
  } as NodeState;
  const api = { state: 'ready', nodes: { cp1 } } as unknown as ApiState;

  test('shows nodes, and what is left to do on hosts', async () => {
    const { code, stdout } = await fakeCli(['status'], { plan: pending, api });
    expect(code).toBe(0);
    expect(stdout).toMatch(/cp1 +control-plane +Ready +v1\.34\.9 +containerd 1\.7\.24 +- +1 to change/);
    expect(stdout).toMatch(/gpu01 +worker +absent +- +- +- +converged/);
    expect(stdout).toContain('1 of 2 nodes Ready, 1 of 2 hosts converged');
  });

  test('with --detailed-exitcode exits with 2 until all is well', async () => {
    const open = await fakeCli(['status', '--detailed-exitcode'], { plan: pending, api });
    const good = await fakeCli(['status', '--detailed-exitcode'], { plan: nothing, api });
    expect([open.code, good.code]).toEqual([2, 0]);
  });

  test('before there is a cluster shows the hosts alone', async () => {
    const { stdout } = await fakeCli(['status', '--format', 'json'], { plan: pending });
    expect(JSON.parse(stdout)).toMatchObject({ isAnswering: false, rows: [{ node: 'unknown' }, {}] });
  });

  test('says why a node is not Ready, that it is cordoned, and how many GPUs it offers', async () => {
    const gpu01 = {
      ...cp1,
      isReady: false,
      isCordoned: true,
      message: 'no network',
      gpus: { 'nvidia.com/gpu': '8' },
    };
    const stranger = { ...cp1, isCordoned: true };
    const nodes = { cp1, gpu01, old1: stranger };
    const { stdout } = await fakeCli(['status'], { plan: pending, api: { ...api, nodes } as ApiState });
    expect(stdout).toMatch(/gpu01 +worker +NotReady +v1\.34\.9 +containerd 1\.7\.24 +8 +converged/);
    expect(stdout).toMatch(
      /^ {2}gpu01: no network; cordoned\n {2}old1: not in the inventory\. To remove it: slipway remove old1; cordoned$/m,
    );
    expect(stdout).not.toContain('posting ready status');
  });

  test('with a host that cannot be reached exits with 6, and tells of its node', async () => {
    const nodes = { gpu01: { ...cp1, isReady: false, message: 'Kubelet stopped posting node status.' } };
    const { code, stdout } = await fakeCli(['status'], { plan: gap, api: { ...api, nodes } as ApiState });
    expect(code).toBe(6);
    expect(stdout).toMatch(/gpu01 +worker +NotReady .* unreachable$/m);
    expect(stdout).toContain('gpu01: no route to host; Kubelet stopped posting node status.');
  });
});

describe('kubeconfig', () => {
  test('on standard output has the names of the cluster', async () => {
    const { code, stdout } = await fakeCli(['kubeconfig'], { kubeconfig: KUBECONFIG });
    expect(code).toBe(0);
    expect(stdout).toContain('current-context: lab\n');
    expect(stdout).toContain('server: https://10.0.0.11:6443');
    expect(stdout).not.toContain('kubernetes-admin');
  });

  test('in a file is only for its owner', async () => {
    const path = join(await scratchDirectory(), 'config');
    await fakeCli(['kubeconfig', '--out', path, '--server', 'https://localhost:6443'], {
      kubeconfig: KUBECONFIG,
    });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readFile(path, 'utf8')).toContain('server: https://localhost:6443');
  });

  test('is merged beside other clusters, twice with the same result', async () => {
    const path = join(await scratchDirectory(), 'config');
    const other = readKubeconfig(KUBECONFIG, { name: 'berlin' });
    await writeFile(path, JSON.stringify(mergedKubeconfig({ preferences: { colors: true } }, other)));
    await fakeCli(['kubeconfig', '--merge', path], { kubeconfig: KUBECONFIG });
    const once = await readFile(path, 'utf8');
    await fakeCli(['kubeconfig', '--merge'], { kubeconfig: KUBECONFIG, env: { KUBECONFIG: path } });
    expect(await readFile(path, 'utf8')).toBe(once);
    expect(once).toContain('current-context: berlin');
    expect(once).toContain('colors: true');
    expect(once.match(/^ {2}- name: .*/gm)).toEqual([
      '  - name: berlin',
      '  - name: lab',
      '  - name: berlin-admin',
      '  - name: lab-admin',
      '  - name: berlin',
      '  - name: lab',
    ]);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test('goes where kubectl looks when no file is named; without HOME there is no such place', async () => {
    const home = await scratchDirectory();
    const merge = ['kubeconfig', '--merge'];
    expect(await fakeCli(merge, { kubeconfig: KUBECONFIG, env: { HOME: home } })).toMatchObject({ code: 0 });
    expect(await readFile(join(home, '.kube', 'config'), 'utf8')).toContain('current-context: lab');
    expect(await fakeCli(merge, { kubeconfig: KUBECONFIG, env: {} })).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('neither KUBECONFIG nor HOME is set') as string,
    });
  });

  test.each([['--merge'], ['--out']])('%s says that the file cannot be written', async (option) => {
    // Nobody can make a file there, root included.
    const argv = ['kubeconfig', option, '/sys/no-such-directory/config'];
    const { code, stderr } = await fakeCli(argv, { kubeconfig: KUBECONFIG });
    expect(code).toBe(3);
    expect(stderr).toMatch(/^Error: cannot write \/sys\/no-such-directory\/config: E/m);
    expect(stderr).not.toContain('bug in slipway');
  });

  test('is not merged into what is none', async () => {
    const path = join(await scratchDirectory(), 'config');
    await writeFile(path, 'just text');
    const { code, stderr } = await fakeCli(['kubeconfig', '--merge', path], { kubeconfig: KUBECONFIG });
    expect(code).toBe(3);
    expect(stderr).toContain('is not a kubeconfig');
    expect(await readFile(path, 'utf8')).toBe('just text');
  });

  test('at another address is still checked for the name in the certificate', async () => {
    const { stdout } = await fakeCli(['kubeconfig', '--server', 'https://203.0.113.7:6443'], {
      kubeconfig: KUBECONFIG,
    });
    expect(stdout).toContain('server: https://203.0.113.7:6443');
    expect(stdout).toContain('tls-server-name: 10.0.0.11');
  });

  test('replaces a file that others could read, whole', async () => {
    const path = join(await scratchDirectory(), 'config');
    await writeFile(path, 'old', { mode: 0o644 });
    await fakeCli(['kubeconfig', '--out', path], { kubeconfig: KUBECONFIG });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(dirname(path))).toEqual(['config']);
  });

  test('is not merged over another cluster of the same name', async () => {
    const path = join(await scratchDirectory(), 'config');
    const other = KUBECONFIG.replace('10.0.0.11', '10.9.9.9').replace(
      'certificate-authority-data: QUJD',
      'certificate-authority-data: b3RoZXI',
    );
    expect(other).not.toBe(KUBECONFIG);
    await fakeCli(['kubeconfig', '--merge', path], { kubeconfig: other });
    const before = await readFile(path, 'utf8');
    const { code, stderr } = await fakeCli(['kubeconfig', '--merge', path], { kubeconfig: KUBECONFIG });
    expect(code).toBe(3);
    expect(stderr).toContain('has another cluster of the name lab, at https://10.9.9.9:6443');
    expect(await readFile(path, 'utf8')).toBe(before);
  });

  test('through a tunnel is for a program, is gone when that ends, and ends as it ends', async () => {
    let seen = { argv: [] as readonly string[], path: '', text: '', mode: 0 };
    const { code, calls } = await fakeCli(['kubeconfig', '--tunnel', '--', 'kubectl', 'get', '-A', 'pods'], {
      kubeconfig: KUBECONFIG,
      spawn: async (argv, { KUBECONFIG: path = '' }) => {
        seen = { argv, path, text: await readFile(path, 'utf8'), mode: (await stat(path)).mode & 0o777 };
        return 7;
      },
    });
    expect(code).toBe(7);
    expect(seen.argv).toEqual(['kubectl', 'get', '-A', 'pods']);
    expect(seen.mode).toBe(0o600);
    expect(seen.text).toContain('server: https://127.0.0.1:12345');
    expect(seen.text).toContain('tls-server-name: 10.0.0.11');
    expect(calls.called).toEqual(['tunnel']);
    expect(calls.closed).toBe(2);
    await expect(stat(seen.path)).rejects.toThrow('ENOENT');
  });

  test('through a tunnel lasts until it is interrupted', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 100);
    const path = join(await scratchDirectory(), 'config');
    const { code, stdout, calls } = await fakeCli(['kubeconfig', '--tunnel', '--out', path], {
      kubeconfig: KUBECONFIG,
      signal: controller.signal,
    });
    expect(code).toBe(130);
    expect(stdout).toBe(`export KUBECONFIG=${path}\n`);
    expect(calls.closed).toBe(2);
  });

  test('through a tunnel ends with an error when the tunnel is cut', async () => {
    const { code, stderr, calls } = await fakeCli(['kubeconfig', '--tunnel'], {
      kubeconfig: KUBECONFIG,
      tunnelLost: new Promise((resolve) => setTimeout(resolve, 50)),
    });
    expect(code).toBe(6);
    expect(stderr).toContain('Error: the tunnel is cut: the connection is lost');
    expect(calls.closed).toBe(2);
  });

  test('tells of a tunnel that is cut under a program, and ends as the program does', async () => {
    const lost = Promise.withResolvers<void>();
    const { code, stderr } = await fakeCli(['kubeconfig', '--tunnel', '--', 'kubectl'], {
      kubeconfig: KUBECONFIG,
      tunnelLost: lost.promise,
      spawn: async () => {
        lost.resolve();
        await new Promise((resolve) => setTimeout(resolve, 20));
        return 1;
      },
    });
    expect(code).toBe(1);
    expect(stderr).toContain('The tunnel is cut: the connection is lost');
  });

  test.each([
    [['--merge', '--tunnel']],
    [['--server', 'https://a:1', '--tunnel']],
    [['--out', 'x', '--', 'kubectl']],
  ])('refuses %j', async (flags) => {
    const { code, calls } = await fakeCli(['kubeconfig', ...flags], { kubeconfig: KUBECONFIG });
    expect(code).toBe(3);
    expect(calls.opened).toEqual([]);
  });

  test.each(['localhost:6443', 'foo', 'http://10.0.0.10:6443'])(
    'takes only an https server, and asks no host before: %s',
    async (server) => {
      const { code, stderr, calls } = await fakeCli(['kubeconfig', '--server', server], {
        kubeconfig: KUBECONFIG,
      });
      expect(code).toBe(3);
      expect(stderr).toContain(`--server ${server} is not an https URL`);
      expect(calls.opened).toEqual([]);
    },
  );
});

test.each([
  ['mermaid', 'flowchart LR'],
  ['dot', 'digraph slipway {'],
])('graph as %s is drawn without a run', async (format, start) => {
  const { stdout, calls } = await fakeCli(['graph', '--format', format, '--limit', 'cp1']);
  expect(stdout.startsWith(start)).toBe(true);
  expect(calls.called).toEqual([]);
  expect(calls.opened).toMatchObject([{ limit: ['cp1'], secrets: 'skip' }]);
});
