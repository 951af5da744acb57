import { calicoManifest } from '#catalog/calico.ts';
import type { CalicoInstall, ManifestSource, Network } from '#core/cluster.ts';

import type { ClusterSource } from './build-cluster.ts';
import { parseCidr } from './values/cidr.ts';
import { DEFAULTS } from './inventory-default.ts';
import { localPath, type Places } from './values/local-path.ts';
import type { InventoryDocument } from './schema.ts';

type NetworkDocument = NonNullable<InventoryDocument['network']>;

/** The network between pods, every default applied. */
export function buildNetwork({ document, hosts, places }: ClusterSource, podSubnet: string): Network {
  const network = document.network ?? {};
  if (network.plugin === 'none') return { plugin: 'none' };
  const version = network.version?.replace(/^v/, '') ?? DEFAULTS.calicoVersion;
  const hasNodeIps = hosts.some(({ nodeIp }) => nodeIp !== undefined);
  const hasIpv4 = podSubnet.split(',').some((cidr) => parseCidr(cidr)?.family === 4);
  const ipAutodetection = network.ipAutodetection ?? (hasNodeIps ? 'kubernetes-internal-ip' : 'first-found');
  const encapsulation = network.encapsulation ?? (hasIpv4 ? DEFAULTS.encapsulation : 'vxlan');
  return {
    plugin: 'calico',
    version,
    install: installOf(network, version, places),
    ipAutodetection,
    ipv6Autodetection: network.ipv6Autodetection ?? withoutFamily(ipAutodetection),
    ...(network.mtu !== undefined && { mtu: network.mtu }),
    encapsulation,
    bgp: network.bgp ?? !encapsulation.startsWith('vxlan'),
    ...(network.registry !== undefined && { registry: network.registry.replace(/\/$/, '') }),
  };
}

/** A method that names an address means it of one family. */
const withoutFamily = (method: string): string =>
  /^(can-reach|cidr)=/.test(method) ? 'first-found' : method;

function installOf(network: NetworkDocument, version: string, places: Places): CalicoInstall {
  if (network.install !== 'operator') {
    return {
      by: 'manifest',
      manifest: sourceOf(network.manifest, calicoManifest(version, 'calico.yaml'), version, places),
    };
  }
  const { crds, manifest } = network.operator ?? {};
  return {
    by: 'operator',
    crds: sourceOf(crds, calicoManifest(version, 'operator-crds.yaml'), version, places),
    manifest: sourceOf(manifest, calicoManifest(version, 'tigera-operator.yaml'), version, places),
  };
}

function sourceOf(
  written: NetworkDocument['manifest'],
  known: ManifestSource | undefined,
  version: string,
  places: Places,
): ManifestSource {
  if (written === undefined) {
    if (known === undefined) throw new TypeError(`Calico ${version} is not in the catalog`);
    return known;
  }
  const location = written.path === undefined ? (written.url ?? '') : localPath(written.path, places);
  return { location, sha256: written.sha256.toLowerCase() };
}
