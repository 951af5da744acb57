import type { Cluster } from '#core/cluster.ts';
import { adopted } from '#importers/adopted.ts';
import { writeInventory } from '#importers/write-inventory.ts';
import { parseInventory } from '#inventory/parse-inventory.ts';

const CONTROL_PLANE = 'node-role.kubernetes.io/control-plane';

export const CONFIGURATION = `apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
apiServer:
  certSANs: [api.lan]
  extraArgs: [{ name: profiling, value: "false" }]
certificatesDir: /etc/kubernetes/pki
clusterName: berlin
controlPlaneEndpoint: 10.0.0.10:6443
controllerManager: {}
dns: {}
encryptionAlgorithm: RSA-2048
etcd: { local: { dataDir: /var/lib/etcd } }
imageRepository: registry.lan/k8s
kubernetesVersion: v1.36.3
networking: { dnsDomain: berlin.local, podSubnet: 10.200.0.0/16, serviceSubnet: 10.96.0.0/12 }
proxy: {}
scheduler: {}
`;

export interface Node {
  readonly name: string;
  readonly address: string;
  readonly labels?: object;
  readonly taints?: readonly object[];
  readonly runtime?: string;
  readonly version?: string;
  readonly gpus?: string;
}

const nodeOf = ({
  name,
  address,
  labels = {},
  taints = [],
  runtime = 'containerd://1.7.24',
  version = 'v1.36.3',
  gpus,
}: Node) => ({
  metadata: { name, labels },
  spec: { taints },
  status: {
    addresses: [
      { type: 'InternalIP', address },
      { type: 'Hostname', address: name },
    ],
    capacity: { cpu: '4', ...(gpus !== undefined && { 'nvidia.com/gpu': gpus }) },
    nodeInfo: { containerRuntimeVersion: runtime, kubeletVersion: version },
  },
});

export const CP1 = {
  name: 'cp1',
  address: '10.0.0.11',
  labels: { [CONTROL_PLANE]: '' },
  taints: [{ key: CONTROL_PLANE, effect: 'NoSchedule' }],
};

export const said = (nodes: readonly Node[], more: object = {}, configuration = CONFIGURATION): string =>
  JSON.stringify({
    nodes: { items: nodes.map(nodeOf) },
    kubeadm: { data: { ClusterConfiguration: configuration } },
    cni: ['05-cilium.conflist', null],
    owners: { containerd: 'containerd', dockerd: '' },
    kubeProxy: null,
    installation: null,
    calicoNode: null,
    calicoConfig: null,
    pools: null,
    ...more,
  });

export const asked = { address: '10.0.0.11', user: 'admin', port: undefined, identityFile: undefined };

/** The cluster of what is written of a running one. */
export async function written(text: string): Promise<Cluster> {
  const inventory = writeInventory({ ...adopted(text, asked), origin: 'slipway adopt' });
  return (await parseInventory(inventory, { path: 'x', directory: '/', env: { HOME: '/root' } })).cluster;
}
