import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { Decrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { EtcdStatus } from '#etcd/etcd-status.ts';

import { labUnavailable } from '../../scripts/lab/lab-unavailable.ts';
import { startDebianEtcd } from './support/debian-etcd.ts';
import { LabCluster } from './support/lab-cluster.ts';

/** Keys as whoever may read all of etcd sees them. */
const ETCDCTL =
  'etcdctl --endpoints=https://127.0.0.1:2379 --cacert=/etc/kubernetes/pki/etcd/ca.crt --cert=/etc/kubernetes/pki/etcd/server.crt --key=/etc/kubernetes/pki/etcd/server.key';
const KUBECTL = 'kubectl --kubeconfig /etc/kubernetes/admin.conf';

const reason = labUnavailable();
/** Where Kubernetes is a stand-in its objects lie in no etcd, and the suite runs on Debian's etcd without it. */
const isReal = Boolean(process.env['SLIPWAY_LAB_REPO']);

describe.skipIf(reason !== undefined).each([
  ['one control plane', ['cp1'], '/data/etcd'],
  ['three control planes', ['cp1', 'cp2', 'cp3'], '/var/lib/etcd'],
] as const)(
  `etcd on %s${reason === undefined ? '' : ` (skipped: ${reason})`}`,
  (_, controlPlanes, dataDir) => {
    let cluster: LabCluster;
    let file: string;
    beforeAll(async () => {
      cluster = await LabCluster.start(controlPlanes.map((name) => ({ name })));
      file = join(cluster.directory, 'snapshot.db');
      await write({});
      if (isReal) await done('apply', '--yes');
      else await startDebianEtcd(cluster.lab, controlPlanes, dataDir);
    });
    afterAll(() => cluster?.[Symbol.asyncDispose]());

    const POLL = { timeout: 60_000 };
    const write = async (overlay: Readonly<Record<string, unknown>>): Promise<void> =>
      cluster.writeInventory({
        controlPlanes,
        overlay: {
          kubernetes: {
            controlPlaneEndpoint: `${cluster.lab.hosts[0]?.address ?? ''}:6443`,
            etcd: { dataDir },
          },
          ...overlay,
        },
      });

    async function done(...args: readonly string[]): Promise<string> {
      const { code, stdout, stderr } = await cluster.slipway(...args);
      expect(code, `slipway ${args.join(' ')}\n${stdout}\n${stderr}`).toBe(0);
      return stdout;
    }
    /** Without Kubernetes there is nothing that the other phases could find. */
    const phases = isReal ? [] : ['--only', 'etcd'];
    const pending = async (): Promise<readonly string[]> => {
      const { nodes } = await cluster.plan(...phases);
      return nodes.flatMap(({ id, outcome }) => (outcome.answer === 'none' ? [] : [id]));
    };
    const on = async (host: string, script: string): Promise<string> =>
      (await cluster.lab.exec(host, 'bash', { input: `set -e\n${script}` })).stdout;
    const everywhere = async (script: string): Promise<void> => {
      await Promise.all(controlPlanes.map((host) => on(host, script)));
    };
    const status = async (): Promise<EtcdStatus> =>
      JSON.parse(await done('etcd', 'status', '--format', 'json')) as EtcdStatus;
    const seen = (): Promise<string> =>
      on(
        'cp1',
        isReal
          ? `${KUBECTL} get configmap -l lab -o jsonpath='{.items[*].metadata.name}'`
          : `${ETCDCTL} get --prefix /lab/ --keys-only | sed -n 's#^/lab/##p' | xargs echo -n`,
      );
    const make = (name: string): Promise<string> =>
      on(
        'cp1',
        isReal
          ? `${KUBECTL} create configmap ${name}; ${KUBECTL} label configmap ${name} lab=1`
          : `${ETCDCTL} put /lab/${name} x; ${ETCDCTL} put /registry/configmaps/default/kube-root-ca.crt </etc/kubernetes/pki/ca.crt`,
      );

    it('has as many healthy members', async () => {
      const { members } = await status();
      expect(members.map(({ name, isHealthy }) => [name, isHealthy])).toEqual(
        controlPlanes.map((name) => [name, true]),
      );
      expect(members.filter(({ isLeader }) => isLeader)).toHaveLength(1);
      expect(await done('etcd', 'members')).toMatch(/^cp1 +[0-9a-f]{1,16} +https:/m);
    });

    it('is saved to this machine with the PKI, for nobody else to read', async () => {
      await make('before');
      const key = await generateX25519Identity();
      const recipient = await identityToRecipient(key);
      const said = await done('etcd', 'snapshot', '--out', file, '--recipient', recipient);
      expect(said).toMatch(/revision \d+, \d+ keys/);
      await make('later');
      for (const path of [file, `${file}.pki.age`])
        expect(((await stat(path)).mode & 0o777).toString(8)).toBe('600');
      const decrypter = new Decrypter();
      decrypter.addIdentity(key);
      const archive = await decrypter.decrypt(await readFile(`${file}.pki.age`));
      const input = Buffer.from(archive).toString('base64');
      const unpack = 'rm -rf /root/pki; mkdir /root/pki; base64 -d | tar -xf - -C /root/pki';
      await cluster.lab.exec('cp1', unpack, { input });
      const differing = 'cd /root/pki; find . -type f | while read f; do cmp -s $f /$f || echo $f; done';
      expect(await on('cp1', differing)).toBe('');
      const unpacked = await on('cp1', 'cd /root/pki; find . -type f');
      expect(unpacked).toContain(isReal ? 'etc/kubernetes/pki/sa.key' : 'etc/kubernetes/pki/ca.crt');
    });

    it('refuses a snapshot of another cluster', async () => {
      await everywhere(
        'cp /etc/kubernetes/pki/ca.crt /root/ca.crt; sed -i 5s/^...../AAAAA/ /etc/kubernetes/pki/ca.crt',
      );
      const { code, stderr } = await cluster.slipway('etcd', 'restore', file, '--yes');
      await everywhere('cp /root/ca.crt /etc/kubernetes/pki/ca.crt');
      expect(stderr).toContain('the snapshot is not of this cluster');
      expect(code).toBe(1);
      expect(await seen()).toBe('before later');
    });

    it('is restored after all of its data was deleted, and killed in each stage of that', async () => {
      await everywhere(`rm -rf ${dataDir}/member`);
      for (const stage of ['prepare', 'stop', 'data', 'etcd', 'API servers', 'clean up']) {
        const seenStage = new RegExp(`^${stage}: cp`, 'm');
        const { code, stdout, stderr } = await cluster.slipwayUntil(
          seenStage,
          'SIGKILL',
          'etcd',
          'restore',
          file,
          '--yes',
        );
        expect(code, `${stage}: ${stdout}\n${stderr}`).toBeNull();
      }
      await done('etcd', 'restore', file, '--yes');
      await expect.poll(seen, POLL).toBe('before');
      const { members } = await status();
      expect(members.map(({ name, isHealthy }) => [name, isHealthy])).toEqual(
        controlPlanes.map((name) => [name, true]),
      );
      await everywhere('[ ! -e /var/lib/slipway-restore ]; [ ! -e /etc/kubernetes/slipway-restore ]');
      expect(await pending()).toEqual([]);
    });

    it('takes what is written after a restore', async () => {
      await make('since');
      expect(await seen()).toBe('before since');
    });

    it('is defragmented, one member after another', async () => {
      const count = controlPlanes.length;
      expect(await done('etcd', 'defrag', '--yes')).toContain(`${count} of ${count} member`);
    });

    it('is saved by a timer that keeps so many, and no more once the inventory has none', async () => {
      await write({ etcd: { backup: { schedule: '*-*-* 03:00', keep: 2, directory: '/srv/etcd' } } });
      await done('apply', '--yes', ...phases);
      expect(await pending()).toEqual([]);
      await everywhere(
        'systemctl is-active slipway-etcd-backup.timer; for i in 1 2 3; do systemctl start slipway-etcd-backup; sleep 1.1; done',
      );
      expect(await on('cp1', 'ls /srv/etcd | wc -l; stat -c %a /srv/etcd/*.db')).toBe('2\n600\n600\n');
      expect(await pending()).toEqual([]);
      expect((await cluster.slipway('status', ...phases)).stdout).toMatch(
        /^ {2}cp1: .*etcd was last saved at 20/m,
      );

      await write({});
      await done('apply', '--yes', ...phases);
      expect(await pending()).toEqual([]);
      await everywhere(
        '! systemctl cat slipway-etcd-backup.timer 2>/dev/null; [ "$(ls /srv/etcd | wc -l)" = 2 ]',
      );
    });
  },
);
