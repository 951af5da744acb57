import { describe, expect, it } from 'vitest';

import type { Cluster, Host } from '../../../src/core/cluster.ts';
import type { Fact } from '../../../src/core/fact.ts';
import type { Outcome, Resource } from '../../../src/core/resource.ts';
import { buildGraph } from '../../../src/engine/build-graph.ts';
import { nodeAddress } from '../../../src/checks/preflight/addresses.ts';
import { preflight } from '../../../src/phases/preflight.ts';
import { workflowOf } from '../../support/graph-node.ts';

const runtime = { type: 'containerd', source: { from: 'distribution' } };

const hosts = [
  {
    name: 'cp1',
    role: 'control-plane',
    nodeIp: '192.0.2.11',
    gpu: false,
    runtime,
    kubelet: {},
    kubeletExtraArgs: {},
    swap: 'off',
    files: [],
  },
  {
    name: 'w1',
    role: 'worker',
    gpu: false,
    runtime,
    kubelet: {},
    kubeletExtraArgs: {},
    swap: 'off',
    files: [],
  },
] as unknown as readonly Host[];

const noSettings = { extraArgs: {}, extraVolumes: [] };

const clusterWith = (version = '1.34.9'): Cluster =>
  ({
    hosts,
    leaving: [],
    names: { hostname: false, hostsFile: false },
    network: { plugin: 'calico', encapsulation: 'vxlan', bgp: false, install: { by: 'manifest' } },
    kubernetes: {
      loadBalancer: { type: 'external' },
      version,
      kubelet: {},
      apiServer: noSettings,
      controllerManager: noSettings,
      scheduler: noSettings,
      etcd: { type: 'stacked', dataDir: '/var/lib/etcd', ...noSettings },
      podSubnet: '10.244.0.0/16,fd00:10::/56',
      serviceSubnet: '10.96.0.0/12',
    },
  }) as unknown as Cluster;

const resourcesOf = (cluster: Cluster, host: string): readonly Resource[] =>
  buildGraph({ cluster, workflow: workflowOf(preflight), artifacts: new Map(), limit: [host] }).nodes.map(
    ({ resource }) => resource,
  );

/** Bare answers, with some of them replaced by family. */
function judge(resource: Resource, replaced: Readonly<Record<string, object>>): Outcome {
  const answers = Object.entries<Fact>(resource.facts).map(([name, { family, question }]) => {
    const bare = family.bare(question as never);
    const change = replaced[family.name];
    if (change === undefined) return [name, bare];
    return [name, Array.isArray(change) ? change : { ...(bare as object), ...change }];
  });
  return resource.diff(Object.fromEntries(answers) as never, { host: 'w1', changed: [] });
}

const refusalsOf = (
  cluster: Cluster,
  host: string,
  replaced: Readonly<Record<string, object>>,
): readonly string[] =>
  resourcesOf(cluster, host)
    .map((resource) => judge(resource, replaced))
    .flatMap((outcome) => (outcome.answer === 'refused' ? [`${outcome.check}: ${outcome.why}`] : []));

describe('preflight', () => {
  it.each(['cp1', 'w1'])('has nothing against a bare %s', (host) => {
    expect(refusalsOf(clusterWith(), host, {})).toEqual([]);
  });

  it.each<readonly [string, Readonly<Record<string, object>>, string]>([
    [
      'an old release',
      { os: { versionId: '11', prettyName: 'Debian GNU/Linux 11' } },
      'OS: Debian GNU/Linux 11 is too old: it has had no security updates since 2026-08-31, and its containerd 1.4 speaks no CRI that a kubelet understands',
    ],
    [
      'an old release of Ubuntu',
      { os: { id: 'ubuntu', versionId: '20.04', prettyName: 'Ubuntu 20.04.6 LTS' } },
      'OS: Ubuntu 20.04.6 LTS is too old: it starts with cgroup v1, which the kubelet refuses from 1.35 on, Calico wants kernel 5.10 and it has 5.4, and its standard support has ended on 2025-05-31',
    ],
    [
      'a release that nobody knows',
      { os: { versionId: '14', prettyName: 'Debian GNU/Linux 14' } },
      'OS: Debian GNU/Linux 14 is not supported',
    ],
    ['a strange processor', { os: { arch: 'riscv64' } }, 'Architecture: the processor is riscv64'],
    ['no systemd', { os: { hasSystemd: false } }, 'Systemd: systemd does not run here'],
    ['one CPU', { os: { cpus: 1 } }, 'NumCPU: it has 1 CPU, and a control plane needs 2'],
    [
      'little memory',
      { os: { memoryKib: 1_740_799 } },
      'Mem: it has 1699 MiB of memory, and a control plane needs 1700',
    ],
    ['a full disk', { disk: { freeKib: 1_048_576 } }, 'Disk: only 1.0 GiB are free in /var, 3 are needed'],
    ['a fast clock', { clock: { skewMs: 31_000 } }, "ClockSkew: its clock is 31 s ahead of the controller's"],
    ['a slow clock', { clock: { skewMs: -90_400 } }, "ClockSkew: its clock is 90 s behind the controller's"],
    [
      'an unknown name',
      { 'name-lookup': { resolves: false } },
      'Hostname: the name cp1 does not resolve on it',
    ],
  ])('refuses %s', (_, answers, refusal) => {
    expect(refusalsOf(clusterWith(), 'cp1', answers)).toEqual([refusal]);
  });

  it('refuses what guards a machine against being a node, with what it is to let in', () => {
    expect(refusalsOf(clusterWith(), 'cp1', { unit: { active: 'active' } })).toEqual([
      'CloudSetup: nm-cloud-setup is active: it writes routes and rules of its own over those of pods',
      'Fapolicyd: fapolicyd is active, and lets no program run that no package has brought, such as CNI plugins',
      'Firewalld: firewalld is active, and does not let in 6443/tcp, 2379-2380/tcp, 10250/tcp, 4789/udp, and does not trust 10.244.0.0/16, fd00:10::/56, 10.96.0.0/12',
    ]);
  });

  it('refuses an address among those of pods or services, in either family', () => {
    const own = { interface: 'eth0', address: '192.0.2.11', prefix: 24 };
    for (const address of ['10.244.3.1', '10.111.255.255', 'fd00:10::5']) {
      const addresses = [own, { interface: 'eth1', address, prefix: 24 }];
      expect(refusalsOf(clusterWith(), 'cp1', { addresses })).toEqual([
        `SubnetOverlap: ${address} on eth1 lies in the subnets of pods and services, 10.244.0.0/16,fd00:10::/56 and 10.96.0.0/12`,
      ]);
    }
  });

  it('asks less of a worker', () => {
    expect(refusalsOf(clusterWith(), 'w1', { os: { cpus: 1, memoryKib: 1_000_000 } })).toEqual([]);
  });

  it('refuses cgroup v1 from Kubernetes 1.35 on, unless the kubelet is told to accept it', () => {
    const old = { os: { cgroup: 'v1' } };
    expect(refusalsOf(clusterWith('1.34.9'), 'w1', old)).toEqual([]);
    expect(refusalsOf(clusterWith('1.35.0'), 'w1', old)).toEqual([
      'CgroupVersion: it runs on cgroup v1, which Kubernetes 1.35.0 refuses',
    ]);
    const cluster = clusterWith('1.36.3');
    const accepting = { ...cluster, kubernetes: { ...cluster.kubernetes, kubelet: { failCgroupV1: false } } };
    expect(refusalsOf(accepting, 'w1', old)).toEqual([]);
  });

  it('has a name of its own for each check', () => {
    const addresses = resourcesOf(clusterWith(), 'cp1').map(({ address }) => address);
    expect(new Set(addresses).size).toBe(addresses.length);
  });
});

describe('the address of a node', () => {
  const ROWS = [
    '1: lo    inet 192.0.2.99/32 scope global lo',
    '2: eth0    inet 192.0.2.12/24 brd 192.0.2.255 scope global eth0',
    '2: eth0    inet6 fd00:1::12/64 scope global',
    '5: docker0    inet 172.17.0.1/16 scope global docker0',
  ].join('\n');

  /** What the check says of a host whose interfaces have those addresses. */
  function verdict(host: object, more: object = {}): Outcome {
    const [first] = hosts;
    const one = { ...first, nodeIp: undefined, ...host } as unknown as Host;
    const { facts, diff } = nodeAddress({ ...clusterWith(), hosts: [one] }, one);
    const answers = Object.entries<Fact>(facts).flatMap(([name, { family, question }]) =>
      family.name === 'addresses' ? [[name, family.parse(ROWS, [question as never])[0]]] : [],
    );
    return diff({ ...Object.fromEntries(answers), ...more } as never, { host: 'cp1', changed: [] });
  }

  it('of a control plane is refused where it is only forwarded to the machine', () => {
    expect(verdict({ address: '203.0.113.14' })).toEqual({
      answer: 'refused',
      check: 'NodeIP',
      why: 'no interface has 203.0.113.14, by which the inventory calls it and at which its API server would listen; it has 192.0.2.12 on eth0, fd00:1::12 on eth0',
      hint: 'write one of its addresses beside cp1 in the inventory, nodeIp: 192.0.2.12; address stays the way to it',
    });
  });

  it('is refused where it is another, in the family that is wanted', () => {
    expect(verdict({ role: 'worker', address: 'w', nodeIp: 'fd00:1::13' })).toMatchObject({
      why: 'no interface has fd00:1::13; it has 192.0.2.12 on eth0, fd00:1::12 on eth0',
      hint: 'write one of its addresses beside cp1 in the inventory, nodeIp: fd00:1::12',
    });
  });

  it.each([
    ['one of an interface', { address: '192.0.2.12' }],
    ['IPv6, written another way', { address: 'x', nodeIp: 'FD00:1:0::0012' }],
    ['one of the loopback', { nodeIp: '192.0.2.99' }],
    ['one of a bridge', { nodeIp: '172.17.0.1' }],
    ['a name', { address: 'cp1.example.com' }],
    ['forwarded to a worker', { role: 'worker', address: '203.0.113.14' }],
  ])('is right where it is %s', (_, host) => {
    expect(verdict(host)).toMatchObject({ answer: 'none' });
  });

  it('of dual stack is on the machine in both families, or refused', () => {
    expect(verdict({ nodeIp: '192.0.2.12', secondNodeIp: 'fd00:1::12' })).toMatchObject({
      answer: 'none',
      why: '192.0.2.12 on eth0, fd00:1::12 on eth0',
    });
    expect(verdict({ nodeIp: '192.0.2.12', secondNodeIp: 'fd00:1::13' })).toMatchObject({
      answer: 'refused',
      why: 'no interface has fd00:1::13; it has 192.0.2.12 on eth0, fd00:1::12 on eth0',
    });
  });

  it('is no matter any more where the control plane was made', () => {
    const nodes = { cp1: { labels: { 'node-role.kubernetes.io/control-plane': '' } } };
    const address = '203.0.113.14';
    expect(verdict({ address }, { api: { state: 'ready', nodes } }).answer).toBe('none');
    expect(verdict({ address }, { isFinalized: true }).answer).toBe('none');
    expect(verdict({ address }, { api: { state: 'absent' }, isFinalized: false }).answer).toBe('refused');
  });
});
