import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { labUnavailable } from '../../scripts/lab/lab-unavailable.ts';
import { EXTERNAL_ETCDCTL, type ExternalEtcdFiles, startExternalEtcd } from './support/external-etcd.ts';
import { LabCluster } from './support/lab-cluster.ts';

const KUBECTL = 'kubectl --kubeconfig /etc/kubernetes/admin.conf';
const PKI = '/etc/kubernetes/pki';
/** Debian's etcd is older than what kubeadm takes, and works all the same. */
const OLD = 'ExternalEtcdVersion';

const reason = labUnavailable();

describe.skipIf(reason !== undefined)(`an external etcd${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let cluster: LabCluster;
  let etcd: ExternalEtcdFiles;
  beforeAll(async () => {
    cluster = await LabCluster.start([
      { name: 'cp1' },
      { name: 'cp2' },
      { name: 'w1' },
      { name: 'store', suite: 'trixie' },
    ]);
    etcd = await startExternalEtcd(cluster.lab, 'store');
    const files = {
      'ca.crt': etcd.ca,
      'client.crt': etcd.cert,
      'client.key': etcd.key,
      'other-ca.crt': etcd.otherCa,
      'other-client.crt': etcd.otherCert,
      'other-client.key': etcd.otherKey,
    };
    for (const [name, text] of Object.entries(files)) await writeFile(join(cluster.directory, name), text);
    // Of somebody else, at the place where kubeadm has the data of members of its own.
    await on('cp1', 'mkdir -p /var/lib/etcd/member; echo others >/var/lib/etcd/member/note');
  });
  afterAll(() => cluster?.[Symbol.asyncDispose]());

  interface Wish {
    readonly controlPlanes?: readonly string[];
    readonly etcd?: object;
    readonly external?: object;
    readonly ignores?: readonly string[];
  }

  const write = async ({ controlPlanes = ['cp1'], external = {}, ignores = [OLD], ...wish }: Wish) => {
    const addressOf = (name: string) => cluster.lab.hosts.find((host) => host.name === name)?.address ?? '';
    await cluster.writeInventory({
      overlay: {
        kubernetes: {
          controlPlaneEndpoint: `${addressOf('cp1')}:6443`,
          etcd: wish.etcd ?? {
            external: {
              endpoints: [etcd.endpoint],
              caFile: 'ca.crt',
              certFile: 'client.crt',
              keyFile: { file: 'client.key' },
              ...external,
            },
          },
          ignorePreflightErrors: [OLD],
        },
        ignoreChecks: ignores,
        hosts: ['cp1', 'cp2', 'w1']
          .filter((name) => name !== 'cp2' || controlPlanes.includes(name))
          .map((name) => ({
            name,
            address: addressOf(name),
            role: controlPlanes.includes(name) ? 'control-plane' : 'worker',
          })),
      },
    });
  };
  const on = async (host: string, script: string): Promise<string> =>
    (await cluster.lab.exec(host, 'bash', { input: `set -e\n${script}` })).stdout;
  const applied = async (): Promise<void> => {
    const { code, stdout, stderr } = await cluster.slipway('apply', '--yes');
    expect(code, `${stdout}\n${stderr}`).toBe(0);
    expect(await cluster.pending()).toEqual([]);
  };
  const keys = async (): Promise<number> =>
    Number(await on('store', `${EXTERNAL_ETCDCTL} get --prefix /registry/ --keys-only | grep -c . || :`));
  const said = async (...args: readonly string[]): Promise<string> => {
    const { stdout, stderr } = await cluster.slipway(...args);
    // Lines are folded to the width of a page.
    return `${stdout}\n${stderr}`.replaceAll(/\s+/g, ' ');
  };

  it.each([
    ['an endpoint where nobody is', { endpoints: ['https://127.0.0.1:2399'] }, 'connection refused'],
    ['another authority', { caFile: 'other-ca.crt' }, 'its certificate is not taken'],
  ])('is named in the plan where it is given with %s', async (_, external, why) => {
    await write({ external });
    const plan = await said('plan');
    expect(plan).toContain('ExternalEtcd');
    expect(plan).toContain(why);
  });

  it.each([
    [
      'a client certificate that it does not know',
      { external: { certFile: 'other-client.crt', keyFile: { file: 'other-client.key' } } },
      'it refuses the certificate that it is shown',
    ],
    ['a release that kubeadm does not take', { ignores: [] }, 'and kubeadm takes none before'],
  ])('stops a run before kubeadm begins where it has %s', async (_, wish, why) => {
    await write(wish);
    const { code, stdout, stderr } = await cluster.slipway('apply', '--yes');
    expect(`${stdout}\n${stderr}`.replaceAll(/\s+/g, ' ')).toContain(why);
    expect(code).not.toBe(0);
    await on(
      'cp1',
      '[ ! -e /etc/kubernetes/manifests/kube-apiserver.yaml ]; [ ! -e /run/slipway/slipway-kubeadm-init.log ]',
    );
    expect(await keys()).toBe(0);
  });

  it('has the objects of a cluster whose control plane has no member', async () => {
    await write({});
    await applied();
    expect(await keys()).toBeGreaterThan(10);
    const configuration = await on('cp1', `${KUBECTL} -n kube-system get configmap kubeadm-config -o yaml`);
    expect(configuration).toContain(etcd.endpoint);
    await on(
      'cp1',
      `[ ! -e /etc/kubernetes/manifests/etcd.yaml ]; [ ! -e ${PKI}/etcd/server.crt ]; [ ! -e ${PKI}/etcd/ca.key ]`,
    );
    expect(await on('cp1', `stat -c %a ${PKI}/apiserver-etcd-client.key`)).toBe('600\n');
  });

  it.each([
    ['the key of its client', `rm ${PKI}/apiserver-etcd-client.key`],
    ['its client certificate, for another', `echo x >${PKI}/apiserver-etcd-client.crt`],
    ['a manifest and a certificate', `rm /etc/kubernetes/manifests/kube-scheduler.yaml ${PKI}/apiserver.*`],
    ["its kubelet's kubeconfig", 'rm /etc/kubernetes/kubelet.conf'],
  ])('is reached again from a control plane that has lost %s', async (_, loss) => {
    await on('cp1', loss);
    expect(await cluster.pending()).not.toEqual([]);
    await applied();
  });

  it('takes another control plane, and gets no member by it', async () => {
    await write({ controlPlanes: ['cp1', 'cp2'] });
    await applied();
    expect(await on('cp1', `${KUBECTL} get nodes`)).toMatch(/cp2\s+Ready\s+control-plane/);
    expect((await on('store', `${EXTERNAL_ETCDCTL} member list`)).trim().split('\n')).toHaveLength(1);
    await on('cp2', `[ ! -e /etc/kubernetes/manifests/etcd.yaml ]; [ ! -e /var/lib/etcd/member ]`);
  });

  it('is that of the cluster for good', async () => {
    await write({
      controlPlanes: ['cp1', 'cp2'],
      external: { endpoints: [etcd.endpoint, 'https://127.0.0.1:2399'] },
    });
    expect(await said('plan')).toContain('the etcd of the cluster is external at');
    await write({ controlPlanes: ['cp1', 'cp2'], etcd: {} });
    const plan = await said('plan');
    expect(plan).toContain('ClusterEtcd');
    expect(plan).toContain('wanted stacked on the control planes');
    await write({ controlPlanes: ['cp1', 'cp2'] });
  });

  it("is nobody's to save here", async () => {
    for (const args of [['snapshot'], ['status'], ['defrag', '--yes'], ['restore', 'x.db', '--yes']]) {
      const { code, stderr } = await cluster.slipway('etcd', ...args);
      expect(stderr).toContain('the etcd of cluster lab is external');
      expect(code).not.toBe(0);
    }
  });

  it('is named where it stands still', async () => {
    await on('store', 'systemctl stop lab-etcd');
    try {
      expect(await said('plan')).toMatch(/ExternalEtcd.*connection refused/s);
    } finally {
      await on('store', 'systemctl start lab-etcd');
    }
    await expect.poll(() => cluster.pending(), { timeout: 90_000, interval: 2000 }).toEqual([]);
  });

  it('stays as it is where a control plane leaves', async () => {
    const { code, stdout, stderr } = await cluster.slipway('remove', 'cp2', '--yes');
    expect(code, `${stdout}\n${stderr}`).toBe(0);
    expect(await on('cp1', `${KUBECTL} get nodes -o name`)).not.toContain('cp2');
    await on('cp2', `[ ! -e /etc/kubernetes/manifests/kube-apiserver.yaml ]`);
    await write({});
    expect(await cluster.pending()).toEqual([]);
  });

  it('keeps its data where the cluster is taken back, and so does whoever has /var/lib/etcd', async () => {
    const { code, stdout, stderr } = await cluster.slipway('reset', '--yes', '--cluster', 'lab');
    expect(code, `${stdout}\n${stderr}`).toBe(0);
    expect(await on('cp1', 'cat /var/lib/etcd/member/note; ls /etc/kubernetes/pki | wc -l')).toBe(
      'others\n0\n',
    );
    expect(await keys()).toBeGreaterThan(10);
  });

  it('is not taken for a new cluster with the objects of the former one', async () => {
    const { code, stdout, stderr } = await cluster.slipway('apply', '--yes');
    expect(`${stdout}\n${stderr}`).toContain('ExternalEtcdData');
    expect(code).not.toBe(0);
    await on('cp1', '[ ! -e /etc/kubernetes/manifests/kube-apiserver.yaml ]');
    await on('store', `${EXTERNAL_ETCDCTL} del --prefix /registry/`);
    await applied();
  });
});

const wish = (dataDir: string) => ({ overlay: { kubernetes: { etcd: { dataDir } } } });

describe.skipIf(reason !== undefined)(
  `etcd in a directory of its own${reason ? ` (skipped: ${reason})` : ''}`,
  () => {
    let cluster: LabCluster;
    beforeAll(async () => {
      cluster = await LabCluster.start([{ name: 'cp1' }], wish('/data/etcd'));
    });
    afterAll(() => cluster?.[Symbol.asyncDispose]());

    const on = async (script: string): Promise<string> =>
      (await cluster.lab.exec('cp1', 'bash', { input: `set -e\n${script}` })).stdout;

    it('is made there, and nowhere else', async () => {
      const { code, stdout, stderr } = await cluster.slipway('apply', '--yes');
      expect(code, `${stdout}\n${stderr}`).toBe(0);
      await on('[ -d /data/etcd/member ]; [ ! -e /var/lib/etcd/member ]');
      expect(await cluster.pending()).toEqual([]);
    });

    it('stays there', async () => {
      await cluster.writeInventory(wish('/var/lib/etcd'));
      const stdout = (await cluster.slipway('plan')).stdout.replaceAll(/\s+/g, ' ');
      expect(stdout).toContain('etcd.dataDir is /data/etcd, wanted /var/lib/etcd');
      await cluster.writeInventory(wish('/data/etcd'));
    });

    it('is missed where it is lost', async () => {
      await on('mv /data/etcd/member /data/kept');
      expect((await cluster.slipway('plan')).stdout).toContain('/data/etcd/member is lost');
      await on('rm -rf /data/etcd/member; mv /data/kept /data/etcd/member');
    });

    it('goes with the cluster, also where no API server says where it is', async () => {
      await on('rm /etc/kubernetes/admin.conf /etc/kubernetes/manifests/etcd.yaml');
      const { code, stdout, stderr } = await cluster.slipway('reset', '--yes', '--cluster', 'lab');
      expect(code, `${stdout}\n${stderr}`).toBe(0);
      await on('[ ! -e /data/etcd/member ]');
    });
  },
);
