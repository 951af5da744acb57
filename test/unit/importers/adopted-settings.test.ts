import { describe, expect, it } from 'vitest';

import { clusterSettings } from '#checks/preflight/cluster-settings.ts';
import { adopted } from '#importers/adopted.ts';

import { asked, CONFIGURATION, CP1, said, written } from './adopted-fixture.ts';

const FULL = CONFIGURATION.replace(
  /apiServer:[^]*?certificatesDir/,
  `apiServer:
  certSANs: [api.lan, 10.0.0.10]
  extraArgs:
    - { name: audit-log-path, value: "-" }
    - { name: service-account-issuer, value: "https://a.lan/\${x}" }
    - { name: service-account-issuer, value: "https://b.lan" }
  extraVolumes: [{ name: audit, hostPath: /etc/audit, mountPath: /etc/audit, readOnly: true, pathType: DirectoryOrCreate }]
  extraEnvs: [{ name: GOMAXPROCS, value: "4" }]
certificatesDir`,
)
  .replace(
    'controllerManager: {}',
    'controllerManager: { extraArgs: [{ name: bind-address, value: 0.0.0.0 }] }',
  )
  .replace('scheduler: {}', 'scheduler: { extraArgs: [{ name: profiling, value: "false" }] }')
  .replace('dns: {}', 'dns: { imageTag: v1.12.1 }')
  .replace('RSA-2048', 'ECDSA-P256')
  .replace(
    'etcd: { local: { dataDir: /var/lib/etcd } }',
    'etcd: { local: { dataDir: /srv/etcd, imageTag: 3.6.6-0, extraArgs: [{ name: quota-backend-bytes, value: "8589934592" }] } }',
  )
  .concat('featureGates: { NodeLocalCRISocket: true }\ncertificateValidityPeriod: 4380h0m0s\n');

describe('settings of kubeadm', () => {
  it('are carried over so that the cluster was made with what the inventory says', async () => {
    const text = said([CP1], {}, FULL);
    expect(adopted(text, asked).notes.join('\n')).not.toContain('not carried over');
    const cluster = await written(text);
    expect(cluster.kubernetes.apiServer.extraArgs).toEqual({
      'audit-log-path': '-',
      'service-account-issuer': ['https://a.lan/${x}', 'https://b.lan'],
    });
    expect(cluster.kubernetes.kubeadm.clusterConfiguration).toEqual({
      apiServer: { extraEnvs: [{ name: 'GOMAXPROCS', value: '4' }] },
      certificateValidityPeriod: '4380h0m0s',
      dns: { imageTag: 'v1.12.1' },
      encryptionAlgorithm: 'ECDSA-P256',
      etcd: { local: { imageTag: '3.6.6-0' } },
    });
    const api = { state: 'ready', clusterConfiguration: FULL };
    const outcomes = clusterSettings(cluster).map(({ diff }) =>
      diff({ api } as never, { host: 'cp1', changed: [] }),
    );
    expect(outcomes.map(({ answer }) => answer)).toEqual(outcomes.map(() => 'none'));
    expect(outcomes).toContainEqual({ answer: 'none', why: 'the cluster was made with these settings' });
  });

  it('of a kubeadm that writes maps are carried over as well, and what an inventory has no word for is said', async () => {
    const old = CONFIGURATION.replace('v1beta4', 'v1beta3')
      .replace('v1.36.3', 'v1.30.14')
      .replace(
        '[{ name: profiling, value: "false" }]',
        '{ authorization-mode: "Node,RBAC" }\n  timeoutForControlPlane: 4m0s',
      )
      .replace('/etc/kubernetes/pki', '/etc/pki/k8s')
      .replace('{ local: { dataDir: /var/lib/etcd } }', '{ external: { endpoints: [https://e1:2379] } }')
      .replace('dns: {}', 'dns: { imageTag: v1.11.1 }');
    const { settings, notes } = adopted(said([CP1], {}, old), asked);
    expect(settings).toEqual({
      apiServer: { certSANs: ['api.lan'], extraArgs: { 'authorization-mode': 'Node,RBAC' } },
    });
    expect(notes).toContainEqual(expect.stringMatching(/cannot say it: certificatesDir, dns$/));
  });

  it('of a cluster without kube-proxy and CoreDNS are phases that are skipped, and kube-proxy keeps its mode', async () => {
    const without = CONFIGURATION.replace('dns: {}', 'dns: { disabled: true }').replace(
      'proxy: {}',
      'proxy: { disabled: true }',
    );
    expect((await written(said([CP1], {}, without))).kubernetes.skipPhases).toEqual([
      'addon/coredns',
      'addon/kube-proxy',
    ]);
    const kubeProxy = { data: { 'config.conf': 'mode: ipvs\n' } };
    expect((await written(said([CP1], { kubeProxy }))).kubernetes.kubeProxy.mode).toBe('ipvs');
    expect(
      adopted(said([CP1], { kubeProxy: { data: { 'config.conf': 'mode: ""' } } }), asked).settings,
    ).not.toHaveProperty('kubeProxy');
  });

  it('of several control planes have the endpoint before them', async () => {
    const nodes = ['11', '12', '13'].map((end) => ({ ...CP1, name: `cp${end}`, address: `10.0.0.${end}` }));
    const cluster = await written(said(nodes));
    expect(cluster.hosts.map(({ role }) => role)).toEqual(Array(3).fill('control-plane'));
    expect(cluster.kubernetes).toMatchObject({
      controlPlaneEndpoint: '10.0.0.10:6443',
      hasStableEndpoint: true,
    });
  });
});
