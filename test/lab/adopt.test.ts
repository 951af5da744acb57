import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { env } from 'node:process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';

import { defaultKubernetesVersion as version } from '../../scripts/lab/kubernetes-repository.ts';
import { labInventory, standInManifest } from '../../scripts/lab/lab-inventory.ts';
import { labUnavailable } from '../../scripts/lab/lab-unavailable.ts';
import { LabCluster } from './support/lab-cluster.ts';
import { settled } from './support/settled.ts';

const KUBECTL = 'kubectl --kubeconfig /etc/kubernetes/admin.conf';

/** The usual shell steps have no word for what the lab's inventories say of kube-proxy: it may set no limits of conntrack there. */
const reason =
  labUnavailable() ??
  (env['SLIPWAY_LAB_REPO'] ? 'the real kube-proxy needs settings on hosts of the lab' : undefined);

interface Script {
  /** What the network's manifest is made from that of the lab. */
  readonly network?: (manifest: string) => string;
  /** More of what the script reads. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Makes a cluster of the lab's hosts by shell steps. @returns arguments that name what only hosts of the lab need, as an inventory on top. */
async function byScript(
  { lab, directory, inventory }: LabCluster,
  { network = (manifest) => manifest, env: more = {} }: Script = {},
): Promise<readonly string[]> {
  const url = `${lab.repositoryUrl}/core:/stable:/v${version.replace(/\.\d+$/, '')}/deb`;
  const script = fileURLToPath(new URL('../../scripts/bench/cold-script.sh', import.meta.url));
  const [program = '', ...args] = lab.inNetwork([script, 'usual']);
  const manifest = network(await standInManifest('calico-stand-in.yaml'));
  const networkUrl = lab.web.serve('/network.yaml', manifest);
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...env,
      HOSTS: lab.hosts.map(({ address }) => address).join(' '),
      SSH: `ssh -i ${lab.identityFile} -o UserKnownHostsFile=${lab.knownHostsFile} -o BatchMode=yes -l root`,
      VERSION: version,
      REPOSITORY: url,
      KEY_URL: `${url}/Release.key`,
      NETWORK: networkUrl,
      ...more,
    },
  });
  const [, complaints, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  if (code !== 0) throw new Error(`the script ended with ${String(code)}: ${complaints}`);
  const { kubernetes, runtime } = parse(await labInventory(lab)) as Record<string, Record<string, unknown>>;
  const overlay = join(directory, 'lab.yaml');
  const { repository } = kubernetes ?? {};
  const sha256 = createHash('sha256').update(manifest).digest('hex');
  const fetched = { manifest: { url: networkUrl, sha256 } };
  await writeFile(overlay, stringify({ kubernetes: { repository }, runtime, network: fetched }));
  await rm(inventory);
  return ['-i', overlay];
}

/** Adopts the cluster. @returns what is written of it. */
async function adopt(cluster: LabCluster): Promise<string> {
  const { lab, inventory } = cluster;
  const login = ['--known-hosts', lab.knownHostsFile, '--identity-file', lab.identityFile];
  const address = lab.hosts[0]?.address ?? '';
  const adopted = await cluster.slipway('adopt', address, ...login);
  expect(adopted.code, adopted.stderr).toBe(0);
  const again = await cluster.slipway('adopt', address, ...login);
  expect([again.code, again.stderr]).toEqual([3, expect.stringContaining('is there already')]);
  return readFile(inventory, 'utf8');
}

/** Its plan refuses nothing, drains and destroys nothing, and makes no node anew. @returns ids of what it changes. */
async function harmlessChanges(cluster: LabCluster, onTop: readonly string[]): Promise<readonly string[]> {
  const planned = await cluster.slipway('plan', ...onTop);
  expect(planned.code, planned.stdout + planned.stderr).toBe(0);
  const { nodes } = await cluster.plan(...onTop);
  expect(nodes.filter(({ outcome }) => outcome.answer === 'refused')).toEqual([]);
  const effects = nodes.flatMap(({ outcome }) =>
    outcome.answer === 'change' ? [outcome.effects ?? {}] : [],
  );
  expect(effects.flatMap(({ destroys = [], drains = [] }) => [...destroys, ...drains])).toEqual([]);
  const changed = nodes.flatMap(({ id, outcome }) => (outcome.answer === 'change' ? [id] : []));
  expect(changed.filter((id) => /kubeadm-(init|join|reset)|removed/.test(id))).toEqual([]);
  return changed;
}

/** Uids of the nodes, and ids of what is left to do after one apply. */
async function applied(cluster: LabCluster, onTop: readonly string[]) {
  const uids = async () =>
    (await cluster.lab.exec('cp1', `${KUBECTL} get nodes -o jsonpath='{.items[*].metadata.uid}'`)).stdout;
  const before = await uids();
  const { code, stdout, stderr } = await cluster.slipway('apply', '--yes', ...onTop);
  expect(code, stdout + stderr).toBe(0);
  const { nodes } = await cluster.plan(...onTop);
  const left = nodes.flatMap(({ id, outcome }) => (outcome.answer === 'none' ? [] : [id]));
  return { before, after: await uids(), left };
}

describe.skipIf(reason !== undefined)(
  `a cluster that a script has made${reason ? ` (skipped: ${reason})` : ''}`,
  () => {
    let cluster: LabCluster;
    let onTop: readonly string[] = [];
    beforeAll(async () => {
      cluster = await LabCluster.start([{ name: 'cp1' }, { name: 'w1' }]);
      onTop = await byScript(cluster);
    });
    afterAll(() => cluster?.[Symbol.asyncDispose]());

    it('is adopted, and its plan destroys nothing', async () => {
      // The script ends where nodes are Ready; the cluster goes on writing for a moment.
      const before = await settled(() => cluster.lab.filesystemDigest('cp1'), { timeout: 120_000 });
      const written = await adopt(cluster);
      expect(written).toContain(`version: '${version}'`);
      expect(written).toContain('- name: w1');
      expect(written).toContain('of no release that slipway knows');
      // Without the manifest of a network that is left alone.
      const overlay = onTop[1] ?? '';
      const { network: _, ...others } = parse(await readFile(overlay, 'utf8')) as Record<string, unknown>;
      await writeFile(overlay, stringify(others));
      const changed = await harmlessChanges(cluster, onTop);
      expect(changed.length, changed.join('\n')).toBeLessThan(60);
      expect(await cluster.lab.filesystemDigest('cp1')).toBe(before);
    });

    it('is slipway’s own after one apply, with the nodes that it had', async () => {
      const { before, after, left } = await applied(cluster, onTop);
      expect(left).toEqual([]);
      expect(after).toBe(before);
    });
  },
);

const CERTIFICATE_KEY = '5d2b3f'.padEnd(64, '0');

/** What a person had kubeadm do otherwise. */
const KUBEADM = `apiVersion: kubeadm.k8s.io/v1beta4
kind: InitConfiguration
certificateKey: ${CERTIFICATE_KEY}
---
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
clusterName: berlin
kubernetesVersion: v${version}
controlPlaneEndpoint: api.lab:6443
networking: { podSubnet: 10.200.0.0/16 }
apiServer:
  certSANs: [api.example.com]
  extraArgs:
    - { name: audit-log-path, value: /var/log/kubernetes/audit.log }
    - { name: profiling, value: "false" }
  extraVolumes:
    - { name: audit, hostPath: /var/log/kubernetes, mountPath: /var/log/kubernetes, pathType: DirectoryOrCreate }
  extraEnvs: [{ name: GOMAXPROCS, value: "4" }]
controllerManager: { extraArgs: [{ name: terminated-pod-gc-threshold, value: "500" }] }
etcd: { local: { extraArgs: [{ name: quota-backend-bytes, value: "8589934592" }] } }
---
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
mode: iptables
`;

const POOL = `apiVersion: crd.projectcalico.org/v1
kind: IPPool
metadata: { name: default-ipv4-ippool }
spec: { cidr: 10.200.0.0/16, ipipMode: CrossSubnet, vxlanMode: Never, natOutgoing: true, nodeSelector: all(), blockSize: 24 }
`;

describe.skipIf(reason !== undefined)(
  `a cluster of two control planes with settings of their own${reason ? ` (skipped: ${reason})` : ''}`,
  () => {
    let cluster: LabCluster;
    let onTop: readonly string[] = [];
    beforeAll(async () => {
      cluster = await LabCluster.start([{ name: 'cp1' }, { name: 'cp2' }, { name: 'w1' }]);
      const { lab } = cluster;
      const [first] = lab.hosts;
      await Promise.all(
        lab.hosts.map(({ name }) => lab.exec(name, `echo '${first?.address} api.lab' >>/etc/hosts`)),
      );
      await lab.exec('cp1', 'cat >/root/kubeadm.yaml', { input: KUBEADM });
      onTop = await byScript(cluster, {
        network: (manifest) =>
          manifest.replace(/(name: calico-node\n\s*image: )\S+/, '$1quay.io/calico/node:v3.32.1'),
        env: { CONTROL_PLANES: '2', INIT: '/root/kubeadm.yaml', CERTIFICATE_KEY },
      });
      await lab.exec('cp1', `${KUBECTL} apply -f -`, { input: POOL });
    });
    afterAll(() => cluster?.[Symbol.asyncDispose]());

    it('is adopted with all of them, and its plan destroys nothing', async () => {
      const written = parse(await adopt(cluster)) as Record<string, Record<string, unknown>>;
      expect(written['cluster']).toEqual({ name: 'berlin' });
      expect(written['kubernetes']).toMatchObject({
        controlPlaneEndpoint: 'api.lab:6443',
        networking: { podSubnet: '10.200.0.0/16' },
        apiServer: {
          certSANs: ['api.example.com'],
          extraArgs: { 'audit-log-path': '/var/log/kubernetes/audit.log', profiling: 'false' },
          extraVolumes: [{ name: 'audit', hostPath: '/var/log/kubernetes' }],
        },
        controllerManager: { extraArgs: { 'terminated-pod-gc-threshold': '500' } },
        etcd: { extraArgs: { 'quota-backend-bytes': '8589934592' } },
        kubeProxy: { mode: 'iptables' },
        kubeadm: { clusterConfiguration: { apiServer: { extraEnvs: [{ name: 'GOMAXPROCS', value: '4' }] } } },
      });
      expect(written['network']).toEqual({
        plugin: 'calico',
        version: '3.32.1',
        encapsulation: 'ipip-cross-subnet',
        blockSize: 24,
        ipAutodetection: 'first-found',
      });
      expect(written['hosts']).toMatchObject([
        { name: 'cp1', role: 'control-plane' },
        { name: 'cp2', role: 'control-plane' },
        { name: 'w1' },
      ]);
      await harmlessChanges(cluster, onTop);
    });

    it('is slipway’s own after one apply, with the nodes and the settings that it had', async () => {
      const settings = `${KUBECTL} -n kube-system get configmap kubeadm-config -o jsonpath='{.data.ClusterConfiguration}'; cat /etc/kubernetes/manifests/*.yaml`;
      const said = (await cluster.lab.exec('cp2', settings)).stdout;
      const { before, after, left } = await applied(cluster, onTop);
      expect(left).toEqual([]);
      expect(after).toBe(before);
      expect((await cluster.lab.exec('cp2', settings)).stdout).toBe(said);
    });
  },
);
