import { createHash } from 'node:crypto';

import { type Document, isMap, isSeq, type YAMLMap, type YAMLSeq } from 'yaml';

import type { CalicoDataplane, CalicoNetwork } from '#core/network.ts';
import { SlipwayError } from '#core/slipway-error.ts';

import { type Families, familiesOf, poolModes, type WantedPool, wantedPools } from './calico-pools.ts';
import { editObjects } from './edit-objects.ts';
import { imagesIn } from './images.ts';

/**
 * Calico's manifest with the cluster's own settings in it. Only the documents that change are written anew;
 * the rest, definitions of a megabyte, stays as it was published.
 *
 * @throws {SlipwayError} when the manifest has no calico-node DaemonSet.
 * @see https://docs.tigera.io/calico/latest/reference/configure-calico-node (3.32)
 */
export function renderCalico(manifest: string, network: CalicoNetwork, podSubnet: string): string {
  const families = familiesOf(podSubnet);
  const digest = createHash('sha256');
  const configured = editObjects(withRegistry(manifest, network.registry), 'ConfigMap', (object) => {
    if (!isNamed(object, 'calico-config')) return;
    setConfig(object, network, families);
    digest.update(object.toString({ lineWidth: 0 }));
  });
  const settings = digest.digest('hex').slice(0, 16);
  const found = new Set<string>();
  const withNode = editObjects(configured, 'DaemonSet', (object) => {
    setPullSecrets(object, network);
    if (!isNamed(object, 'calico-node')) return;
    found.add('DaemonSet calico-node');
    setNode(object, network, podSubnet, settings);
  });
  const rendered = editObjects(withNode, 'Deployment', (object) => {
    setPullSecrets(object, network);
    if (!isNamed(object, 'calico-typha')) return;
    found.add('Deployment calico-typha');
    if (network.typhaReplicas !== undefined) object.setIn(['spec', 'replicas'], network.typhaReplicas);
  });
  const wanted = [
    'DaemonSet calico-node',
    ...(network.typhaReplicas === undefined ? [] : ['Deployment calico-typha']),
  ];
  const missing = wanted.find((one) => !found.has(one));
  if (missing !== undefined) throw unknownManifest(missing);
  return rendered;
}

/** The operator's manifest, and before the operator itself what it reads as it starts. */
export function renderOperator(manifest: string, network: CalicoNetwork, endpoint: string): string {
  const rendered = editObjects(withRegistry(manifest, network.registry), 'Deployment', (object) =>
    setPullSecrets(object, network),
  );
  if (endpoint === '') return rendered;
  const at = rendered.search(/^apiVersion: apps\/v1\nkind: Deployment$/m);
  return at < 0
    ? `${rendered}---\n${endpoint}`
    : `${rendered.slice(0, at)}${endpoint}---\n${rendered.slice(at)}`;
}

/** Secrets with logins. */
function setPullSecrets(workload: Document, { imagePullSecrets }: CalicoNetwork): void {
  if (imagePullSecrets.length === 0) return;
  workload.setIn(
    ['spec', 'template', 'spec', 'imagePullSecrets'],
    workload.createNode(imagePullSecrets.map((name) => ({ name }))),
  );
}

const isNamed = (object: Document, name: string): boolean => object.getIn(['metadata', 'name']) === name;

/** Changes with the settings, which pods read when they start: a change of their template replaces them. */
const CONFIG_ANNOTATION = 'slipway/calico-config';

/** The manifest with another registry in place of Calico's. */
const withRegistry = (manifest: string, registry: string | undefined): string =>
  registry === undefined
    ? manifest
    : manifest.replaceAll(
        /^(\s*(?:- )?image: )(?:quay|docker)\.io\//gm,
        (_, start: string) => `${start}${registry}/`,
      );

/** The images that run on every node, in the order of their names. */
export const calicoNodeImages = (manifest: string, { registry }: CalicoNetwork): readonly string[] =>
  imagesIn(
    withRegistry(
      manifest
        .split(/^---/m)
        .filter((text) => /^kind: DaemonSet$/m.test(text))
        .join(''),
      registry,
    ),
  );

/**
 * The backend as Calico's own calico-vxlan.yaml has it, and the families of addresses pods get.
 *
 * @see https://github.com/projectcalico/calico/blob/v3.32.1/manifests/calico-vxlan.yaml
 * @see https://docs.tigera.io/calico/latest/networking/ipam/ipv6 (3.32)
 */
function setConfig(document: Document, { mtu, bgp }: CalicoNetwork, { ipv4, ipv6 }: Families): void {
  document.setIn(['data', 'calico_backend'], bgp ? 'bird' : 'vxlan');
  if (mtu !== undefined) document.setIn(['data', 'veth_mtu'], String(mtu));
  const cni: unknown = document.getIn(['data', 'cni_network_config']);
  if (ipv6 === undefined || typeof cni !== 'string') return;
  const assigned = `"type": "calico-ipam", "assign_ipv4": "${ipv4 !== undefined}", "assign_ipv6": "true"`;
  document.setIn(['data', 'cni_network_config'], cni.replace(/"type": "calico-ipam"/, assigned));
}

function setNode(document: Document, network: CalicoNetwork, podSubnet: string, digest: string): void {
  document.setIn(['spec', 'template', 'metadata', 'annotations', CONFIG_ANNOTATION], digest);
  const container = named(document.getIn(['spec', 'template', 'spec', 'containers']), 'calico-node');
  const environment = container?.get('env');
  if (container === undefined || !isSeq(environment)) return;
  for (const [name, value] of Object.entries(nodeEnvironment(network, podSubnet))) {
    setVariable(document, environment, name, value);
  }
  if (network.bgp) return;
  for (const [probe, flag] of [
    ['livenessProbe', '-bird-live'],
    ['readinessProbe', '-bird-ready'],
  ] as const) {
    const command = container.getIn([probe, 'exec', 'command']);
    if (isSeq(command)) command.items = command.items.filter((item) => String(item) !== flag);
  }
}

/**
 * In the order in which they come into the manifest: a pod template with another order is another one to Kubernetes.
 *
 * @see https://docs.tigera.io/calico/latest/reference/configure-calico-node (3.32)
 */
function nodeEnvironment(network: CalicoNetwork, podSubnet: string): Readonly<Record<string, string>> {
  const { ipv4, ipv6 } = familiesOf(podSubnet);
  const pools = network.pools === undefined ? wantedPools(network, podSubnet) : [];
  const poolsOf = (family: 4 | 6) =>
    pools
      .filter(({ cidr }) => cidr.includes(':') === (family === 6))
      .map((pool) => poolEnvironment(pool, network));
  return Object.assign(
    {},
    ...poolsOf(4),
    ipv4 === undefined
      ? { IP: 'none', CALICO_ROUTER_ID: 'hash' }
      : { IP_AUTODETECTION_METHOD: network.ipAutodetection },
    ipv6 !== undefined && { IP6: 'autodetect', IP6_AUTODETECTION_METHOD: network.ipv6Autodetection },
    ...poolsOf(6),
    ipv6 !== undefined && { FELIX_IPV6SUPPORT: 'true' },
    network.pools !== undefined && { NO_DEFAULT_POOLS: 'true' },
    network.dataplane !== undefined && DATAPLANES[network.dataplane],
  ) as Readonly<Record<string, string>>;
}

/** Of the pool that calico-node makes itself for a family. */
function poolEnvironment(
  { cidr, encapsulation, blockSize }: WantedPool,
  network: CalicoNetwork,
): Readonly<Record<string, string>> {
  const { ipip, vxlan } = poolModes(encapsulation);
  return cidr.includes(':')
    ? {
        CALICO_IPV6POOL_CIDR: cidr,
        CALICO_IPV6POOL_VXLAN: vxlan,
        ...(network.ipv6BlockSize !== undefined && { CALICO_IPV6POOL_BLOCK_SIZE: String(blockSize) }),
      }
    : {
        CALICO_IPV4POOL_CIDR: cidr,
        CALICO_IPV4POOL_IPIP: ipip,
        CALICO_IPV4POOL_VXLAN: vxlan,
        ...(network.blockSize !== undefined && { CALICO_IPV4POOL_BLOCK_SIZE: String(blockSize) }),
      };
}

/** @see https://github.com/projectcalico/calico/blob/v3.31.7/felix/config/config_params.go (NFTablesMode, BPFEnabled) */
const DATAPLANES: Readonly<Record<CalicoDataplane, Readonly<Record<string, string>>>> = {
  iptables: { FELIX_BPFENABLED: 'false', FELIX_NFTABLESMODE: 'Disabled' },
  nftables: { FELIX_BPFENABLED: 'false', FELIX_NFTABLESMODE: 'Enabled' },
  bpf: { FELIX_BPFENABLED: 'true' },
};

function setVariable(document: Document, environment: YAMLSeq, name: string, value: string): void {
  const found = named(environment, name);
  if (found === undefined) environment.add(document.createNode({ name, value }));
  else found.set('value', value);
}

function named(list: unknown, name: string): YAMLMap | undefined {
  const found = isSeq(list) ? list.items.find((item) => isMap(item) && item.get('name') === name) : undefined;
  return isMap(found) ? found : undefined;
}

const unknownManifest = (missing: string): SlipwayError =>
  new SlipwayError(`network.manifest has no ${missing}`, {
    code: 'manifest-unknown',
    hint: `give Calico's own manifests/${missing.includes('typha') ? 'calico-typha' : 'calico'}.yaml`,
  });
