import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cacheDirectory } from '../../scripts/lab/lab-paths.ts';
import { filesystemChanges } from '../../scripts/lab/filesystem-digest.ts';
import { type Lab, startLab } from '../../scripts/lab/lab.ts';
import { readRecords } from '../../scripts/lab/lab-record.ts';
import { labUnavailable } from '../../scripts/lab/lab-unavailable.ts';
import { labPrefix } from '../../scripts/lab/network.ts';
import { buildRepository } from '../../scripts/lab/repository.ts';
import { run } from '../../scripts/lab/run.ts';

const reason = labUnavailable();
const listSwaps = 'tail -n +2 /proc/swaps';
const cli = join(import.meta.dirname, '../../scripts/lab.ts');

describe.skipIf(reason !== undefined)(`lab${reason === undefined ? '' : ` (${reason})`}`, () => {
  let scratch: string;
  let lab: Lab;

  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'slipway-lab-test-'));
    const debs = [await makePackage(scratch, '1.34.8-1.1'), await makePackage(scratch, '1.34.9-1.1')];
    const directory = join(scratch, 'repository');
    await buildRepository({ debs, minor: 'v1.34', dir: directory });
    lab = await startLab({
      hosts: [{ name: 'cp1' }, { name: 'w1', suite: 'trixie' }, { name: 'w2', swap: true }],
      repository: { directory },
    });
  });

  afterAll(async () => {
    await lab?.down();
    await rm(scratch, { recursive: true, force: true });
  });

  const out = async (host: string, command: string) => (await lab.exec(host, command)).stdout.trim();
  const status = async (host: string, command: string) =>
    (await lab.exec(host, command, { nothrow: true })).exitCode;

  test('host is a machine of its own, all the way up', async () => {
    for (const { name, address } of lab.hosts) {
      expect(await out(name, 'systemctl is-system-running')).toBe('running');
      expect(await out(name, 'hostname')).toBe(name);
      expect(await out(name, 'ip -4 -brief address show eth0')).toContain(`${address}/24`);
    }
    const ids = await Promise.all(lab.hosts.map(({ name }) => out(name, 'cat /etc/machine-id')));
    expect(new Set(ids).size).toBe(lab.hosts.length);
    expect(await out('w1', '. /etc/os-release; echo $VERSION_CODENAME')).toBe('trixie');
    expect(await status('cp1', 'modprobe -a overlay br_netfilter')).toBe(0);
  });

  test('program in the network of the lab keeps the files of this machine', async () => {
    const argv = lab.inNetwork(['cat', join(scratch, 'kubeadm_1.34.9-1.1_all.deb')]);
    expect((await run`${argv} | head -c 7`).stdout).toBe('!<arch>');
    const { stdout } = await run`${lab.inNetwork(['ip', '-4', '-brief', 'address'])}`;
    expect(stdout).toContain(`${lab.gateway}/24`);
  });

  test('known_hosts file holds the real host keys', async () => {
    const [first = ''] = readFileSync(lab.knownHostsFile, 'utf8').split('\n');
    const key = await out('cp1', "cut -d ' ' -f 1,2 /etc/ssh/ssh_host_ed25519_key.pub");
    expect(first).toBe(`cp1,${lab.hosts[0]?.address} ${key}`);
  });

  test('users differ in what sudo lets them do', async () => {
    const sudo = async (user: 'debian' | 'operator' | 'nosudo', command: string, input?: string) =>
      await lab.exec('cp1', command, { user, nothrow: true, ...(input === undefined ? {} : { input }) });
    expect((await sudo('debian', 'sudo -n id -u')).stdout).toBe('0\n');
    expect((await sudo('operator', 'sudo -n id -u')).exitCode).toBe(1);
    expect((await sudo('operator', 'sudo -S id -u', `${lab.operatorPassword}\n`)).stdout).toBe('0\n');
    expect((await sudo('nosudo', 'sudo -n id -u')).exitCode).toBe(1);
  });

  test('filesystem digest ignores looking and shows every change', async () => {
    await lab.exec('cp1', 'true', { user: 'debian' });
    const before = await lab.filesystemSnapshot('cp1');
    const digest = await lab.filesystemDigest('cp1');
    await lab.exec('cp1', 'sudo -n cat /etc/shadow; dpkg -l; systemctl show; sudo -n find / -xdev', {
      user: 'debian',
    });
    expect(filesystemChanges(before, await lab.filesystemSnapshot('cp1'))).toEqual([]);
    await lab.exec('cp1', 'chmod 600 /etc/hostname; touch /var/lib/new');
    const changes = filesystemChanges(before, await lab.filesystemSnapshot('cp1'));
    expect(changes.map((change) => change.split(' ', 2).join(' '))).toEqual([
      '~ /etc/hostname',
      '~ /var/lib',
      '+ /var/lib/new',
    ]);
    expect(await lab.filesystemDigest('cp1')).not.toBe(digest);
  });

  test('packages come from the mirror and the repository, and nothing comes from elsewhere', async () => {
    const base = `${lab.repositoryUrl}/core:/stable:/v1.34/deb/`;
    await lab.exec(
      'w1',
      `set -e
      curl -sf ${base}Release.key | gpg --dearmor >/etc/apt/keyrings/kubernetes-apt-keyring.gpg
      echo 'deb [signed-by=/etc/apt/keyrings/kubernetes-apt-keyring.gpg] ${base} /' >/etc/apt/sources.list.d/kubernetes.list
      apt-get update -q -o APT::Update::Error-Mode=any
      DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends containerd kubeadm=1.34.8-1.1`,
    );
    expect(await out('w1', 'apt-cache madison kubeadm')).toMatch(/1\.34\.9-1\.1.*\n.*1\.34\.8-1\.1/);
    expect(await out('w1', 'systemctl is-active containerd && ctr version')).toContain('Server:');
    const refused = "curl -s -o /dev/null -w '%{http_code}' --max-time 5";
    const proxy = `http://${lab.gateway}:3142`;
    expect(await out('w1', `${refused} -x ${proxy} http://example.com/debian/`)).toBe('403');
    expect(await out('w1', `${refused} -x ${proxy} http://127.0.0.1/debian/`)).toBe('403');
    // curl's 7: refused at once, not timed out (28).
    expect(await status('w1', 'curl -s --max-time 5 http://192.0.2.1/')).toBe(7);
  });

  test('planted fault happens as often as it was asked for', async () => {
    const url = lab.web.serve('/manifests/one.yaml', 'kind: List\n');
    const fetch = `curl -s -o /dev/null -w '%{http_code} ' ${url}`;
    lab.web.fail({ path: /one\.yaml/, status: 503, times: 2 });
    expect(await out('cp1', `${fetch}; ${fetch}; ${fetch}`)).toBe('503 503 200');
    lab.web.faults.replace({ path: /one\.yaml/, body: 'oops', client: lab.hosts[0]?.address ?? '' });
    expect(await out('cp1', `curl -s ${url}`)).toBe('oops');
    expect(await out('w2', `curl -s ${url}`)).toBe('kind: List');
    lab.web.faults.clear();
    const seen = lab.web.requests.filter(({ path }) => path.endsWith('one.yaml')).map((each) => each.status);
    expect(seen).toEqual([503, 503, 200, 200, 200]);
  });

  test('swap is on until swapoff, and comes back with a reboot as long as fstab has it', async () => {
    expect(await out('w2', listSwaps)).toMatch(/^\/swap\.img/);
    await lab.exec('w2', 'swapoff -a');
    expect(await out('w2', listSwaps)).toBe('');
    await reboot(lab, 'w2');
    expect(await out('w2', listSwaps)).toMatch(/^\/swap\.img/);
    await lab.exec('w2', "sed -i '/swap/s/^/#/' /etc/fstab");
    await reboot(lab, 'w2');
    expect(await out('w2', listSwaps)).toBe('');
  });

  test('host without power or cable is gone, and is the same host afterwards', async () => {
    const { address } = lab.hosts[1] ?? { address: '' };
    const reaches = async () => (await status('cp1', `ping -q -c 1 -W 1 ${address}`)) === 0;
    const bootId = await lab.bootId('w1');
    await lab.cutNetwork('w1');
    expect(await reaches()).toBe(false);
    await lab.restoreNetwork('w1');
    // What the first one asked for its neighbour may still be on its way.
    await expect.poll(reaches, { timeout: 20_000 }).toBe(true);
    expect(await lab.bootId('w1')).toBe(bootId);
    await lab.exec('w1', 'echo kept >/root/kept; sync');
    await lab.powerOff('w1');
    expect(await reaches()).toBe(false);
    await lab.powerOn('w1');
    expect(await lab.bootId('w1')).not.toBe(bootId);
    expect(await out('w1', 'cat /root/kept; systemctl is-active containerd')).toBe('kept\nactive');
  });

  test('second lab has a place of its own, and its killed owner takes the hosts along', async () => {
    const owner = spawn(process.execPath, [cli, 'up', '--hosts', 'n1'], {
      stdio: 'ignore',
      // Nobody there: this lab needs no packages.
      env: { ...process.env, SLIPWAY_LAB_REPO: 'http://127.0.0.1:9' },
    });
    const findRecord = () => readRecords().find((each) => each.owner.pid === owner.pid);
    while (findRecord()?.isReady !== true && owner.exitCode === null) await sleep(100);
    const other = findRecord();
    expect(other).toBeDefined();
    const name = labPrefix(other?.id ?? -1);
    expect(name).not.toBe(lab.name);
    const { stdout } = await run`${process.execPath} ${cli} ssh --lab ${name} n1 hostname`;
    expect(stdout).toBe('n1\n');

    const ended = once(owner, 'exit');
    owner.kill('SIGKILL');
    await ended;
    await expect.poll(() => processesOf(name), { timeout: 30_000 }).toEqual([]);
    await run`${process.execPath} ${cli} down ${name}`;
    expect(await tracesOf(name, other?.directory ?? '')).toEqual([]);
    expect(await out('cp1', 'hostname')).toBe('cp1');
  });

  test('down leaves nothing on this machine', async () => {
    const { name } = lab;
    await lab.down();
    expect(await tracesOf(name, join(cacheDirectory(), 'labs', name.replace(/\D/g, '')))).toEqual([]);
  });
});

async function reboot(lab: Lab, host: string): Promise<void> {
  const before = await lab.bootId(host);
  // sshd may be gone before it has answered.
  await lab.exec(host, 'systemctl reboot', { nothrow: true });
  await lab.waitUntilRebooted(host, before);
}

/** A package with nothing in it. */
async function makePackage(directory: string, version: string): Promise<string> {
  const tree = join(directory, `kubeadm_${version}_all`);
  await mkdir(join(tree, 'DEBIAN'), { recursive: true, mode: 0o755 });
  const control = {
    Package: 'kubeadm',
    Version: version,
    Architecture: 'all',
    Maintainer: 'The lab <lab@slipway.invalid>',
    Description: 'nothing',
  };
  const lines = Object.entries(control).map(([field, value]) => `${field}: ${value}\n`);
  await writeFile(join(tree, 'DEBIAN/control'), lines.join(''));
  await run`dpkg-deb --root-owner-group --build ${tree}`;
  return `${tree}.deb`;
}

/** Processes of this machine's with the name of a lab in their arguments. */
async function processesOf(name: string): Promise<string[]> {
  const { stdout } = await run`ps -e -o pid=,args=`;
  return stdout.split('\n').filter((line) => line.includes(`--machine=${name}-`));
}

/** Everything that has to do with the lab `name` and should not exist any more. */
async function tracesOf(name: string, directory: string): Promise<string[]> {
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
  const groups = await readdir('/sys/fs/cgroup', { recursive: true });
  const namespaces = (await readdir('/run/netns').catch(() => [])).filter((each) => each.startsWith(name));
  return [
    ...(await processesOf(name)),
    ...mounts.filter((line) => line.includes(directory)),
    ...groups.filter((group) => group.includes(`${name}-`)),
    ...namespaces,
    ...[directory].filter((path) => existsSync(path)),
    ...readRecords()
      .map(({ id }) => labPrefix(id))
      .filter((each) => each === name),
  ];
}
