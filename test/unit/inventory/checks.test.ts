import { describe, expect, test } from 'vitest';

import { host, inventory, kubernetes, parse, problemsOf } from './inventory-fixture.ts';

describe('version', () => {
  test.each(['1.30', '1.34', '"1.34"', '"1.29.3"', '"1.38.0"', '"2.0.0"', 'latest', '"1.34.x"'])(
    '%s is refused',
    async (version) => {
      expect(await problemsOf(inventory().replace('"1.34.9"', version))).toMatchSnapshot();
    },
  );

  test('that is newer than all that is known needs a word, and is done as the newest of them', async () => {
    const { cluster } = await parse(
      inventory().replace('version: "1.34.9"', 'version: "1.38.0", allowUntested: true'),
    );
    expect(cluster.kubernetes.version).toBe('1.38.0');
    expect(cluster.hosts[0]?.runtime.sandboxImage).toBe('registry.k8s.io/pause:3.10.2');
    const old = inventory().replace('version: "1.34.9"', 'version: "1.29.3", allowUntested: true');
    expect(await problemsOf(old)).toContain('Kubernetes 1.29 is not supported');
  });

  test('of a patch that is newer than the one that is known needs none', async () => {
    expect((await parse(inventory().replace('1.34.9', '1.37.99'))).cluster.kubernetes.version).toBe(
      '1.37.99',
    );
  });

  test('that is not of its repository is refused', async () => {
    const text = kubernetes('repository: {url: "https://pkgs.k8s.io/core:/stable:/v1.33"}');
    expect(await problemsOf(text)).toMatchInlineSnapshot(
      `"inventory.yaml:1:51: kubernetes.repository.url: is of Kubernetes 1.33, and the version is of 1.34 (got "https://pkgs.k8s.io/core:/stable:/v1.33")"`,
    );
  });
});

/** A host, and another one that has a fault and is a worker all the same. */
const besideWorker = (entry: string): string =>
  `kubernetes: {version: "1.34.9"}\nhosts:\n  - ${entry}\n  - {name: w9, colour: red}`;

const withNodeMask = (size: string): string =>
  kubernetes(
    `networking: {podSubnet: 10.244.0.0/25}, controllerManager: {extraArgs: {node-cidr-mask-size: "${size}"}}`,
  );

test('what is missing does not hide what is wrong beside it', async () => {
  const text = inventory().replace('version: "1.34.9"', 'networking: {podSubnet: 10.0.0.0/33}');
  expect(await problemsOf(text)).toMatchInlineSnapshot(`
    "inventory.yaml:1:1: kubernetes: the key "version" is missing
    inventory.yaml:1:38: kubernetes.networking.podSubnet: must be a CIDR such as 10.244.0.0/16 (got "10.0.0.0/33")"
  `);
});

describe('certificates', () => {
  test.each([
    ['30', 'must be days or hours, such as 30d or 720h'],
    ['30m', 'must be days or hours, such as 30d or 720h'],
    ['0d', 'must be days or hours, such as 30d or 720h'],
    ['365d', 'must be at most 180d: a certificate is valid for a year'],
    ['4321h', 'must be at most 180d: a certificate is valid for a year'],
  ])('renewBefore of %s is refused', async (renewBefore, message) => {
    const text = `${inventory()}\ncertificates: {renewBefore: "${renewBefore}"}`;
    expect(await problemsOf(text)).toContain(`certificates.renewBefore: ${message} (got "${renewBefore}")`);
  });

  test.each([
    ['30d', 30],
    ['720h', 30],
    ['180d', 180],
  ])('renewBefore of %s is %i days', async (renewBefore, days) => {
    const { cluster } = await parse(`${inventory()}\ncertificates: {renewBefore: ${renewBefore}}`);
    expect(cluster.certificates).toEqual({ renewBeforeMs: days * 86_400_000 });
  });
});

describe('subnets', () => {
  test.each([
    ['malformed', 'podSubnet: 10.244.0.0, serviceSubnet: 10.96.0.0/33'],
    ['with host bits', 'podSubnet: 10.244.1.0/16'],
    ['that overlap', 'podSubnet: 10.0.0.0/12, serviceSubnet: 10.8.0.0/16'],
    ['that overlap with a default', 'podSubnet: 10.96.0.0/16'],
    ['around a host', 'podSubnet: 10.0.0.0/16'],
    [
      'around the endpoint',
      'podSubnet: 172.16.0.0/16}, controlPlaneEndpoint: "172.16.0.1:6443", networking2: {',
    ],
    ['of one family twice', 'podSubnet: "10.244.0.0/16,10.245.0.0/16"'],
    ['three', 'podSubnet: "10.244.0.0/16,fd00:10:244::/56,10.245.0.0/16"'],
    ['of families that do not match', 'podSubnet: "fd00:10:244::/56"'],
    ['of families that do not match either', 'serviceSubnet: "fd00:10:96::/112"'],
    ['too small', 'podSubnet: 10.244.0.0/25, serviceSubnet: 10.96.0.0/29'],
    ['too large', 'podSubnet: 11.0.0.0/7, serviceSubnet: 172.0.0.0/8'],
    ['too large for IPv6', 'podSubnet: "10.244.0.0/16,fd00::/40", serviceSubnet: "10.96.0.0/12,fd01::/64"'],
  ])('%s are refused', async (_, networking) => {
    expect(await problemsOf(kubernetes(`networking: {${networking}}`))).toMatchSnapshot();
  });

  test('node mask of the controller manager counts', async () => {
    expect(await problemsOf(withNodeMask('26'))).toBe('');
    expect(await problemsOf(withNodeMask('24'))).not.toBe('');
  });

  test('host within a default is told how to move it', async () => {
    expect(
      await problemsOf(inventory('  - {name: "w[1:3]", address: "10.244.0.[1:3]"}')),
    ).toMatchInlineSnapshot(
      `"inventory.yaml:4:31: hosts[1].address: 10.244.0.1 is within podSubnet 10.244.0.0/16, the default: set kubernetes.networking.podSubnet"`,
    );
  });
});

describe('hosts', () => {
  test.each([
    [
      'names that are no DNS names',
      inventory('  - {name: GPU_1, address: a}', `  - {name: ${'a'.repeat(64)}, address: b}`),
    ],
    ['names that are taken', inventory('  - {name: "w[1:3]"}', '  - {name: w2, address: 10.0.0.9}')],
    [
      'addresses that are taken',
      host('port: 22', '  - {name: w2, address: 10.0.0.12}', '  - {name: "x[1:2]", address: 10.0.0.11}'),
    ],
    ['nodeIps that are taken', host('nodeIp: 10.1.0.1', '  - {name: w2, nodeIp: 10.1.0.1}')],
    [
      'addresses that are none',
      inventory(
        '  - {name: a, address: root@b}',
        '  - {name: c, address: 10.0.0.256}',
        '  - {name: d, address: "e:22"}',
      ),
    ],
    ['nodeIps that are none', host('nodeIp: w1.lab')],
    [
      'ranges that do not match',
      inventory('  - {name: "a[1:2]", address: "10.0.1.[1:3]"}', '  - {name: b, address: "10.0.2.[1:2]"}'),
    ],
    [
      'ranges that belong together in no clear way',
      inventory('  - {name: "g[1:2]h[1:3]", address: "10.0.[1:3].[1:2]"}'),
    ],
    ['ranges that are none', inventory('  - {name: "a[2:1]"}', '  - {name: "b[1:2", address: "10.0.[x].1"}')],
    ['a group that is not there', host('group: gpus', 'groups: {gpu: {}}')],
    ['labels that Kubernetes refuses', host('labels: {a b: c, d: e f, "x/y/z": w, ok.com/a: ""}')],
    ['flags with dashes or of slipway', host('kubeletExtraArgs: {--v: "4", node-ip: 10.0.0.1, "a=b": c}')],
    ['a password for sudo without sudo', host('become: false, becomePassword: {env: A}')],
  ])('with %s are refused', async (_, text) => {
    expect(await problemsOf(text, { env: { A: 'a' } })).toMatchSnapshot();
  });

  test('of one address and several ports are accepted', async () => {
    expect(
      await problemsOf(
        inventory('  - {name: a, address: h, port: 2201}', '  - {name: b, address: h, port: 2202}'),
      ),
    ).toBe('');
  });

  test('need a control plane', async () => {
    const text = 'kubernetes: {version: "1.34.9"}\nhosts:\n  - name: w1';
    expect(await problemsOf(text)).toMatchInlineSnapshot(
      `"inventory.yaml:2:1: hosts: there is no control plane: one host at least needs role: control-plane"`,
    );
  });

  test('need a control plane, which is said beside what hides none', async () => {
    const lacks = 'there is no control plane';
    expect(await problemsOf(besideWorker('{name: w1, port: x}'))).toContain(lacks);
    for (const entry of [
      '{name: w1, role: contol-plane}',
      '{name: w1, group: none}',
      '{address: 10.0.0.1}',
      '{name: "w[1:2]", address: "10.0.0.[1:3]", role: control-plane}',
    ]) {
      const problems = await problemsOf(besideWorker(entry));
      expect(problems).toContain('colour');
      expect(problems).not.toContain(lacks);
    }
  });

  test('need an endpoint where there are several control planes', async () => {
    const text = host('role: control-plane');
    expect(await problemsOf(text)).toMatchInlineSnapshot(
      `"inventory.yaml:1:1: kubernetes.controlPlaneEndpoint: 2 control planes need an endpoint that is none of them: a loadBalancer that slipway makes, a load balancer of your own, or a DNS name (wanted host:port)"`,
    );
    expect(await problemsOf(text.replace('"1.34.9"', '"1.34.9", controlPlaneEndpoint: "api.lab:6443"'))).toBe(
      '',
    );
  });

  test('need a control plane they can reach', async () => {
    const text = host('port: 22').replace('10.0.0.11', '127.0.0.1');
    expect(await problemsOf(text)).toMatchInlineSnapshot(
      `"inventory.yaml:1:1: kubernetes.controlPlaneEndpoint: other hosts cannot reach cp1 at 127.0.0.1: give it a nodeIp, or name an endpoint"`,
    );
    expect(await problemsOf(inventory().replace('10.0.0.11', '127.0.0.1'))).toBe('');
  });
});

describe('Kubernetes', () => {
  test.each([
    ['endpoints', 'controlPlaneEndpoint: "https://api.lab:6443"'],
    ['names of the API server', 'apiServer: {certSANs: [api.lab, "*.api.lab", 10.0.0.1, "api:6443", API]}'],
    [
      'flags of components',
      'apiServer: {extraArgs: {-v: "4", service-cluster-ip-range: a}}, etcd: {extraArgs: {--debug: "true"}}',
    ],
    [
      'fields of the kubelet',
      'kubelet: {staticPodPath: /x, cgroupDriver: cgroupfs, clusterDomain: a, containerRuntimeEndpoint: b, clusterDNS: [10.96.0.10], kind: X}',
    ],
    ['fields of the proxy', 'kubeProxy: {mode: userspace, config: {mode: ipvs, clusterCIDR: a}}'],
    ['domains', 'networking: {dnsDomain: Cluster.local}'],
    ['feature gates', 'featureGates: {A: "true", B: yes}'],
  ])('refuses %s that cannot be', async (_, settings) => {
    expect(await problemsOf(kubernetes(settings))).toMatchSnapshot();
  });

  test('nftables needs a Kubernetes that has it', async () => {
    const old = kubernetes('kubeProxy: {mode: nftables}').replace('1.34.9', '1.30.14');
    expect(await problemsOf(old)).toContain(
      'kubeProxy.mode: needs Kubernetes 1.31, and the version is 1.30.14',
    );
  });

  test('accepts what says the same', async () => {
    const settings =
      'kubelet: {cgroupDriver: systemd, staticPodPath: /etc/kubernetes/manifests, clusterDomain: cluster.local}';
    expect(await problemsOf(kubernetes(settings))).toBe('');
  });
});

describe('network', () => {
  test.each([
    'first-found',
    'kubernetes-internal-ip',
    'interface=eth.*,ens.*',
    'skip-interface=docker.*',
    'can-reach=10.0.0.1',
    'cidr=10.0.0.0/24,fd00::/64',
  ])('autodetection %s is accepted', async (method) => {
    expect(await problemsOf(inventory(`network: {ipAutodetection: "${method}"}`))).toBe('');
  });

  test.each([
    'firstFound',
    'eth0',
    'interface',
    'interface=',
    'interfaces=eth0',
    'cidr=10.0.0.0',
    'can-reach=a,,b',
  ])('autodetection %s is refused', async (method) => {
    expect(await problemsOf(inventory(`network: {ipAutodetection: "${method}"}`))).toMatchSnapshot('message');
  });

  test.each([
    ['version that is not known', 'network: {version: v3.30.0}'],
    [
      'operator without the files of a version that is not known',
      'network: {install: operator, version: 3.99.0, operator: {crds: {path: a, sha256: "' +
        'ab'.repeat(32) +
        '"}}}',
    ],
    [
      'manifest of the other way to install',
      'network: {install: operator, manifest: {path: a, sha256: "' + 'ab'.repeat(32) + '"}}',
    ],
    [
      'operator file from nowhere',
      'network: {install: operator, operator: {crds: {sha256: "' + 'ab'.repeat(32) + '"}}}',
    ],
    ['IPIP without BGP', 'network: {bgp: false}'],
    ['IPv6 method without IPv6', 'network: {ipv6Autodetection: first-found}'],
    ['settings of no plugin', 'network: {plugin: none, version: 3.32.1, mtu: 1450, ipAutodetection: x}'],
  ])('%s is refused', async (_, network) => {
    expect(await problemsOf(inventory(network))).toMatchSnapshot('message');
  });

  test.each([
    'network: {encapsulation: vxlan, bgp: false}',
    'network: {encapsulation: ipip-cross-subnet, registry: "registry.lab:5000/quay/"}',
    'network: {install: operator, version: 3.31.7}',
  ])('%s is accepted', async (network) => {
    expect(await problemsOf(inventory(network))).toBe('');
  });

  test('ipip for IPv6 alone is refused', async () => {
    const subnets = 'networking: {podSubnet: "fd00:10:244::/56", serviceSubnet: "fd00:10:96::/112"}';
    expect(await problemsOf(kubernetes(subnets, 'network: {encapsulation: ipip}'))).toMatchInlineSnapshot(
      `"inventory.yaml:4:26: network.encapsulation: ipip carries IPv4 only: take vxlan or none (got "ipip")"`,
    );
  });
});

describe('settings of hosts', () => {
  test.each([
    ['a package with a version', 'packages: [nfs-common=1.2]'],
    ['a field of the kubelet that is not free', 'kubelet: {cgroupDriver: cgroupfs}'],
  ])('%s is refused', async (_, settings) => {
    expect(await problemsOf(host(settings))).toMatchSnapshot('message');
  });

  test('packages and kubelet settings of group and host add up', async () => {
    const { cluster } = await parse(
      [
        'kubernetes: {version: "1.34.9"}',
        'defaults: {packages: [nfs-common], kubelet: {maxPods: 50, systemReserved: {cpu: 100m}}}',
        'hosts:',
        '  - {name: cp1, address: 10.0.0.11, role: control-plane}',
        '  - {name: w1, address: 10.0.0.12, packages: [jq, nfs-common], kubelet: {systemReserved: {memory: 1Gi}}}',
      ].join('\n'),
    );
    expect(cluster.hosts[1]).toMatchObject({
      packages: ['nfs-common', 'jq'],
      kubelet: { maxPods: 50, systemReserved: { cpu: '100m', memory: '1Gi' } },
    });
  });
});

describe('network as it is built', () => {
  test('none has nothing else', async () => {
    const { cluster } = await parse(inventory('network: {plugin: none}'));
    expect(cluster.network).toEqual({ plugin: 'none' });
  });

  test('manifest beside the inventory takes the place of the known one', async () => {
    const { cluster } = await parse(
      inventory(`network: {version: 3.99.0, manifest: {path: calico.yaml, sha256: ${'AB'.repeat(32)}}}`),
    );
    expect(cluster.network).toMatchObject({
      version: '3.99.0',
      install: { by: 'manifest', manifest: { location: '/etc/lab/calico.yaml', sha256: 'ab'.repeat(32) } },
    });
  });

  test('IPv6 alone is carried by vxlan', async () => {
    const subnets = 'networking: {podSubnet: "fd00:10:244::/56", serviceSubnet: "fd00:10:96::/112"}';
    const { cluster } = await parse(inventory().replace('"1.34.9"', `"1.34.9", ${subnets}`));
    expect(cluster.network).toMatchObject({ encapsulation: 'vxlan' });
  });
});

const CDI = 'config: {plugins: {io.containerd.cri.v1.runtime: {enable_cdi: true}}}';
const DIGESTS = `downloads: {containerd: {sha256: {amd64: ${'a'.repeat(64)}, arm64: ${'b'.repeat(64)}}}}`;
const withContainerd = (version: string): string =>
  inventory(`runtime: {source: upstream, version: ${version}, ${DIGESTS}, ${CDI}}`);

test('a setting that containerd 2.4 has removed is refused in runtime.config, and right for one before it', async () => {
  expect(await problemsOf(withContainerd('2.4.0'))).toContain(
    'runtime.config: sets enable_cdi, which is gone from containerd 2.4: CDI is always on',
  );
  await parse(withContainerd('2.3.9'));
});
