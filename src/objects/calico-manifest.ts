import { createHash } from 'node:crypto';

import { type Document, isMap, isSeq, type YAMLMap, type YAMLSeq } from 'yaml';

import type { CalicoNetwork } from '#core/cluster.ts';
import { SlipwayError } from '#core/slipway-error.ts';

import { editObjects } from './edit-objects.ts';

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
  let hasNode = false;
  const rendered = editObjects(configured, 'DaemonSet', (object) => {
    if (!isNamed(object, 'calico-node')) return;
    hasNode = true;
    setNode(object, network, families, settings);
  });
  if (!hasNode) throw unknownManifest();
  return rendered;
}

const isNamed = (object: Document, name: string): boolean => object.getIn(['metadata', 'name']) === name;

/** Changes with the settings, which pods read when they start: a change of their template replaces them. */
const CONFIG_ANNOTATION = 'slipway/calico-config';

interface Families {
  readonly ipv4: string | undefined;
  readonly ipv6: string | undefined;
}

/** The CIDRs of a pod subnet by their family. */
export function familiesOf(podSubnet: string): Families {
  const cidrs = podSubnet.split(',');
  return {
    ipv4: cidrs.find((cidr) => !cidr.includes(':')),
    ipv6: cidrs.find((cidr) => cidr.includes(':')),
  };
}

/** The manifest with another registry in place of Calico's. */
export const withRegistry = (manifest: string, registry: string | undefined): string =>
  registry === undefined
    ? manifest
    : manifest.replaceAll(
        /^(\s*(?:- )?image: )(?:quay|docker)\.io\//gm,
        (_, start: string) => `${start}${registry}/`,
      );

/** What Calico calls an encapsulation in the settings of a pool. */
export function poolModes(encapsulation: CalicoNetwork['encapsulation']): {
  readonly ipip: string;
  readonly vxlan: string;
} {
  const mode = encapsulation.endsWith('-cross-subnet') ? 'CrossSubnet' : 'Always';
  return {
    ipip: encapsulation.startsWith('ipip') ? mode : 'Never',
    vxlan: encapsulation.startsWith('vxlan') ? mode : 'Never',
  };
}

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

function setNode(document: Document, network: CalicoNetwork, families: Families, digest: string): void {
  document.setIn(['spec', 'template', 'metadata', 'annotations', CONFIG_ANNOTATION], digest);
  const container = named(document.getIn(['spec', 'template', 'spec', 'containers']), 'calico-node');
  const environment = container?.get('env');
  if (container === undefined || !isSeq(environment)) return;
  for (const [name, value] of Object.entries(nodeEnvironment(network, families))) {
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

function nodeEnvironment(network: CalicoNetwork, { ipv4, ipv6 }: Families): Readonly<Record<string, string>> {
  const { ipip, vxlan } = poolModes(network.encapsulation);
  return {
    ...(ipv4 === undefined
      ? { IP: 'none', CALICO_ROUTER_ID: 'hash' }
      : {
          CALICO_IPV4POOL_CIDR: ipv4,
          CALICO_IPV4POOL_IPIP: ipip,
          CALICO_IPV4POOL_VXLAN: vxlan,
          IP_AUTODETECTION_METHOD: network.ipAutodetection,
        }),
    ...(ipv6 !== undefined && {
      IP6: 'autodetect',
      IP6_AUTODETECTION_METHOD: network.ipv6Autodetection,
      CALICO_IPV6POOL_CIDR: ipv6,
      CALICO_IPV6POOL_VXLAN: vxlan,
      FELIX_IPV6SUPPORT: 'true',
    }),
  };
}

function setVariable(document: Document, environment: YAMLSeq, name: string, value: string): void {
  const found = named(environment, name);
  if (found === undefined) environment.add(document.createNode({ name, value }));
  else found.set('value', value);
}

function named(list: unknown, name: string): YAMLMap | undefined {
  const found = isSeq(list) ? list.items.find((item) => isMap(item) && item.get('name') === name) : undefined;
  return isMap(found) ? found : undefined;
}

const unknownManifest = (): SlipwayError =>
  new SlipwayError('network.manifest has no DaemonSet calico-node', {
    code: 'manifest-unknown',
    hint: "give Calico's own manifests/calico.yaml",
  });
