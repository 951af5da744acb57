import { parseDocument, isMap, isSeq, type Document } from 'yaml';

import type { CalicoNetwork } from '#core/cluster.ts';
import { SlipwayError } from '#core/slipway-error.ts';

/**
 * Calico's manifest with the cluster's own settings in it. Only the documents that change are written anew;
 * the rest, definitions of a megabyte, stays as it was published.
 *
 * @throws {SlipwayError} when the manifest has no calico-node DaemonSet.
 * @see https://docs.tigera.io/calico/latest/reference/configure-calico-node (3.32)
 */
export function renderCalico(manifest: string, network: CalicoNetwork, podSubnet: string): string {
  let hasNode = false;
  const documents = manifest.split(/^---[ \t]*\n/m).map((text) => {
    if (/^kind: DaemonSet$/m.test(text) && /^ {2}name: calico-node$/m.test(text)) {
      hasNode = true;
      return edit(text, (document) => setNodeEnvironment(document, network, podSubnet));
    }
    if (network.mtu !== undefined && /^ {2}name: calico-config$/m.test(text)) {
      return edit(text, (document) => document.setIn(['data', 'veth_mtu'], String(network.mtu)));
    }
    return text;
  });
  if (hasNode) return documents.join('---\n');
  throw new SlipwayError(`${network.manifest.location} has no DaemonSet calico-node`, {
    code: 'manifest-unknown',
    hint: "give Calico's own manifests/calico.yaml",
  });
}

function edit(text: string, change: (document: Document) => void): string {
  const document = parseDocument(text);
  change(document);
  return document.toString({ lineWidth: 0 });
}

function setNodeEnvironment(document: Document, network: CalicoNetwork, podSubnet: string): void {
  const containers = document.getIn(['spec', 'template', 'spec', 'containers']);
  if (!isSeq(containers)) return;
  const node = containers.items.find((item) => isMap(item) && item.get('name') === 'calico-node');
  const environment = isMap(node) ? node.get('env') : undefined;
  if (!isSeq(environment)) return;
  const [ipv4 = podSubnet] = podSubnet.split(',');
  const wanted: Readonly<Record<string, string>> = {
    CALICO_IPV4POOL_CIDR: ipv4,
    CALICO_IPV4POOL_IPIP: network.encapsulation === 'ipip' ? 'Always' : 'Never',
    CALICO_IPV4POOL_VXLAN: network.encapsulation === 'vxlan' ? 'Always' : 'Never',
    IP_AUTODETECTION_METHOD: network.ipAutodetection,
  };
  for (const [name, value] of Object.entries(wanted)) {
    const found = environment.items.find((item) => isMap(item) && item.get('name') === name);
    if (isMap(found)) found.set('value', value);
    else environment.add(document.createNode({ name, value }));
  }
}
