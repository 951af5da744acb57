/** The fields that somebody looks at; the rest of an object is not. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Metadata;
  readonly spec?: {
    /** Of a pod. */
    readonly nodeName?: string;
    /** Of a node. */
    readonly unschedulable?: boolean;
    readonly taints?: readonly { readonly key: string; readonly value?: string; readonly effect: string }[];
    /** Of a PodDisruptionBudget. */
    readonly selector?: {
      readonly matchLabels?: Strings;
      readonly matchExpressions?: readonly {
        readonly key: string;
        readonly operator: string;
        readonly values?: readonly string[];
      }[];
    };
    /** Of a workload. */
    readonly template?: { readonly metadata?: Pick<Metadata, 'annotations'> };
    /** Of one of Calico's pools: https://docs.tigera.io/calico/latest/reference/resources/ippool (3.32) */
    readonly cidr?: string;
    readonly ipipMode?: string;
    readonly vxlanMode?: string;
    readonly blockSize?: number;
  };
  readonly status?: {
    readonly phase?: string;
    readonly reason?: string;
    readonly message?: string;
    readonly conditions?: readonly Condition[];
    readonly containerStatuses?: readonly ContainerStatus[];
    readonly initContainerStatuses?: readonly ContainerStatus[];
    /** Of a PodDisruptionBudget. */
    readonly disruptionsAllowed?: number;
    /** Of a node. */
    readonly addresses?: readonly { readonly type: string; readonly address: string }[];
    readonly allocatable?: Strings;
    readonly nodeInfo?: {
      readonly machineID: string;
      readonly kubeletVersion: string;
      readonly containerRuntimeVersion: string;
    };
  };
  /** Of a ConfigMap. */
  readonly data?: Strings;
  /** Of an event. */
  readonly reason?: string;
  readonly message?: string;
  readonly involvedObject?: { readonly kind?: string; readonly name?: string };
}

type Strings = Readonly<Record<string, string>>;

interface Metadata {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Strings;
  readonly annotations?: Strings;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly ownerReferences?: readonly unknown[];
  readonly managedFields?: readonly { readonly manager?: string; readonly operation?: string }[];
}

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  /** Of one that the Tigera operator sets. */
  readonly observedGeneration?: number;
}

export interface ContainerStatus {
  readonly name: string;
  readonly image?: string;
  readonly ready?: boolean;
  readonly restartCount?: number;
  readonly state?: ContainerState;
  readonly lastState?: ContainerState;
}

interface ContainerState {
  readonly running?: { readonly startedAt?: string };
  readonly waiting?: { readonly reason?: string; readonly message?: string };
  readonly terminated?: { readonly reason?: string; readonly message?: string; readonly exitCode?: number };
}

/** What `kubectl get --output=json` printed: a list, one object bare, or nothing for none. */
export function readObjects(json: string): readonly KubernetesObject[] {
  if (json.trim() === '') return [];
  const read = JSON.parse(json) as KubernetesObject | { readonly items: readonly KubernetesObject[] };
  return 'items' in read ? read.items : [read];
}

export const isTrue = ({ status }: KubernetesObject, type: string): boolean =>
  (status?.conditions ?? []).some((condition) => condition.type === type && condition.status === 'True');
