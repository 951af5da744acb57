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
  /** @see https://hub.docker.com/_/nginx (the stable branch) */
  verifyImage: 'docker.io/library/nginx:1.28-alpine',
  verifyTimeoutSeconds: 120,
  knownHosts: '~/.ssh/known_hosts',
  hostKeys: 'strict',
  connectTimeoutSeconds: 10,
  user: 'root',
  port: 22,
  role: 'worker',
  gpuMode: 'auto',
  /** @see https://github.com/Project-HAMi/HAMi/blob/v2.10.0/charts/hami/values.yaml (devicePlugin.deviceSplitCount) */
  hamiSplitCount: 10,
  runtime: 'containerd',
} as const;
