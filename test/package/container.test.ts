import { spawn, spawnSync } from 'node:child_process';
import { chmod, chown, copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { Sshd, sshdIsMissing } from '../contracts/sshd.ts';
import { type Ended, run } from './support.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** A Debian in a folder; else debootstrap makes one, of Debian's mirror, within minutes. */
const base = process.env['SLIPWAY_CONTAINER_BASE'];
const needed = ['buildah', ...(base === undefined ? ['debootstrap'] : [])];
const isMissing = needed.some((program) => spawnSync(program, ['--version']).error !== undefined);
/** The user of the image. */
const UID = 1000;

describe.skipIf(isMissing || sshdIsMissing !== undefined)('the container image', { timeout: 60_000 }, () => {
  let directory: string;
  let container: string;

  /** Builds without a registry, and runs without a container runtime: in a chroot, on this machine's network. */
  function buildah(...argv: readonly string[]): Ended {
    const settings = [
      `CONTAINERS_STORAGE_CONF=${join(directory, 'storage.conf')}`,
      'BUILDAH_ISOLATION=chroot',
    ];
    return run(['env', ...settings, 'buildah', ...argv], root);
  }
  function sound(...argv: readonly string[]): string {
    const { status, stdout, stderr } = buildah(...argv);
    if (status !== 0) throw new Error(`buildah ${argv.join(' ')}: ${stderr}`);
    return stdout.trim();
  }
  /** What `docker run` would do with these mounts and arguments. */
  const slipway = (mounts: readonly string[], ...argv: readonly string[]): Ended =>
    buildah('run', ...mounts.flatMap((mount) => ['--volume', mount]), container, '--', 'slipway', ...argv);

  // A stand-in for the image of Debian that the registry has, which is not reached from everywhere.
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'slipway-container-'));
    const storage = [
      '[storage]',
      'driver = "vfs"',
      `runroot = "${directory}/run"`,
      `graphroot = "${directory}/images"`,
    ];
    await writeFile(join(directory, 'storage.conf'), storage.join('\n'));
    const debian = base ?? join(directory, 'debian');
    if (base === undefined) {
      const { status, stderr } = run(['debootstrap', '--variant=minbase', 'bookworm', debian], root);
      if (status !== 0) throw new Error(`debootstrap: ${stderr}`);
    }
    const made = run([process.execPath, join(root, 'scripts', 'executable.ts')], root);
    if (made.status !== 0) throw new Error(`scripts/executable.ts: ${made.stderr}`);
    const empty = sound('from', 'scratch');
    sound('add', empty, debian, '/');
    sound('commit', empty, 'localhost/debian');
    sound('build', '--build-arg', 'BASE=localhost/debian', '--tag', 'localhost/slipway', root);
    container = sound('from', 'localhost/slipway');
  }, 15 * 60_000);
  afterAll(() => rm(directory, { recursive: true, force: true }), 120_000);

  test('runs as a user that is not root, and without a name as well', () => {
    const id = [container, '--', 'sh', '-c', 'id -u && slipway version'];
    expect(buildah('run', ...id).stdout).toMatch(/^1000\nslipway /);
    expect(buildah('run', '--user', '4711', ...id).stdout).toMatch(/^4711\nslipway /);
  });

  test('plans the inventory that is mounted', () => {
    const { status, stdout } = slipway(
      [`${root}/inventory.yaml:/cluster/inventory.yaml:ro`],
      'plan',
      '--offline',
    );
    expect(status).toBe(0);
    expect(stdout).toMatch(/^Plan: \d+ to change, /m);
  });

  test('logs in by the agent whose socket is mounted', async () => {
    const sshd = await Sshd.start();
    const cluster = join(directory, 'cluster');
    await mkdir(cluster);
    // As a user's own agent: it answers that user, and root.
    const place = await mkdtemp(join(tmpdir(), 'slipway-agent-'));
    await chown(place, UID, UID);
    const agent = spawn('ssh-agent', ['-D', '-a', join(place, 'agent')], {
      uid: UID,
      gid: UID,
      stdio: 'ignore',
    });
    try {
      await expect
        .poll(() => run(['env', `SSH_AUTH_SOCK=${place}/agent`, 'ssh-add', sshd.path('client')], root).status)
        .toBe(0);
      await copyFile(sshd.path('known_hosts'), join(cluster, 'known_hosts'));
      const host = {
        name: 'cp1',
        role: 'control-plane',
        address: '127.0.0.1',
        port: sshd.port,
        nodeIp: '10.0.0.11',
      };
      const inventory = {
        kubernetes: { version: '1.36.4' },
        ssh: { knownHosts: 'known_hosts' },
        hosts: [host],
      };
      await writeFile(join(cluster, 'inventory.yaml'), JSON.stringify(inventory));
      await chmod(cluster, 0o755);
      const plan = ['plan', '--only', 'kernel', '--verbose'];
      const mounts = [`${cluster}:/cluster:ro`, `${place}/agent:/ssh-agent`];
      const { stdout, stderr } = slipway(mounts, ...plan);
      expect(stdout, stderr).toContain('kernel-module:overlay');
      expect(slipway(mounts.slice(0, 1), ...plan).stdout).not.toContain('kernel-module:overlay');
    } finally {
      agent.kill();
      await rm(place, { recursive: true, force: true });
      await sshd.stop();
    }
  });
});
