import { describe, expect, test } from 'vitest';

import { initConfig } from '#configuration/kubeadm-config.ts';
import { namedFiles } from '#checks/preflight/named-files.ts';
import type { Cluster } from '#core/cluster.ts';
import type { Outcome } from '#core/resource.ts';

import { inventory, kubernetes, parse, problemsOf } from './inventory-fixture.ts';

const args = (component: string, flags: string, more = ''): string =>
  kubernetes(`${component}: {extraArgs: {${flags}}${more}}`);

const mount = (hostPath: string, mountPath: string, more = ''): string =>
  `, extraVolumes: [{name: a, hostPath: ${hostPath}, mountPath: ${mountPath}${more}}]`;

describe('a file of the host that a component would not see is refused', () => {
  test.each<[string, string]>([
    ['the audit policy', args('apiServer', 'audit-policy-file: /etc/kubernetes/audit.yaml')],
    ['the encryption', args('apiServer', 'encryption-provider-config: /etc/kubernetes/enc/enc.yaml')],
    ['an authority for OIDC', args('apiServer', 'oidc-ca-file: /root/ca.pem')],
    ['a certificate for a name', args('apiServer', 'tls-sni-cert-key: "/srv/a.crt,/srv/a.key:a.lab"')],
    ['a directory beside a mounted one', args('apiServer', 'client-ca-file: /etc/kubernetes/pki-old/ca.crt')],
    [
      'what a volume has somewhere else',
      args('apiServer', 'audit-policy-file: /etc/a/p', mount('/etc/a', '/b')),
    ],
    ['the audit log, read-only', args('apiServer', 'audit-log-path: /etc/kubernetes/pki/audit.log')],
    [
      'the audit log in a volume, read-only',
      args('apiServer', 'audit-log-path: /l/a', mount('/l', '/l', ', readOnly: true')),
    ],
    ['of the controller manager', args('controllerManager', 'cluster-signing-cert-file: /srv/ca.crt')],
    ['of the scheduler', args('scheduler', 'config: /etc/kubernetes/pki/scheduler.yaml')],
    [
      'a path that is not absolute',
      args('apiServer', 'audit-policy-file: audit.yaml, etcd-cafile: ./ca.crt'),
    ],
    ['of etcd', args('etcd', 'trusted-ca-file: /srv/ca.crt')],
  ])('%s', async (_, text) => {
    expect(await problemsOf(text)).toMatchSnapshot();
  });

  test.each<[string, string]>([
    [
      'in the directory of certificates',
      args('apiServer', 'audit-policy-file: /etc/kubernetes/pki/audit.yaml'),
    ],
    ['among authorities', args('apiServer', 'oidc-ca-file: /etc/ssl/certs/ca.pem')],
    [
      'in a volume',
      args('apiServer', 'audit-policy-file: /b/p, audit-log-path: /b/log', mount('/etc/a', '/b')),
    ],
    [
      'that is a volume',
      args(
        'scheduler',
        'config: /s.yaml',
        mount('/etc/s.yaml', '/s.yaml', ', readOnly: true, pathType: File'),
      ),
    ],
    ['that is none', args('scheduler', 'authorization-always-allow-paths: "/healthz,/livez"')],
  ])('but not one %s', async (_, text) => {
    expect(await problemsOf(text)).toBe('');
  });

  test('volumes have names of their own', async () => {
    const twice = mount('/a', '/a').replace(/\[(.*)\]/, '[$1, $1]');
    expect(await problemsOf(args('apiServer', '', twice))).toMatchInlineSnapshot(
      `"inventory.yaml:1:122: kubernetes.apiServer.extraVolumes[1].name: is the name of another volume (got "a")"`,
    );
  });
});

test('kubeadm gets the volumes', async () => {
  const text = args('apiServer', 'v: "2"', mount('/etc/a', '/b', ', readOnly: false, pathType: File'));
  const { cluster } = await parse(text);
  expect(initConfig(cluster)).toContain(
    'extraVolumes:\n    - name: a\n      hostPath: /etc/a\n      mountPath: /b\n      pathType: File\n',
  );
  expect(initConfig((await parse(inventory())).cluster)).not.toContain('extraVolumes');
});

/** What is said of a host where just these are not there. */
function outcomesOf(cluster: Cluster, name: string, absent: readonly string[]): readonly Outcome[] {
  const host = cluster.hosts.find((one) => one.name === name)!;
  return namedFiles(cluster, host).map((resource) => {
    const answers = Object.keys(resource.facts).map((path) => [
      path,
      absent.includes(path) ? 'absent' : 'file',
    ]);
    return resource.diff(Object.fromEntries(answers) as never, { host: name, changed: [] });
  });
}

describe('a file that is named', () => {
  const flags =
    'audit-policy-file: /b/p.yaml, audit-log-path: /l/log, client-ca-file: /etc/kubernetes/pki/ca.crt';
  const volumes = `, extraVolumes: [{name: a, hostPath: /etc/a, mountPath: /b}, {name: l, hostPath: /l, mountPath: /l, pathType: DirectoryOrCreate}]`;
  const worker =
    '  - {name: w1, kubeletExtraArgs: {image-credential-provider-config: /etc/c.yaml, root-dir: /data}, kubelet: {tlsCertFile: /etc/k.crt, resolvConf: ""}}';
  const text = `${args('apiServer', flags, volumes)}\n${worker}`;

  test('and is not there is told with the host path and who names it', async () => {
    const { cluster } = await parse(text);
    expect(outcomesOf(cluster, 'cp1', ['/etc/a/p.yaml', '/etc/a', '/l/log', '/l'])).toMatchObject([
      {
        answer: 'refused',
        check: 'NamedFiles',
        why: 'there is no /etc/a/p.yaml, which apiServer.extraArgs.audit-policy-file names; nor /etc/a, which apiServer.extraVolumes of name a names',
      },
    ]);
    expect(outcomesOf(cluster, 'w1', ['/etc/k.crt', '/etc/c.yaml', '/data'])).toMatchObject([
      {
        why: 'there is no /etc/c.yaml, which kubeletExtraArgs.image-credential-provider-config names; nor /etc/k.crt, which kubelet.tlsCertFile names',
      },
    ]);
  });

  test('and is there is right, and where none is named nobody is asked', async () => {
    const { cluster } = await parse(text);
    expect(outcomesOf(cluster, 'cp1', [])).toMatchObject([{ answer: 'none' }]);
    const plain = await parse(`${inventory()}\n  - {name: w1}`);
    expect(outcomesOf(plain.cluster, 'cp1', [])).toEqual([]);
    expect(outcomesOf(plain.cluster, 'w1', [])).toEqual([]);
  });
});
