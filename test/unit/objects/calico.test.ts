import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';

import type { CalicoNetwork } from '#core/network.ts';
import { calicoCustomResources } from '#objects/calico-custom-resources.ts';
import { renderCalico } from '#objects/calico-manifest.ts';

import { network, POOLS } from './calico-fixture.ts';

/** The parts of Calico's manifest that are touched, as they stand in v3.32.1. */
const MANIFEST = `---
kind: ConfigMap
apiVersion: v1
metadata:
  name: calico-config
  namespace: kube-system
data:
  # Configure the backend to use.
  calico_backend: "bird"
  veth_mtu: "0"
  cni_network_config: |-
    {"plugins": [{"type": "calico", "mtu": __CNI_MTU__, "ipam": {
              "type": "calico-ipam"
          }}]}
---
kind: DaemonSet
apiVersion: apps/v1
metadata:
  name: calico-node
spec:
  template:
    metadata:
      labels:
        k8s-app: calico-node
    spec:
      containers:
        - name: calico-node
          image: quay.io/calico/node:v3.32.1
          env:
            - name: CALICO_IPV4POOL_IPIP
              value: "Always"
            - name: CALICO_IPV4POOL_VXLAN
              value: "Never"
            - name: FELIX_IPV6SUPPORT
              value: "false"
          livenessProbe:
            exec:
              command:
                - /bin/calico-node
                - -felix-live
                - -bird-live
          readinessProbe:
            exec:
              command:
                - /bin/calico-node
                - -felix-ready
                - -bird-ready
`;

interface Rendered {
  readonly config: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  readonly image: string;
  readonly probes: readonly string[];
  readonly annotations: Readonly<Record<string, string>>;
}

interface Container {
  readonly image: string;
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly livenessProbe: Probe;
  readonly readinessProbe: Probe;
}

interface Probe {
  readonly exec: { readonly command: readonly string[] };
}

function render(changes: Partial<CalicoNetwork>, podSubnet = '10.244.0.0/16'): Rendered {
  const [config, daemon] = parseAllDocuments(renderCalico(MANIFEST, { ...network, ...changes }, podSubnet));
  const text = config?.getIn(['data']) as { toJSON(): Readonly<Record<string, string>> };
  const template = daemon?.getIn(['spec', 'template']) as { toJSON(): Template };
  const { metadata, spec } = template.toJSON();
  const [container] = spec.containers;
  const { image, env, livenessProbe, readinessProbe } = container;
  return {
    config: text.toJSON(),
    env: Object.fromEntries(env.map(({ name, value }) => [name, value])),
    image,
    probes: [...livenessProbe.exec.command, ...readinessProbe.exec.command],
    annotations: metadata.annotations,
  };
}

interface Template {
  readonly metadata: { readonly annotations: Readonly<Record<string, string>> };
  readonly spec: { readonly containers: readonly [Container] };
}

describe("Calico's manifest", () => {
  it.each([
    ['ipip', 'Always', 'Never'],
    ['ipip-cross-subnet', 'CrossSubnet', 'Never'],
    ['vxlan', 'Never', 'Always'],
    ['vxlan-cross-subnet', 'Never', 'CrossSubnet'],
    ['none', 'Never', 'Never'],
  ] as const)('with %s has IPIP %s and VXLAN %s', (encapsulation, ipip, vxlan) => {
    expect(render({ encapsulation }).env).toMatchObject({
      CALICO_IPV4POOL_CIDR: '10.244.0.0/16',
      CALICO_IPV4POOL_IPIP: ipip,
      CALICO_IPV4POOL_VXLAN: vxlan,
    });
  });

  it.each([
    'first-found',
    'kubernetes-internal-ip',
    'interface=eth.*',
    'skip-interface=docker.*',
    'can-reach=10.0.0.1',
    'cidr=10.0.0.0/24,10.1.0.0/24',
  ])('has the method %s as it was written', (ipAutodetection) => {
    expect(render({ ipAutodetection }).env).toMatchObject({ IP_AUTODETECTION_METHOD: ipAutodetection });
  });

  it('without BGP has the vxlan backend, and asks nothing of bird', () => {
    const { config, probes } = render({ bgp: false, encapsulation: 'vxlan' });
    expect(config).toMatchObject({ calico_backend: 'vxlan', veth_mtu: '0' });
    expect(probes).not.toContain('-bird-live');
    expect(probes).not.toContain('-bird-ready');
    expect(render({}).probes).toContain('-bird-live');
  });

  it('with dual stack assigns addresses of both families', () => {
    const { config, env } = render({ encapsulation: 'vxlan' }, '10.244.0.0/16,fd00:10:244::/56');
    expect(config['cni_network_config']).toContain('"assign_ipv4": "true", "assign_ipv6": "true"');
    expect(env).toMatchObject({
      IP6: 'autodetect',
      CALICO_IPV6POOL_CIDR: 'fd00:10:244::/56',
      CALICO_IPV6POOL_VXLAN: 'Always',
      FELIX_IPV6SUPPORT: 'true',
    });
  });

  it('with IPv6 alone has no IPv4', () => {
    const { config, env } = render({ encapsulation: 'vxlan' }, 'fd00:10:244::/56');
    expect(config['cni_network_config']).toContain('"assign_ipv4": "false", "assign_ipv6": "true"');
    expect(env).toMatchObject({ IP: 'none', CALICO_ROUTER_ID: 'hash' });
    expect(env).not.toHaveProperty('CALICO_IPV4POOL_CIDR');
  });

  it('takes its images from another registry', () => {
    expect(render({ registry: 'reg.lab/quay' }).image).toBe('reg.lab/quay/calico/node:v3.32.1');
  });

  it('starts its pods anew when what they read as they start has changed, and only then', () => {
    expect(render({}).annotations).toEqual(render({ ipAutodetection: 'can-reach=10.0.0.1' }).annotations);
    expect(render({}).annotations).not.toEqual(render({ mtu: 1400 }).annotations);
  });

  it('says the size of blocks only where it is written', () => {
    expect(render({}).env).not.toHaveProperty('CALICO_IPV4POOL_BLOCK_SIZE');
    expect(render({ blockSize: 24 }).env).toMatchObject({ CALICO_IPV4POOL_BLOCK_SIZE: '24' });
    const both = render({ ipv6BlockSize: 120 }, '10.244.0.0/16,fd00:10:244::/56').env;
    expect(both).toMatchObject({ CALICO_IPV6POOL_BLOCK_SIZE: '120' });
    expect(both).not.toHaveProperty('CALICO_IPV4POOL_BLOCK_SIZE');
  });

  it('with pools of its own keeps calico-node from making one: it ends where it is told both', () => {
    const { env } = render({ pools: POOLS });
    expect(env).toMatchObject({ NO_DEFAULT_POOLS: 'true' });
    expect(env).not.toHaveProperty('CALICO_IPV4POOL_CIDR');
  });

  it.each([
    ['iptables', { FELIX_BPFENABLED: 'false', FELIX_NFTABLESMODE: 'Disabled' }],
    ['nftables', { FELIX_BPFENABLED: 'false', FELIX_NFTABLESMODE: 'Enabled' }],
    ['bpf', { FELIX_BPFENABLED: 'true' }],
  ] as const)('has the data plane %s in the words of Felix', (dataplane, env) => {
    expect(render({ dataplane }).env).toMatchObject(env);
    expect(render({}).env).not.toHaveProperty('FELIX_BPFENABLED');
  });

  it('with Typha has as many replicas as wanted, and needs the manifest that has it', () => {
    const typha =
      'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: calico-typha\nspec:\n  replicas: 1\n';
    const rendered = renderCalico(
      `${MANIFEST}---\n${typha}`,
      { ...network, typhaReplicas: 3 },
      '10.244.0.0/16',
    );
    expect(rendered).toContain('replicas: 3');
    expect(() => renderCalico(MANIFEST, { ...network, typhaReplicas: 3 }, '10.244.0.0/16')).toThrow(
      /has no Deployment calico-typha/,
    );
  });

  it('names Secrets with logins in every pod template', () => {
    const rendered = renderCalico(MANIFEST, { ...network, imagePullSecrets: ['login'] }, '10.244.0.0/16');
    expect(rendered).toContain('imagePullSecrets:\n        - name: login');
    expect(renderCalico(MANIFEST, network, '10.244.0.0/16')).not.toContain('imagePullSecrets');
  });

  it('keeps every byte of what it does not touch', () => {
    const other = '# a comment\nkind: ServiceAccount\nmetadata: {name: "x"}\n';
    expect(renderCalico(`${MANIFEST}---\n${other}`, network, '10.244.0.0/16')).toContain(other);
  });

  it('that has no DaemonSet calico-node is refused', () => {
    expect(() => renderCalico('kind: Pod\n', network, '10.244.0.0/16')).toThrow(
      /has no DaemonSet calico-node/,
    );
  });
});

interface OperatorObject {
  readonly kind: string;
  readonly spec: { readonly calicoNetwork: Readonly<Record<string, unknown>> };
}

const objects = (changes: Partial<CalicoNetwork>, podSubnet = '10.244.0.0/16'): readonly OperatorObject[] =>
  parseAllDocuments(calicoCustomResources({ ...network, ...changes }, podSubnet)).map(
    (document) => document.toJS() as OperatorObject,
  );

describe("the operator's objects", () => {
  it.each([
    ['first-found', { firstFound: true }],
    ['kubernetes-internal-ip', { kubernetes: 'NodeInternalIP' }],
    ['interface=eth.*,en.*', { interface: 'eth.*,en.*' }],
    ['skip-interface=docker.*', { skipInterface: 'docker.*' }],
    ['can-reach=10.0.0.1', { canReach: '10.0.0.1' }],
    ['cidr=10.0.0.0/24, 10.1.0.0/24', { cidrs: ['10.0.0.0/24', '10.1.0.0/24'] }],
  ])('have the method %s in the words of the operator', (ipAutodetection, field) => {
    expect(objects({ ipAutodetection })[0]?.spec.calicoNetwork['nodeAddressAutodetectionV4']).toEqual(field);
  });

  it('have all fields of a pool, so that the operator has none to add', () => {
    const [installation, apiServer] = objects({
      encapsulation: 'vxlan-cross-subnet',
      bgp: false,
      mtu: 1400,
      registry: 'reg.lab/quay',
    });
    expect(installation).toMatchInlineSnapshot(`
      {
        "apiVersion": "operator.tigera.io/v1",
        "kind": "Installation",
        "metadata": {
          "name": "default",
        },
        "spec": {
          "calicoNetwork": {
            "bgp": "Disabled",
            "ipPools": [
              {
                "allowedUses": [
                  "Workload",
                  "Tunnel",
                ],
                "assignmentMode": "Automatic",
                "blockSize": 26,
                "cidr": "10.244.0.0/16",
                "disableBGPExport": false,
                "disableNewAllocations": false,
                "encapsulation": "VXLANCrossSubnet",
                "name": "default-ipv4-ippool",
                "natOutgoing": "Enabled",
                "nodeSelector": "all()",
              },
            ],
            "mtu": 1400,
            "nodeAddressAutodetectionV4": {
              "firstFound": true,
            },
          },
          "registry": "reg.lab/quay/",
        },
      }
    `);
    expect(apiServer).toMatchObject({ kind: 'APIServer', metadata: { name: 'default' } });
  });

  it('have the data plane, Secrets and pools of the inventory', () => {
    const spec = objects({ dataplane: 'nftables', imagePullSecrets: ['login'], pools: POOLS })[0]?.spec;
    expect(spec).toMatchObject({
      imagePullSecrets: [{ name: 'login' }],
      calicoNetwork: {
        linuxDataplane: 'Nftables',
        ipPools: [
          { name: 'rack-a', blockSize: 26, encapsulation: 'IPIP', nodeSelector: "rack == 'a'" },
          { name: 'rack-b', blockSize: 24, encapsulation: 'VXLAN', natOutgoing: 'Disabled' },
        ],
      },
    });
  });

  it('have a pool of each family with dual stack, and IPv6 without IPIP', () => {
    const pools = objects({}, '10.244.0.0/16,fd00:10:244::/56')[0]?.spec.calicoNetwork['ipPools'];
    expect(pools).toMatchObject([
      { cidr: '10.244.0.0/16', encapsulation: 'IPIP', blockSize: 26 },
      { cidr: 'fd00:10:244::/56', encapsulation: 'None', blockSize: 122 },
    ]);
  });
});
