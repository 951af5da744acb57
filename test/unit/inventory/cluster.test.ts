import { describe, expect, test } from 'vitest';

import { inventory, kubernetes, parse } from './inventory-fixture.ts';

const hostsOf = async (...rest: readonly string[]) => (await parse(inventory(...rest))).cluster.hosts;

test('smallest inventory has every default', async () => {
  const { cluster, paths } = await parse(inventory());
  expect(paths).toEqual(['inventory.yaml']);
  expect(cluster).toMatchInlineSnapshot(`
    {
      "addons": {
        "isPruning": false,
        "sets": [],
      },
      "certificates": {},
      "etcdBackup": null,
      "gpu": {
        "devicePlugin": {
          "hasFeatureDiscovery": false,
          "image": "nvcr.io/nvidia/k8s-device-plugin",
          "migStrategy": "none",
          "type": "nvidia",
          "version": "0.20.0",
        },
        "isDefaultRuntime": false,
        "mode": "auto",
        "toolkit": {
          "repository": {
            "fingerprint": "C95B321B61E88C1809C4F759DDCAE044F796ECB0",
            "keyUrl": "https://nvidia.github.io/libnvidia-container/gpgkey",
            "layout": "nvidia",
            "url": "https://nvidia.github.io/libnvidia-container/stable",
          },
          "version": "1.20.0",
        },
      },
      "hooks": [],
      "hosts": [
        {
          "address": "10.0.0.11",
          "become": false,
          "files": [],
          "gpu": false,
          "kubelet": {},
          "kubeletExtraArgs": {},
          "labels": {},
          "name": "cp1",
          "packages": [],
          "port": 22,
          "role": "control-plane",
          "runtime": {
            "config": {},
            "sandboxImage": "registry.k8s.io/pause:3.10.1",
            "source": {
              "from": "distribution",
            },
            "type": "containerd",
          },
          "swap": "off",
          "taints": [
            {
              "effect": "NoSchedule",
              "key": "node-role.kubernetes.io/control-plane",
              "value": "",
            },
          ],
          "user": "root",
        },
      ],
      "ignoredChecks": [],
      "kubernetes": {
        "apiServer": {
          "certSANs": [],
          "extraArgs": {},
          "extraVolumes": [],
        },
        "controlPlaneEndpoint": "10.0.0.11:6443",
        "controllerManager": {
          "extraArgs": {},
          "extraVolumes": [],
        },
        "dnsDomain": "cluster.local",
        "etcd": {
          "dataDir": "/var/lib/etcd",
          "extraArgs": {},
          "extraVolumes": [],
          "type": "stacked",
        },
        "featureGates": {},
        "hasStableEndpoint": false,
        "ignorePreflightErrors": [],
        "imageRepository": "registry.k8s.io",
        "kubeProxy": {
          "config": {},
          "mode": "iptables",
        },
        "kubeadm": {
          "clusterConfiguration": {},
          "initConfiguration": {},
          "joinConfiguration": {},
        },
        "kubelet": {},
        "loadBalancer": {
          "type": "external",
        },
        "patches": [],
        "podSubnet": "10.244.0.0/16",
        "repository": {
          "fingerprint": "DE15B14486CD377B9E876E1A234654DA9A296436",
          "keyUrl": "https://pkgs.k8s.io/core:/stable:/v1.34/deb/Release.key",
          "url": "https://pkgs.k8s.io/core:/stable:/v1.34",
        },
        "scheduler": {
          "extraArgs": {},
          "extraVolumes": [],
        },
        "serviceSubnet": "10.96.0.0/12",
        "skipPhases": [],
        "version": "1.34.9",
      },
      "leaving": [],
      "mirrors": null,
      "name": "kubernetes",
      "names": {
        "hostname": false,
        "hostsFile": false,
      },
      "network": {
        "bgp": true,
        "encapsulation": "ipip",
        "imagePullSecrets": [],
        "install": {
          "by": "manifest",
          "manifest": {
            "location": "https://raw.githubusercontent.com/projectcalico/calico/v3.32.1/manifests/calico.yaml",
            "sha256": "a1df919d9721cf667accdc3e72848911b0cb25cfab7d2478ad0c996302c95744",
          },
        },
        "ipAutodetection": "first-found",
        "ipv6Autodetection": "first-found",
        "plugin": "calico",
        "version": "3.32.1",
      },
      "policy": {
        "forbid": [],
      },
      "proxy": null,
      "registries": [],
      "ssh": {
        "connectTimeoutMs": 10000,
        "hostKeys": "strict",
        "knownHosts": "/home/me/.ssh/known_hosts",
      },
      "upgrade": {
        "drain": {
          "disableEviction": false,
          "force": false,
          "nvidia": "never",
          "runtimes": {
            "containerd": "never",
            "cri-o": "never",
            "docker": "never",
          },
          "timeoutMs": 600000,
          "when": "minor",
        },
        "maxUnavailable": "1",
        "order": [],
        "pauseAfter": [],
        "snapshot": true,
      },
      "verify": {
        "image": "docker.io/library/nginx:1.28-alpine",
        "timeoutMs": 120000,
      },
    }
  `);
});

describe('range', () => {
  test('name, address and nodeIp are counted out together', async () => {
    const hosts = await hostsOf(
      '  - {name: "gpu[09:11]", address: "10.0.1.[9:11]", nodeIp: "10.1.0.[109:111]"}',
    );
    expect(hosts.slice(1).map(({ name, address, nodeIp }) => [name, address, nodeIp])).toEqual([
      ['gpu09', '10.0.1.9', '10.1.0.109'],
      ['gpu10', '10.0.1.10', '10.1.0.110'],
      ['gpu11', '10.0.1.11', '10.1.0.111'],
    ]);
  });

  test('several ranges are counted out alike', async () => {
    const hosts = await hostsOf('  - {name: "r[1:2]n[1:2]", address: "10.0.[1:2].[1:2]"}');
    expect(hosts.slice(1).map(({ name, address }) => `${name} ${address}`)).toEqual([
      'r1n1 10.0.1.1',
      'r1n2 10.0.1.2',
      'r2n1 10.0.2.1',
      'r2n2 10.0.2.2',
    ]);
  });

  test('address is the name by default', async () => {
    const hosts = await hostsOf('  - name: w[1:2]');
    expect(hosts.slice(1).map(({ address }) => address)).toEqual(['w1', 'w2']);
  });
});

describe('host settings', () => {
  const layers = [
    'defaults: {user: ubuntu, labels: {a: d, b: d, c: d}, taints: [d:NoSchedule], kubeletExtraArgs: {v: "2", node-labels: a=b}}',
    'groups: {gpu: {port: 2222, labels: {b: g, c: g}, taints: [g:NoSchedule], kubeletExtraArgs: {v: "4"}}}',
  ];

  test('most particular wins, maps add up, lists are replaced', async () => {
    const [, host] = await hostsOf(
      '  - {name: w1, address: 10.0.0.12, group: gpu, labels: {c: h}}',
      ...layers,
    );
    expect(host).toMatchObject({
      user: 'ubuntu',
      port: 2222,
      labels: { a: 'd', b: 'g', c: 'h' },
      taints: [{ key: 'g', value: '', effect: 'NoSchedule' }],
      kubeletExtraArgs: { v: '4', 'node-labels': 'a=b' },
    });
  });

  test('empty list of taints takes them away', async () => {
    const [, host] = await hostsOf('  - {name: w1, address: 10.0.0.12, group: gpu, taints: []}', ...layers);
    expect(host?.taints).toEqual([]);
  });

  test.each([
    ['{name: w1, address: a}', false],
    ['{name: w1, address: a, user: ubuntu}', true],
    ['{name: w1, address: a, user: ubuntu, become: false}', false],
    ['{name: w1, address: a, become: true}', true],
  ])('%s becomes root through sudo: %s', async (host, become) => {
    const hosts = await hostsOf(`  - ${host}`);
    expect(hosts[1]?.become).toBe(become);
  });

  test('runtime is merged key by key, its configuration all the way down', async () => {
    const [, host] = await hostsOf(
      '  - {name: w1, address: a, group: gpu, runtime: {config: {plugins: {p: {c: 3}}}}}',
      'runtime: {version: v1.7.27, config: {plugins: {p: {a: 1, c: 1}}, debug: {level: info}}}',
      'groups: {gpu: {runtime: {sandboxImage: "mirror/pause:1", config: {plugins: {p: {b: [2], c: 2}}}}}}',
    );
    expect(host?.runtime).toEqual({
      type: 'containerd',
      source: { from: 'distribution' },
      version: '1.7.27',
      sandboxImage: 'mirror/pause:1',
      config: { debug: { level: 'info' }, plugins: { p: { a: 1, b: [2], c: 3 } } },
    });
  });

  test('key without a value is as good as absent', async () => {
    const hosts = '  - {name: w1, address: a, group: gpu, port: }';
    const { cluster } = await parse(
      inventory(hosts, 'cluster:', '  name:', 'network:', 'defaults:', '  user:', 'groups:', '  gpu:'),
    );
    expect(cluster.name).toBe('kubernetes');
    expect(cluster.hosts[1]).toMatchObject({ user: 'root', port: 22 });
  });
});

describe('control plane', () => {
  test('endpoint is normalised and stable', async () => {
    const { cluster } = await parse(
      inventory().replace('"1.34.9"', '"1.34.9", controlPlaneEndpoint: api.lab'),
    );
    expect(cluster.kubernetes).toMatchObject({
      controlPlaneEndpoint: 'api.lab:6443',
      hasStableEndpoint: true,
    });
  });

  test('nodeIp stands in for the endpoint before the address', async () => {
    const { cluster } = await parse(inventory().replace('role:', 'nodeIp: "fd00::1", role:'));
    expect(cluster.kubernetes).toMatchObject({
      controlPlaneEndpoint: '[fd00::1]:6443',
      hasStableEndpoint: false,
    });
    expect(cluster.network).toMatchObject({ ipAutodetection: 'kubernetes-internal-ip' });
  });

  test('without taints of its own has that of kubeadm, and with an empty list none', async () => {
    const taint = { key: 'node-role.kubernetes.io/control-plane', value: '', effect: 'NoSchedule' };
    expect((await hostsOf())[0]?.taints).toEqual([taint]);
    const { cluster } = await parse(inventory().replace('role:', 'taints: [], role:'));
    expect(cluster.hosts[0]?.taints).toEqual([]);
  });
});

describe('Kubernetes', () => {
  test('version may have a v in front', async () => {
    const { cluster } = await parse(inventory().replace('1.34.9', 'v1.36.3'));
    expect(cluster.kubernetes.version).toBe('1.36.3');
    expect(cluster.hosts[0]?.runtime.sandboxImage).toBe('registry.k8s.io/pause:3.10.2');
  });

  test('mirror has the key of the original, below its own URL', async () => {
    const settings = 'repository: {url: "https://mirror.lab/v1.34/"}, imageRepository: mirror.lab/k8s/';
    const { cluster } = await parse(inventory().replace('"1.34.9"', `"1.34.9", ${settings}`));
    expect(cluster.kubernetes.repository).toEqual({
      url: 'https://mirror.lab/v1.34',
      keyUrl: 'https://mirror.lab/v1.34/deb/Release.key',
      fingerprint: 'DE15B14486CD377B9E876E1A234654DA9A296436',
    });
    expect(cluster.hosts[0]?.runtime.sandboxImage).toBe('mirror.lab/k8s/pause:3.10.1');
  });

  test('fingerprint may be written as gpg prints it', async () => {
    const fingerprint = 'de15 b144 86cd 377b 9e87  6e1a 2346 54da 9a29 6436';
    const { cluster } = await parse(kubernetes(`repository: {fingerprint: ${fingerprint}}`));
    expect(cluster.kubernetes.repository.fingerprint).toBe('DE15B14486CD377B9E876E1A234654DA9A296436');
  });
});

test.each([
  ['keys/id', '/etc/lab/keys/id'],
  ['/keys/id', '/keys/id'],
  ['~/.ssh/id', '/home/me/.ssh/id'],
])('path %s is %s', async (written, absolute) => {
  const { cluster } = await parse(
    inventory(`defaults: {identityFile: ${written}}`, `ssh: {knownHosts: ${written}}`),
  );
  expect(cluster.hosts[0]?.identityFile).toBe(absolute);
  expect(cluster.ssh.knownHosts).toBe(absolute);
});
