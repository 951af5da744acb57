import { CALICO_RELEASES } from '#catalog/calico.ts';

/** What stands where the inventory says nothing, as far as it does not depend on the rest of it. */
export const DEFAULTS = {
  clusterName: 'kubernetes',
  imageRepository: 'registry.k8s.io',
  /** kubeadm has none; Calico's, 192.168.0.0/16, is the network of many a building. */
  podSubnet: '10.244.0.0/16',
  /** @see https://kubernetes.io/docs/reference/config-api/kubeadm-config.v1beta4/ (v1.34) */
  serviceSubnet: '10.96.0.0/12',
  dnsDomain: 'cluster.local',
  apiServerPort: 6443,
  calicoVersion: CALICO_RELEASES[0].version,
  /** @see https://github.com/projectcalico/calico/blob/v3.32.1/manifests/calico.yaml (CALICO_IPV4POOL_IPIP: Always) */
  encapsulation: 'ipip',
  knownHosts: '~/.ssh/known_hosts',
  hostKeys: 'strict',
  connectTimeoutSeconds: 10,
  user: 'root',
  port: 22,
  role: 'worker',
  gpu: 'auto',
  runtime: 'containerd',
} as const;
