/**
 * Phases that hooks stand before or after: those of `slipway apply` that change hosts which stay. A test holds the list to
 * the workflow.
 */
export const HOOK_PHASES = [
  'swap',
  'kernel',
  'names',
  'proxy',
  'bundle',
  'host',
  'files',
  'runtime',
  'nvidia',
  'images',
  'kubernetes',
  'pull',
  'load-balancer',
  'certificates',
  'upgrade',
  'control-plane',
  'join',
  'etcd',
  'scheduler',
  'kubelet',
  'nodes',
  'kube-proxy',
  'network',
  'gpu',
  'addons',
  'verify',
] as const;
