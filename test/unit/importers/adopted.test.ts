import { describe, expect, it } from 'vitest';

import { adopted } from '#importers/adopted.ts';
import { writeInventory } from '#importers/write-inventory.ts';
import { parseInventory } from '#inventory/parse-inventory.ts';

import { asked, CONFIGURATION, CP1, said } from './adopted-fixture.ts';

const written = (etcd: string): string =>
  writeInventory({
    ...adopted(said([CP1], {}, CONFIGURATION.replace(/^etcd: .*$/m, `etcd: ${etcd}`)), asked),
    origin: 'slipway adopt',
  });

describe('an inventory of a running cluster', () => {
  it('has its etcd where that is not as usual', () => {
    expect(written('{ local: { dataDir: /data/etcd } }')).toContain('  etcd:\n    dataDir: /data/etcd\n');
    const external = written(
      '{ external: { endpoints: ["https://10.0.0.21:2379"], caFile: /etc/ssl/etcd/ca.pem, certFile: /etc/ssl/etcd/node.pem, keyFile: /etc/ssl/etcd/node-key.pem } }',
    );
    expect(external).toContain(
      '      endpoints:\n        - https://10.0.0.21:2379\n      caFile: etcd/ca.crt\n',
    );
    expect(external).toContain('# - bring /etc/ssl/etcd/ca.pem, /etc/ssl/etcd/node.pem and');
    expect(external).not.toContain('etcd.external');
    const open = written('{ external: { endpoints: ["http://10.0.0.21:2379"] } }');
    expect(open).toContain('# - the external etcd at http://10.0.0.21:2379 is not carried over');
    expect(open).not.toContain('  etcd:\n');
  });

  it('has its hosts and settings, and says what it has not', async () => {
    const nodes = [
      CP1,
      { name: 'gpu1', address: '10.0.0.31', gpus: '8', taints: [{ key: 'gpu', effect: 'NoSchedule' }] },
      { name: 'w1', address: '10.0.0.21', version: 'v1.35.9' },
    ];
    const text = writeInventory({ ...adopted(said(nodes), asked), origin: 'slipway adopt' });
    expect(text).toMatchInlineSnapshot(`
      "# An inventory of slipway, made by slipway adopt. Look it over, then:
      #   slipway doctor      what is missing on this machine and on the hosts
      #   slipway plan        what would be done
      #   slipway apply       do it
      #
      # To be looked at:
      # - the network plugin stays whose it is (05-cilium.conflist on the host that was asked): network.plugin is none
      # - these have another kubelet than 1.36.3, which a plan upgrades: w1

      cluster:
        name: berlin # in the kubeconfig and in reports

      kubernetes:
        version: '1.36.3' # 1.30 to 1.37, with its patch
        controlPlaneEndpoint: 10.0.0.10:6443 # the load balancer before the API servers
        imageRepository: registry.lan/k8s
        networking:
          podSubnet: 10.200.0.0/16
          serviceSubnet: 10.96.0.0/12
          dnsDomain: berlin.local
        apiServer:
          certSANs:
            - api.lan
          extraArgs:
            profiling: "false"

      runtime:
        type: containerd
        source: distribution

      network:
        plugin: none # the one that is there is left alone

      # ssh:
      #   hostKeys: strict # or accept-new: write down the key of a host that is not known yet

      defaults:
        user: admin
        # identityFile: ~/.ssh/id_ed25519 # default: the keys of the SSH agent, then the usual files
        # becomePassword: { prompt: 'Password of sudo?' } # where sudo asks for one

      hosts:
        - name: cp1
          role: control-plane
          address: 10.0.0.11
        # gpu1: it has taints that stay as they are: gpu
        # gpu1: it has 8 GPUs: with gpu: true, slipway looks after their toolkit and device plugin as well
        - name: gpu1
          address: 10.0.0.31
        - name: w1
          address: 10.0.0.21
      "
    `);
    const { cluster } = await parseInventory(text, { path: 'x', directory: '/', env: { HOME: '/root' } });
    expect(cluster).toMatchObject({
      name: 'berlin',
      kubernetes: {
        version: '1.36.3',
        controlPlaneEndpoint: '10.0.0.10:6443',
        podSubnet: '10.200.0.0/16',
        imageRepository: 'registry.lan/k8s',
      },
      network: { plugin: 'none' },
    });
    expect(cluster.hosts.map(({ name, address, role, user }) => [name, address, role, user])).toEqual([
      ['cp1', '10.0.0.11', 'control-plane', 'admin'],
      ['gpu1', '10.0.0.31', 'worker', 'admin'],
      ['w1', '10.0.0.21', 'worker', 'admin'],
    ]);
  });

  it('reaches the host that was asked by the address that leads there', () => {
    const { hosts } = adopted(said([CP1]), { ...asked, address: 'berlin.example.com' });
    expect(hosts).toMatchObject([{ address: 'berlin.example.com', nodeIp: '10.0.0.11' }]);
  });

  it.each([
    ['Docker of its own', 'docker://28.1.1', 'docker-ce', { runtime: { type: 'docker', source: 'docker' } }],
    ['a Docker of no package', 'docker://28.1.1', '', { isRuntimeUnknown: true }],
    [
      'Docker of Debian',
      'docker://20.10.24',
      'docker.io',
      { runtime: { type: 'docker', source: 'distribution' } },
    ],
    ['CRI-O', 'cri-o://1.36.3', '', { runtime: { type: 'cri-o' } }],
    [
      "Docker's containerd",
      'containerd://2.3.4',
      'containerd.io',
      { runtime: { type: 'containerd', source: 'docker' } },
    ],
    ['a containerd of no package', 'containerd://2.3.4', '', { isRuntimeUnknown: true }],
  ])('knows %s', (_, runtime, owner, expected) => {
    const owners = runtime.startsWith('docker')
      ? { dockerd: owner, containerd: 'containerd' }
      : { containerd: owner };
    expect(adopted(said([{ ...CP1, runtime }], { owners }), asked)).toMatchObject(expected);
  });

  it('of control planes that take pods says so', () => {
    const { hosts } = adopted(said([{ ...CP1, taints: [] }]), asked);
    expect(hosts).toMatchObject([{ role: 'control-plane', takesPods: true }]);
  });

  it('is none where slipway does not know its Kubernetes', () => {
    const old = CONFIGURATION.replace('v1.36.3', 'v1.28.4');
    expect(() => adopted(said([CP1], {}, old), asked)).toThrow(
      'the cluster runs Kubernetes 1.28.4, which slipway does not know',
    );
  });
});
