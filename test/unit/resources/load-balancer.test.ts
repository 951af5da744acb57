import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { haproxyConfig, keepalivedConfig } from '#configuration/load-balancer.ts';
import type { Cluster, Host } from '#core/cluster.ts';
import type { JsonObject } from '#core/json.ts';
import type { KubeVipBalancer } from '#core/load-balancer.ts';
import type { Outcome, Resource } from '#core/resource.ts';
import { proxyHostsEntry } from '#resources/cluster/proxy-hosts.ts';
import { hostsEntries } from '#resources/host/hosts-entry.ts';
import {
  endpointName,
  endpointNameAfterJoin,
  endpointNameOfServer,
} from '#resources/load-balancer/endpoint-name.ts';
import { haproxy } from '#resources/load-balancer/haproxy.ts';
import { keepalived } from '#resources/load-balancer/keepalived.ts';
import { kubeVip, kubeVipAfterInit } from '#resources/load-balancer/kube-vip.ts';

import { testHost } from '../../contracts/test-host.ts';
import { missingFile } from '../../support/file-answer.ts';

const hosts = [1, 2, 3].map((number) =>
  testHost({ name: `cp${number}`, role: 'control-plane', address: `10.0.0.1${number}` }),
);
const [cp1, cp2] = hosts as [Host, Host];
const clusterOf = (version = '1.34.9'): Cluster =>
  ({
    name: 'lab',
    kubernetes: { version },
    hosts: [...hosts, testHost({ name: 'w1' })],
  }) as unknown as Cluster;
const cluster = clusterOf();

const LOCAL = { type: 'local', name: 'api.lab', port: 8443 } as const;
const KEEPALIVED = { type: 'keepalived', address: '10.0.0.9', port: 8443, virtualRouterId: 9 } as const;

const diff = (resource: Resource | undefined, answers: unknown): Outcome => {
  if (resource === undefined) throw new TypeError('there is no such resource');
  return resource.diff(answers as never, { host: 'cp1', changed: [] });
};

const fileOf = (content: string) => ({
  ...missingFile,
  type: 'file',
  content,
  mode: '0644',
  owner: 'root:root',
});

/** What a step writes into a file. */
const written = (outcome: Outcome, path: string): string => {
  const step =
    outcome.answer === 'change' && outcome.steps.find((one) => one.do === 'write' && one.path === path);
  if (!step || step.do !== 'write' || typeof step.content !== 'string')
    throw new TypeError(`nothing writes ${path}`);
  return step.content;
};

const summariesOf = (outcome: Outcome): readonly string[] =>
  outcome.answer === 'change' ? outcome.steps.map(({ summary }) => summary) : [];

/** Answers of a daemon that runs on this file. */
const inUse = (content: string) => ({
  found: fileOf(content),
  'its unit': { active: 'active', startedAt: '1.000000' },
  'its health': { state: 'answers' },
  'its times': [],
});

/** Answers of a host without the daemon, and more. */
const fresh = (more: object) => ({
  found: missingFile,
  'its unit': { active: 'inactive', startedAt: null },
  'its health': { state: 'silent', why: 'inactive' },
  'its times': [],
  ...more,
});

describe("haproxy's configuration", () => {
  it('has each control plane, and no worker', () => {
    expect(haproxyConfig(cluster, LOCAL).match(/^ +server .*$/gm)).toEqual([
      '    server cp1 10.0.0.11:6443',
      '    server cp2 10.0.0.12:6443',
      '    server cp3 10.0.0.13:6443',
    ]);
  });

  it('listens for its own host alone, and behind a virtual address for all', () => {
    const binds = [LOCAL, KEEPALIVED, { ...KEEPALIVED, address: 'fd00::9' }].map((balancer) =>
      haproxyConfig(cluster, balancer).match(/(?<=^ +bind ).*$/gm),
    );
    expect(binds).toEqual([['127.0.0.1:8443'], ['0.0.0.0:8443'], ['0.0.0.0:8443', '[::]:8443 v6only']]);
  });

  it('asks for no number of connections: where it is more than the host allows, haproxy does not start', () => {
    expect(haproxyConfig(cluster, LOCAL)).not.toContain('maxconn');
  });

  it('writes addresses of IPv6 as haproxy reads them', () => {
    const host = testHost({ name: 'cp1', role: 'control-plane', address: 'h.lab', nodeIp: 'fd00::11' });
    expect(haproxyConfig({ ...cluster, hosts: [host] }, LOCAL)).toContain('server cp1 [fd00::11]:6443');
  });
});

describe('haproxy that somebody else uses', () => {
  const [configuration] = haproxy(cluster, LOCAL, 'load-balancer');
  it('is left alone, unless the check is ignored', () => {
    expect(diff(configuration, inUse('frontend web\n    bind *:80\n'))).toMatchObject({
      answer: 'refused',
      check: 'LoadBalancer',
    });
  });

  it('is not the one that a package starts with nothing to do, or that slipway wrote', () => {
    for (const content of [
      'global\n    daemon\ndefaults\n    mode http\n',
      '# Written by slipway: older\nfrontend a\n',
    ])
      expect(diff(configuration, inUse(content)).answer).toBe('change');
  });
});

describe('keepalived', () => {
  const configuration = keepalived(cluster, KEEPALIVED, { host: cp2, phase: 'p' }).find(({ address }) =>
    address.endsWith('keepalived.conf'),
  );
  const eth1 = { interface: 'eth1', address: '10.0.0.12', prefix: 24 };

  it('has the address on the interface of the host, and the first of the inventory first', () => {
    const content = written(
      diff(configuration, fresh({ all: [eth1], own: [eth1] })),
      '/etc/keepalived/keepalived.conf',
    );
    expect(content).toContain('    interface eth1\n    virtual_router_id 9\n    priority 199\n');
    expect(content).toContain('    virtual_ipaddress {\n        10.0.0.9\n    }');
    expect(keepalivedConfig(cluster, KEEPALIVED, { host: cp1, interface: 'eth1' })).toContain(
      'priority 200\n',
    );
  });

  it('waits for the interface, where no host was asked, and refuses where none has the address', () => {
    expect(diff(configuration, fresh({ all: [], own: [] }))).toMatchObject({
      answer: 'deferred',
      waitsFor: { host: 'cp2', phase: 'p' },
    });
    expect(diff(configuration, fresh({ all: [eth1], own: [] }))).toMatchObject({
      answer: 'refused',
      check: 'LoadBalancer',
    });
  });

  it('asks nobody where the inventory says the interface', () => {
    const said = keepalived(cluster, { ...KEEPALIVED, interface: 'bond0' }, { host: cp2, phase: 'p' });
    const one = said.find(({ address }) => address.endsWith('keepalived.conf'));
    expect(Object.keys(one?.facts ?? {})).not.toContain('own');
    expect(written(diff(one, fresh({})), '/etc/keepalived/keepalived.conf')).toContain('interface bond0');
  });
});

describe('the name of the endpoint', () => {
  const [template, , file] = hostsEntries({ name: 'api.lab', address: '127.0.0.1' });

  it('also stands in what cloud-init makes /etc/hosts of, where there is such a thing', () => {
    expect(diff(template, { found: missingFile }).answer).toBe('none');
    expect(diff(template, { found: fileOf('127.0.1.1 {{fqdn}}\n') }).answer).toBe('change');
  });

  it('leaves a copy of the file where others gave it another address', () => {
    expect(summariesOf(diff(file, { found: fileOf('::1 localhost\n') }))).toEqual(['write /etc/hosts']);
    expect(summariesOf(diff(file, { found: fileOf('10.0.0.1 api.lab\n') }))).toEqual([
      'keep a copy of /etc/hosts',
      'write /etc/hosts',
    ]);
  });
});

const withPort = (port: number): Cluster =>
  ({
    ...cluster,
    kubernetes: {
      version: '1.34.9',
      etcd: { type: 'stacked', dataDir: '/var/lib/etcd' },
      loadBalancer: { ...LOCAL, port },
    },
  }) as Cluster;

/** What /etc/hosts says of the name. */
const lineOf = (resource: Resource | undefined, answers: object): string =>
  written(diff(resource, { found: fileOf(''), ...answers }), '/etc/hosts').split(' #')[0] ?? '';

describe('the name of the endpoint on a control plane without haproxy', () => {
  const balanced = withPort(6443);
  const nodes = { cp2: { labels: {} } };
  const joined = {
    credentials: 'file',
    bootstrap: 'absent',
    etcdData: 'directory',
    api: { state: 'ready', nodes },
  };

  it('is for a worker its haproxy, and is the same on all of them', () => {
    expect(endpointName(balanced, testHost({ name: 'w1' }))).toHaveLength(3);
    expect(endpointName(balanced, cp2)).toBeUndefined();
    expect(endpointName(withPort(8443), cp2)).toHaveLength(3);
  });

  it('is its own API server, though its label is lost or the cluster does not answer', () => {
    expect(lineOf(endpointNameOfServer(balanced, cp1)[2], {})).toBe('127.0.0.1 api.lab');
    const [, , member] = endpointNameOfServer(balanced, cp2);
    expect(lineOf(member, joined)).toBe('127.0.0.1 api.lab');
    expect(lineOf(member, { ...joined, api: { state: 'unreachable', why: 'off' } })).toBe(
      '127.0.0.1 api.lab',
    );
  });

  it.each([
    ['before its join', { credentials: 'absent', etcdData: 'absent', api: { state: 'ready', nodes: {} } }],
    ['where its join was cut off', { bootstrap: 'file' }],
    ['where its etcd is not there', { etcdData: 'absent' }],
  ])('is that of the first %s, and its own afterwards', (_, answers) => {
    const [, , joining] = endpointNameOfServer(balanced, cp2);
    const [, , after] = endpointNameAfterJoin(balanced, cp2);
    expect(lineOf(joining, { ...joined, ...answers })).toBe('10.0.0.11 api.lab');
    expect(diff(after, { found: fileOf(''), ...joined, ...answers }).answer).toBe('deferred');
    expect(lineOf(after, joined)).toBe('127.0.0.1 api.lab');
    expect(endpointNameAfterJoin(withPort(8443), cp2)).toEqual([]);
  });
});

describe('kube-proxy whose copy of /etc/hosts is older than the name', () => {
  const entry = proxyHostsEntry({ name: 'api.lab', address: '127.0.0.1' });

  it('is started anew, and no other', () => {
    const outcome = diff(entry, {
      pods: [
        { uid: 'a', address: '10.0.0.11' },
        { uid: 'b', address: '127.0.0.1' },
        { uid: 'c', address: null },
      ],
    });
    const scripts = outcome.answer === 'change' ? outcome.steps.map((step) => JSON.stringify(step)) : [];
    expect(scripts).toEqual([
      expect.stringContaining('io.kubernetes.pod.uid=a'),
      expect.stringContaining('io.kubernetes.pod.uid=c'),
    ]);
  });

  it('is let be otherwise, and where it does not run yet', () => {
    expect(diff(entry, { pods: [{ uid: 'b', address: '127.0.0.1' }] }).answer).toBe('none');
    expect(diff(entry, { pods: [] }).answer).toBe('none');
  });
});

describe('kube-vip', () => {
  const ARP: KubeVipBalancer = {
    type: 'kube-vip',
    address: '10.0.0.9',
    port: 6443,
    image: 'kube-vip:v1.2.3',
  };
  const PATH = '/etc/kubernetes/manifests/kube-vip.yaml';
  const before = { found: missingFile, api: { state: 'absent' }, isFinalized: false };
  const podOf = (outcome: Outcome) => parse(written(outcome, PATH)) as { readonly spec: JsonObject };
  const envOf = (outcome: Outcome): Readonly<Record<string, string>> => {
    const [container] = podOf(outcome).spec['containers'] as unknown as readonly {
      readonly env: readonly { readonly name: string; readonly value: string }[];
    }[];
    return Object.fromEntries((container?.env ?? []).map(({ name, value }) => [name, value]));
  };
  const kubeconfigOf = (outcome: Outcome): string | undefined =>
    /hostPath:\n +path: (\S+\.conf)/.exec(written(outcome, PATH))?.[1];

  it('is the pod that its own generator makes', () => {
    const pod = podOf(diff(kubeVip(cluster, ARP, cp2), { found: missingFile }));
    expect(pod).toMatchObject({
      metadata: { name: 'kube-vip', namespace: 'kube-system' },
      spec: {
        hostNetwork: true,
        hostAliases: [{ ip: '127.0.0.1', hostnames: ['kubernetes'] }],
        containers: [
          {
            args: ['manager'],
            image: 'kube-vip:v1.2.3',
            securityContext: { capabilities: { add: ['NET_ADMIN', 'NET_RAW'], drop: ['ALL'] } },
          },
        ],
      },
    });
    expect(envOf(diff(kubeVip(cluster, ARP, cp2), { found: missingFile }))).toMatchObject({
      address: '10.0.0.9',
      port: '6443',
      vip_arp: 'true',
      vip_subnet: '32',
      vip_leaderelection: 'true',
      vip_leasename: 'plndr-cp-lock',
      cp_enable: 'true',
      prometheus_server: '127.0.0.1:2112',
    });
  });

  it('by BGP tells every router, from every host that is well', () => {
    const bgp = {
      as: 65_000,
      peers: [
        { address: '10.0.0.1', as: 65_001, multihop: false },
        { address: 'fd00::1', as: 65_002, multihop: true },
      ],
    };
    const env = envOf(diff(kubeVip(cluster, { ...ARP, bgp }, cp2), { found: missingFile }));
    expect(env).toMatchObject({
      vip_arp: 'false',
      vip_interface: 'lo',
      bgp_enable: 'true',
      bgp_as: '65000',
      bgp_routerid: '10.0.0.12',
      bgp_peers: '10.0.0.1:65001::false,[fd00::1]:65002::true',
      control_plane_health_check_address: 'https://kubernetes:6443/readyz',
    });
    expect(env).not.toHaveProperty('vip_leasename');
  });

  it.each(['1.30.14', '1.34.9', '1.36.0'])(
    'has the super admin until kubeadm init of %s is done',
    (version) => {
      const old = clusterOf(version);
      const outcome = diff(kubeVip(old, ARP, cp1), before);
      expect(kubeconfigOf(outcome)).toBe('/etc/kubernetes/super-admin.conf');
      const [after] = kubeVipAfterInit(old, ARP, cp1);
      expect(diff(after, before)).toMatchObject({ answer: 'deferred', waitsFor: { phase: 'control-plane' } });

      const found = fileOf(written(outcome, PATH));
      for (const done of [
        { ...before, found, isFinalized: true },
        {
          ...before,
          found,
          api: {
            state: 'ready',
            nodes: { cp1: { labels: { 'node-role.kubernetes.io/control-plane': '' } } },
          },
        },
      ]) {
        expect(kubeconfigOf(diff(after, done))).toBe('/etc/kubernetes/admin.conf');
        expect(kubeconfigOf(diff(kubeVip(old, ARP, cp1), done))).toBe('/etc/kubernetes/admin.conf');
      }
    },
  );

  it.each(['1.36.1', '1.37.0'])('never has it with %s, and no other control plane has it', (version) => {
    const newer = clusterOf(version);
    expect(kubeconfigOf(diff(kubeVip(newer, ARP, cp1), { found: missingFile }))).toBe(
      '/etc/kubernetes/admin.conf',
    );
    expect(kubeVipAfterInit(newer, ARP, cp1)).toEqual([]);
    expect(kubeconfigOf(diff(kubeVip(cluster, ARP, cp2), { found: missingFile }))).toBe(
      '/etc/kubernetes/admin.conf',
    );
    expect(kubeVipAfterInit(cluster, ARP, cp2)).toEqual([]);
  });
});
