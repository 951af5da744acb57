import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import type { CheckResult } from '#core/verification.ts';

import type { LabInventoryOptions } from '../../scripts/lab/lab-inventory.ts';
import { labUnavailable } from '../../scripts/lab/lab-unavailable.ts';
import { LabCluster, type Outcome } from './support/lab-cluster.ts';

const KUBECTL = 'kubectl --kubeconfig /etc/kubernetes/admin.conf';
const ASK = join(import.meta.dirname, 'support', 'ask-api-server.ts');
const CHECKS = [
  'ApiServer',
  'NodesReady',
  'SystemPods',
  'Workload',
  'PodDNS',
  'ClusterIP',
  'NodePort',
  'Rollout',
  'Rollback',
  'Cleanup',
];

/** Stand-ins run no image; real packages need one of SLIPWAY_LAB_IMAGES, with sh, wget, nslookup and httpd. */
const image = process.env['SLIPWAY_LAB_VERIFY_IMAGE'] || 'docker.io/library/nginx:1.28-alpine';

/** Reads XML from standard input, and prints name and outcome of each case of a JUnit report. */
const READ_JUNIT = `python3 -c "
import sys, xml.etree.ElementTree as tree
root = tree.parse(sys.stdin).getroot()
suite = root.find('testsuite')
print(root.tag, suite.get('tests'), suite.get('failures'), suite.get('skipped'))
for case in suite:
    print(case.get('name'), float(case.get('time')) > 0, case[0].tag)
"`;

const inventory = (overlay: NonNullable<LabInventoryOptions['overlay']> = {}): LabInventoryOptions => ({
  overlay: {
    verify: { image, timeout: 60 },
    // Calico's images cannot be had in a lab of real packages; the lab has a pod network of its own.
    ...(process.env['SLIPWAY_LAB_REPO'] && {
      network: { plugin: 'none', version: null, manifest: null, ipAutodetection: null },
    }),
    ...overlay,
  },
});

const reason = labUnavailable();
let cluster: LabCluster;
let scratch: string;
let provisioned: Outcome;

const kubectl = async (words: string): Promise<string> =>
  (await cluster.lab.exec('cp1', `${KUBECTL} ${words}`)).stdout;
const namespaces = (): Promise<string> => kubectl('get namespaces -o name');

describe.skipIf(reason !== undefined)(`a cluster of two${reason ? ` (skipped: ${reason})` : ''}`, () => {
  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'slipway-verify-'));
    cluster = await LabCluster.start([{ name: 'cp1' }, { name: 'w1' }], inventory());
    provisioned = await cluster.provision('--yes', '--kubeconfig', join(scratch, 'provisioned'));
    if (provisioned.code !== 0) throw new Error(`${provisioned.stdout}\n${provisioned.stderr}`);
  });
  afterAll(async () => {
    await rm(scratch, { recursive: true, force: true });
    await cluster?.[Symbol.asyncDispose]();
  });

  it('is provisioned by one script: planned, applied, proven, used', async () => {
    const { stdout } = provisioned;
    expect(stdout).toContain('is valid: 2 host(s)');
    expect(stdout).toMatch(/^Plan: \d+ to change/m);
    expect(stdout).toMatch(/Nothing is left to do\./);
    expect(stdout.match(/^ok +\w+/gm)).toHaveLength(CHECKS.length);
    expect(stdout).toContain('The cluster works.');
    const path = join(scratch, 'provisioned');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readFile(path, 'utf8')).toContain('current-context: lab');
    expect(await cluster.provision('--kubeconfig', path)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('No changes.') as string,
    });
  });

  describe('verify', () => {
    verifyCases();
  });
  describe('kubeconfig', () => {
    kubeconfigCases();
  });
});

function verifyCases(): void {
  it('tries everything, says what it saw, leaves nothing behind and changes nothing', async () => {
    const report = join(scratch, 'report.xml');
    const { code, stdout, stderr } = await cluster.slipway('verify', '--junit', report);
    expect(code, `${stdout}\n${stderr}`).toBe(0);
    expect(stdout.match(/^ok +\w+(?= .*\(\d+(\.\d)?s\)$)/gm)?.map((line) => line.split(/ +/)[1])).toEqual(
      CHECKS,
    );
    expect(stdout).toMatch(/^ok +Workload +the server on (cp1|w1), the client on (?!\1)(cp1|w1) \(/m);
    expect(stdout).toMatch(/^ok +NodePort +from cp1, w1 \(/m);
    expect(stdout).toMatch(/^ok +Rollout .*revision 2/m);
    expect(stdout).toMatch(/^ok +Rollback .*revision 1/m);
    expect(stdout).toContain('The cluster works: 10 checks passed.');
    expect(await cases(report)).toEqual([
      'testsuites 10 0 0',
      ...CHECKS.map((name) => `${name} True system-out`),
    ]);
    expect(await namespaces()).not.toContain('slipway-verify');
    expect(await cluster.pending()).toEqual([]);
  });

  it('names an image that cannot be had, leaves checks out by name, and removes what it made', async () => {
    await cluster.writeInventory(
      inventory({ verify: { image: 'lab.invalid/missing/web:1', timeout: 15 }, ignoreChecks: ['NodePort'] }),
    );
    const report = join(scratch, 'failed.xml');
    const { code, stdout } = await cluster.slipway('verify', '--junit', report);
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^FAILED +Workload +image pull: .* cannot have the image lab\.invalid\/missing\/web:1/m,
    );
    expect(stdout).toContain('verify.image');
    expect(stdout).toMatch(/^skipped PodDNS +it needs Workload$/m);
    expect(stdout).toMatch(/^ignored NodePort +by the inventory$/m);
    expect(stdout).toMatch(/^ok +Cleanup/m);
    const [summary, ...lines] = await cases(report);
    expect(summary).toBe('testsuites 10 1 5');
    expect(lines).toContain('Workload True failure');
    expect(lines).toContain('PodDNS False skipped');
    expect(await namespaces()).not.toContain('slipway-verify');
  });

  it('names a node that is not Ready, one that is not there, and nodes that take no pod', async () => {
    const { hosts } = parse(await readFile(cluster.inventory, 'utf8')) as { hosts: object[] };
    await cluster.writeInventory(
      inventory({
        verify: { image, timeout: 5 },
        hosts: [...hosts, { name: 'w2', address: cluster.lab.gateway }],
        ignoreChecks: ['SystemPods'],
      }),
    );
    await kubectl('cordon cp1');
    await cluster.lab.exec('w1', 'systemctl stop kubelet');
    await expect.poll(() => kubectl('get node w1 --no-headers'), { timeout: 90_000 }).toContain('NotReady');
    const { code, stdout } = await cluster.slipway('verify', '--limit', 'cp1,w1,w2');
    await cluster.lab.exec('w1', 'systemctl start kubelet');
    await kubectl('uncordon cp1');
    await cluster.writeInventory(inventory());
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^FAILED +NodesReady +w1 is not Ready: Kubelet stopped posting node status\.; w2 is not registered/m,
    );
    expect(stdout).toMatch(/^FAILED +Workload +scheduling: .* finds no node: 0\/2 nodes are available/m);
    expect(stdout).toMatch(/^ignored SystemPods/m);
    expect(await namespaces()).not.toContain('slipway-verify');
  });

  it('names cluster DNS that is away, and tries the rest all the same; as JSON', async () => {
    await cluster.writeInventory(inventory({ verify: { image, timeout: 25 } }));
    await kubectl('-n kube-system scale deployment coredns --replicas=0');
    const servers = (): Promise<string> => kubectl('-n kube-system get pods -l k8s-app=kube-dns -o name');
    await expect.poll(servers, { timeout: 30_000 }).toBe('');
    const { code, stdout } = await cluster.slipway('verify', '--format', 'json');
    await kubectl('-n kube-system scale deployment coredns --replicas=2');
    await cluster.writeInventory(inventory());
    const results = JSON.parse(stdout) as readonly CheckResult[];
    expect(results.map(({ name }) => name)).toEqual(CHECKS);
    expect(results.filter(({ status }) => status !== 'passed')).toMatchObject([
      { name: 'PodDNS', status: 'failed', message: expect.stringMatching(/^DNS: there is no CoreDNS pod/) },
    ]);
    expect(code).toBe(1);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)('removes what it made after %s', async (signal) => {
    const { code, stdout } = await cluster.slipwayUntil(/^ok +Workload/m, signal, 'verify');
    expect(code).toBe(signal === 'SIGKILL' ? null : 130);
    expect(stdout.includes('Cleanup')).toBe(signal !== 'SIGKILL');
    await expect.poll(namespaces, { timeout: 60_000 }).not.toContain('slipway-verify');
  });
}

function kubeconfigCases(): void {
  const ask = [process.execPath, ASK];

  it('is for its owner alone, and its API server may be reached by another address', async () => {
    const { address = '' } = cluster.lab.hosts[0] ?? {};
    const other = address.replace(/\d+$/, '199');
    await cluster.lab.exec(
      'cp1',
      `ip address add ${other}/24 dev "$(ip -o address show to ${address} | cut -d' ' -f2)"`,
    );
    const path = join(scratch, 'other.kubeconfig');
    const url = `https://${other}:6443`;
    const { code, stderr } = await cluster.slipway('kubeconfig', '--server', url, '--out', path);
    expect(code, stderr).toBe(0);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(parse(await readFile(path, 'utf8'))).toMatchObject({
      clusters: [{ name: 'lab', cluster: { server: url, 'tls-server-name': address } }],
      'current-context': 'lab',
    });
    const answer = await cluster.slipway('kubeconfig', '--server', url, '--', ...ask);
    expect(answer).toMatchObject({ code: 0, stdout: 'ok' });
    const unnamed = await cluster.slipway('kubeconfig', '--server', url, '--', ...ask, other);
    expect(unnamed.code).toBe(9);
    expect(unnamed.stderr).toContain("does not match certificate's altnames");
  });

  it('is merged beside those of other clusters, under the name of its own', async () => {
    const path = join(scratch, 'merged.kubeconfig');
    const mine = {
      clusters: [{ name: 'mine', cluster: { server: 'https://192.0.2.1:6443' } }],
      users: [{ name: 'me', user: { token: 'kept' } }],
      contexts: [{ name: 'mine', context: { cluster: 'mine', user: 'me', namespace: 'work' } }],
    };
    await writeFile(
      path,
      JSON.stringify({ ...mine, 'current-context': 'mine', preferences: { colors: true } }),
    );
    for (const name of ['lab', 'second', 'lab']) {
      await cluster.writeInventory(inventory({ cluster: { name } }));
      const { code, stderr } = await cluster.slipway('kubeconfig', '--merge', path);
      expect(code, stderr).toBe(0);
    }
    await cluster.writeInventory(inventory());
    const merged = parse(await readFile(path, 'utf8')) as typeof mine;
    expect(merged).toMatchObject({ 'current-context': 'mine', preferences: { colors: true } });
    expect(merged.contexts.map(({ name }) => name)).toEqual(['mine', 'second', 'lab']);
    expect(merged.contexts[0]).toEqual(mine.contexts[0]);
    expect(merged.users[0]).toEqual(mine.users[0]);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const words = ['env', `KUBECONFIG=${path}`, ...ask, '--context', 'second'];
    expect(await cluster.slipway('kubeconfig', '--', ...words)).toMatchObject({ code: 0, stdout: 'ok' });
  });

  it('through a tunnel: the certificate is checked, and it ends as the program ends', async () => {
    const tunnel = (...words: readonly string[]) => cluster.slipway('kubeconfig', '--tunnel', '--', ...words);
    expect(await tunnel(...ask)).toMatchObject({ code: 0, stdout: 'ok' });
    expect(await tunnel(...ask, 'wrong.example')).toMatchObject({ code: 9, stdout: '' });
    const program = `grep -o 'server: .*' "$KUBECONFIG"; echo "$KUBECONFIG"; sleep 60 & trap 'kill $!; exit 5' TERM; echo started; wait`;
    const words = ['kubeconfig', '--tunnel', '--', 'sh', '-c', program];
    const { code, stdout } = await cluster.slipwayUntil(/started/, 'SIGTERM', ...words);
    expect(code).toBe(5);
    const [server, path = ''] = stdout.split('\n');
    expect(server).toMatch(/^server: https:\/\/127\.0\.0\.1:\d+$/);
    await expect(stat(path)).rejects.toThrow('ENOENT');
  });

  it('through a tunnel that is cut: says so', async () => {
    const [asked, cut] = [join(scratch, 'asked'), join(scratch, 'cut')];
    const program = `"$@"; touch ${asked}; until [ -e ${cut} ]; do sleep 0.1; done; "$@"`;
    const running = cluster.slipway('kubeconfig', '--tunnel', '--', 'sh', '-c', program, 'sh', ...ask);
    await expect
      .poll(
        () =>
          stat(asked).then(
            () => true,
            () => false,
          ),
        { timeout: 20_000 },
      )
      .toBe(true);
    await cluster.lab.exec('cp1', "pkill -f '^sshd.*@notty'", { nothrow: true });
    await writeFile(cut, '');
    const { code, stdout, stderr } = await running;
    expect(code).toBe(9);
    expect(stdout).toBe('ok');
    expect(stderr).toContain('The tunnel is cut: the connection is lost');
    expect(stderr).toMatch(/The tunnel turned a client away: .*cp1/);
  });
}

/** A report's cases, as a parser that knows XML reads them. */
async function cases(path: string): Promise<readonly string[]> {
  const text = (await readFile(path)).toString('base64');
  return (await cluster.lab.exec('cp1', `echo ${text} | base64 -d | ${READ_JUNIT}`)).stdout
    .trim()
    .split('\n');
}
