import { describe, expect, it } from 'vitest';

import { clusterConfiguration } from '#configuration/kubeadm-config.ts';
import { parseInventory } from '#inventory/parse-inventory.ts';

const EXTERNAL =
  'endpoints: ["https://10.0.0.21:2379", "https://[fd00::22]:2379"], caFile: pki/ca.crt, certFile: pki/client.crt, keyFile: {env: ETCD_KEY}';

const parse = (etcd: string, more = '') =>
  parseInventory(
    `kubernetes:\n  version: "1.36.4"\n  etcd: {${etcd}}\n${more}hosts: [{name: cp1, role: control-plane, address: 10.0.0.11}]\n`,
    {
      path: 'inventory.yaml',
      directory: '/site',
      env: { ETCD_KEY: 'the key of the client', HOME: '/home/me' },
      lookAt: async () => 'file',
    },
  );

const found = async (etcd: string, more?: string): Promise<string> => {
  const said = await parse(etcd, more).catch((error: unknown) => error);
  return said instanceof Error ? `${said.message}\n${JSON.stringify(said)}` : '';
};

describe('an external etcd', () => {
  it('is what kubeadm is told of, with the paths on control planes', async () => {
    const { cluster } = await parse(`external: {${EXTERNAL}}`);
    const { etcd } = cluster.kubernetes;
    expect(etcd).toMatchObject({
      type: 'external',
      caFile: '/site/pki/ca.crt',
      certFile: '/site/pki/client.crt',
    });
    expect(etcd.type === 'external' && etcd.key.value.reveal()).toBe('the key of the client');
    expect(clusterConfiguration(cluster)['etcd']).toEqual({
      external: {
        endpoints: ['https://10.0.0.21:2379', 'https://[fd00::22]:2379'],
        caFile: '/etc/kubernetes/pki/etcd/ca.crt',
        certFile: '/etc/kubernetes/pki/apiserver-etcd-client.crt',
        keyFile: '/etc/kubernetes/pki/apiserver-etcd-client.key',
      },
    });
  });

  it.each([
    [
      'endpoints: ["http://10.0.0.21:2379"], caFile: a, certFile: b, keyFile: {env: ETCD_KEY}',
      /must be https.*reads all Secrets/s,
    ],
    ['endpoints: ["https://10.0.0.21"], caFile: a, certFile: b, keyFile: {env: ETCD_KEY}', /with a port/],
    [
      'endpoints: ["https://a:1", "https://a:1"], caFile: a, certFile: b, keyFile: {env: ETCD_KEY}',
      /stands there twice/,
    ],
    ['endpoints: [], caFile: a, certFile: b, keyFile: {env: ETCD_KEY}', /must not be empty/],
    ['endpoints: ["https://a:1"], caFile: a, certFile: b', /"keyFile" is missing/],
    ['endpoints: ["https://a:1"], caFile: a, certFile: b, keyFile: client.key', /reference to a secret/],
  ])('is refused where it is {%s}', async (external, message) => {
    expect(await found(`external: {${external}}`)).toMatch(message);
  });

  it.each([
    ['dataDir: /data/etcd, ', '', /"dataDir" has no meaning where etcd is external/],
    ['extraArgs: {quota-backend-bytes: "1"}, ', '', /"extraArgs" has no meaning/],
    ['', 'etcd: {backup: {schedule: daily}}\n', /"backup" has no meaning/],
    ['', 'upgrade: {snapshot: true}\n', /"snapshot" has no meaning/],
    ['', '  patches: [{target: etcd, patch: {spec: {}}}]\n', /has no meaning where etcd is external/],
    [
      '',
      '  kubeadm: {clusterConfiguration: {etcd: {local: {imageTag: 3.6.6-0}}}}\n',
      /"local" has no meaning/,
    ],
  ])('has no members to say %s%s of', async (before, more, message) => {
    expect(await found(`${before}external: {${EXTERNAL}}`, more)).toMatch(message);
  });
});

describe('the directory of etcd', () => {
  it("is kubeadm's own, or another one", async () => {
    for (const [written, dataDir] of [
      ['', '/var/lib/etcd'],
      ['dataDir: /data/etcd', '/data/etcd'],
    ] as const) {
      const { cluster } = await parse(written);
      expect(clusterConfiguration(cluster)['etcd']).toEqual({ local: { dataDir } });
    }
  });

  it.each([
    '/',
    'data',
    '/data/',
    '/etc/etcd',
    '/var/lib',
    '/var/lib/kubelet/etcd',
    '/data/../etc',
    '/tmp/etcd',
    '/home',
  ])('is refused where it is %s', async (dataDir) => {
    expect(await found(`dataDir: ${dataDir}`)).toContain('kubernetes.etcd.dataDir');
  });

  it('takes what its flags name, and no file of others', async () => {
    expect(await found('dataDir: /data/etcd, extraArgs: {wal-dir: /data/etcd/wal}')).toBe('');
    expect(await found('extraArgs: {wal-dir: /data/etcd/wal}')).toContain('is not seen by its pod');
    const files = 'defaults: {files: {/data/etcd/note: {content: a}}}\n';
    expect(await found('dataDir: /data/etcd', files)).toContain('is for etcd alone');
  });
});
