import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { EtcdStatus } from '#etcd/etcd-status.ts';

import { labUnavailable } from '../../scripts/lab/lab-unavailable.ts';
import { LabCluster } from './support/lab-cluster.ts';

const KUBECTL = 'kubectl --kubeconfig /etc/kubernetes/admin.conf';

const reason = labUnavailable();
/** The stand-ins keep their objects in no etcd. */
const isReal = Boolean(process.env['SLIPWAY_LAB_REPO']);
const why = reason ?? (isReal ? undefined : 'wants real packages: SLIPWAY_LAB_REPO');

describe.skipIf(why !== undefined).each([
  ['one control plane', ['cp1']],
  ['three control planes', ['cp1', 'cp2', 'cp3']],
] as const)(`etcd on %s${why === undefined ? '' : ` (skipped: ${why})`}`, (_, controlPlanes) => {
  let cluster: LabCluster;
  let file: string;
  beforeAll(async () => {
    cluster = await LabCluster.start(controlPlanes.map((name) => ({ name })));
    file = join(cluster.directory, 'snapshot.db');
    await write({});
    await done('apply', '--yes');
  });
  afterAll(() => cluster?.[Symbol.asyncDispose]());

  const write = async (overlay: Readonly<Record<string, unknown>>): Promise<void> =>
    cluster.writeInventory({
      controlPlanes,
      overlay: {
        ...(controlPlanes.length > 1 && {
          kubernetes: { controlPlaneEndpoint: `${cluster.lab.hosts[0]?.address ?? ''}:6443` },
        }),
        ...overlay,
      },
    });

  async function done(...args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await cluster.slipway(...args);
    expect(code, `slipway ${args.join(' ')}\n${stdout}\n${stderr}`).toBe(0);
    return stdout;
  }
  const on = async (host: string, script: string): Promise<string> =>
    (await cluster.lab.exec(host, 'bash', { input: `set -e\n${script}` })).stdout;
  const everywhere = async (script: string): Promise<void> => {
    await Promise.all(controlPlanes.map((host) => on(host, script)));
  };
  const status = async (): Promise<EtcdStatus> =>
    JSON.parse(await done('etcd', 'status', '--format', 'json')) as EtcdStatus;
  const seen = (): Promise<string> => on('cp1', `${KUBECTL} get configmap -o name -l lab`);
  const make = (name: string): Promise<string> =>
    on('cp1', `${KUBECTL} create configmap ${name}; ${KUBECTL} label configmap ${name} lab=1`);

  it('has as many healthy members', async () => {
    const { members } = await status();
    expect(members.map(({ name, isHealthy }) => [name, isHealthy])).toEqual(
      controlPlanes.map((name) => [name, true]),
    );
    expect(members.filter(({ isLeader }) => isLeader)).toHaveLength(1);
    expect(await done('etcd', 'members')).toMatch(/^cp1 +[0-9a-f]{1,16} +https:/m);
  });

  it('is saved to this machine, for nobody else to read', async () => {
    await make('before');
    expect(await done('etcd', 'snapshot', '--out', file)).toMatch(/revision \d+, \d+ keys/);
    await make('after');
  });

  it('refuses a snapshot of another cluster', async () => {
    await everywhere(
      'cp /etc/kubernetes/pki/ca.crt /root/ca.crt; sed -i 5s/./A/2-5 /etc/kubernetes/pki/ca.crt',
    );
    const { code, stderr } = await cluster.slipway('etcd', 'restore', file, '--yes');
    await everywhere('cp /root/ca.crt /etc/kubernetes/pki/ca.crt');
    expect(stderr).toContain('the snapshot is not of this cluster');
    expect(code).toBe(1);
  });

  it('is restored after all of its data was deleted, and killed in each stage of that', async () => {
    await everywhere('rm -rf /var/lib/etcd/member');
    for (const stage of ['prepare', 'stop', 'data', 'etcd', 'API servers', 'clean up']) {
      const killed = await cluster.slipwayUntil(
        new RegExp(`^${stage}: cp`, 'm'),
        'SIGKILL',
        'etcd',
        'restore',
        file,
        '--yes',
      );
      expect(killed.code, `${stage}: ${killed.stdout}\n${killed.stderr}`).toBeNull();
    }
    await done('etcd', 'restore', file, '--yes');
    expect(await seen()).toBe('configmap/before\n');
    const { members } = await status();
    expect(members.every(({ isHealthy }) => isHealthy)).toBe(true);
    expect(members).toHaveLength(controlPlanes.length);
    await everywhere('[ ! -e /var/lib/slipway-restore ]; [ ! -e /etc/kubernetes/slipway-restore ]');
    expect(await cluster.pending()).toEqual([]);
  });

  it('takes what is written after a restore', async () => {
    await make('later');
    expect(await seen()).toBe('configmap/before\nconfigmap/later\n');
  });

  it('is defragmented, one member after another', async () => {
    const stdout = await done('etcd', 'defrag', '--yes');
    expect(stdout).toContain(`${controlPlanes.length} of ${controlPlanes.length} member`);
  });

  it('is saved by a timer that keeps so many, and no more once the inventory has none', async () => {
    await mkdir(cluster.directory, { recursive: true });
    await write({ etcd: { backup: { schedule: '*-*-* 03:00', keep: 2, directory: '/srv/etcd' } } });
    await done('apply', '--yes');
    expect(await cluster.pending()).toEqual([]);
    await everywhere(
      'systemctl is-active slipway-etcd-backup.timer; for i in 1 2 3; do systemctl start slipway-etcd-backup; sleep 1.1; done',
    );
    expect(await on('cp1', 'ls /srv/etcd | wc -l; stat -c %a /srv/etcd/*.db')).toBe('2\n600\n600\n');
    expect(await cluster.pending()).toEqual([]);
    expect(await done('status')).toMatch(/^ {2}cp1: etcd was last saved at 20/m);

    await write({});
    await done('apply', '--yes');
    expect(await cluster.pending()).toEqual([]);
    await everywhere('! systemctl cat slipway-etcd-backup.timer; [ "$(ls /srv/etcd | wc -l)" = 2 ]');
  });
});
