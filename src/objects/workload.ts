/** Pods that a controller keeps, and how they are found. */
export interface Workload {
  readonly kind: 'DaemonSet' | 'Deployment';
  readonly namespace: string;
  readonly name: string;
  /** Of its pods: `k8s-app=calico-node`. */
  readonly selector: string;
}
