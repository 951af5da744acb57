/**
 * What the real Kubernetes needs in its configuration to run on lab hosts, which are containers: to be put
 * into the inventory of a cluster in the lab. Stand-in packages ignore all of it.
 */
export const labInventorySettings = {
  /** containerd's runtime plugin, all versions: a container may not lower its oom_score_adj. */
  containerd: { restrict_oom_score_adj: true },
  /** KubeProxyConfiguration: nf_conntrack_max belongs to the whole machine. Zero leaves it alone. */
  kubeProxy: { conntrack: { maxPerCore: 0, min: 0 } },
  /** KubeletConfiguration from Kubernetes 1.35 on, where the machine has cgroup v1. */
  kubeletOnCgroupV1: { failCgroupV1: false },
  /** kubeadm init and join from Kubernetes 1.35 on, where the machine has cgroup v1. */
  ignorePreflightErrorsOnCgroupV1: ['SystemVerification'],
} as const;
