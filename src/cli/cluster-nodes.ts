/** A node as the API server reports it. */
export interface ClusterNode {
  readonly name: string;
  readonly isReady: boolean;
  /** Why it is not ready, in the kubelet's words. */
  readonly why?: string;
  readonly isCordoned: boolean;
  /** Of the kubelet: `v1.34.9`. */
  readonly version: string;
  /** `containerd://1.7.24`. */
  readonly runtime: string;
  /** Allocatable `nvidia.com/gpu`. */
  readonly gpus: number;
}

interface NodeObject {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly unschedulable?: boolean };
  readonly status: {
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly message?: string;
    }[];
    readonly allocatable?: Readonly<Record<string, string>>;
    readonly nodeInfo: { readonly kubeletVersion: string; readonly containerRuntimeVersion: string };
  };
}

/**
 * Reads `kubectl get nodes --output=json`.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/node-v1/ (v1.34)
 */
export function parseNodes(text: string): readonly ClusterNode[] {
  const { items } = JSON.parse(text) as { readonly items: readonly NodeObject[] };
  return items.map(({ metadata, spec, status }) => {
    const ready = status.conditions?.find(({ type }) => type === 'Ready');
    const isReady = ready?.status === 'True';
    return {
      name: metadata.name,
      isReady,
      ...(!isReady && { why: ready?.message ?? 'it has not reported yet' }),
      isCordoned: spec.unschedulable === true,
      version: status.nodeInfo.kubeletVersion,
      runtime: status.nodeInfo.containerRuntimeVersion,
      gpus: Number(status.allocatable?.['nvidia.com/gpu'] ?? 0),
    };
  });
}
