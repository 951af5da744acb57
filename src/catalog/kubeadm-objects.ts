/** An object that `kubeadm init` leaves in the cluster, and its phase that makes it. */
export interface KubeadmObject {
  /** `Kind/name`, which no two of them share. */
  readonly id: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  /** Absent where the kind has none. */
  readonly namespace?: string;
  readonly phase: readonly [string, ...string[]];
}

const API_VERSIONS: Readonly<Record<string, string>> = {
  ConfigMap: 'v1',
  ServiceAccount: 'v1',
  Service: 'v1',
  Deployment: 'apps/v1',
  DaemonSet: 'apps/v1',
};
const RBAC = 'rbac.authorization.k8s.io/v1';

const made = (
  phase: KubeadmObject['phase'],
  namespace: string | undefined,
  ids: readonly string[],
): readonly KubeadmObject[] =>
  ids.map((id) => {
    const [kind = '', name = ''] = id.split('/');
    const apiVersion = API_VERSIONS[kind] ?? RBAC;
    return { id, apiVersion, kind, name, ...(namespace !== undefined && { namespace }), phase };
  });

const SYSTEM = 'kube-system';

/**
 * In the order in which kubeadm makes them. Those that only some versions make are not among them; the binding
 * `kubeadm:cluster-admins` is what they are read with.
 *
 * @see https://github.com/kubernetes/kubernetes/tree/v1.34.0/cmd/kubeadm/app/phases (uploadconfig, kubelet, bootstraptoken, addons)
 */
export const KUBEADM_OBJECTS: readonly KubeadmObject[] = [
  ...made(['upload-config', 'kubeadm'], SYSTEM, [
    'ConfigMap/kubeadm-config',
    'Role/kubeadm:nodes-kubeadm-config',
    'RoleBinding/kubeadm:nodes-kubeadm-config',
  ]),
  ...made(['upload-config', 'kubelet'], SYSTEM, [
    'ConfigMap/kubelet-config',
    'Role/kubeadm:kubelet-config',
    'RoleBinding/kubeadm:kubelet-config',
  ]),
  ...made(['bootstrap-token'], 'kube-public', [
    'ConfigMap/cluster-info',
    'Role/kubeadm:bootstrap-signer-clusterinfo',
    'RoleBinding/kubeadm:bootstrap-signer-clusterinfo',
  ]),
  ...made(['bootstrap-token'], undefined, [
    'ClusterRole/kubeadm:get-nodes',
    'ClusterRoleBinding/kubeadm:get-nodes',
    'ClusterRoleBinding/kubeadm:kubelet-bootstrap',
    'ClusterRoleBinding/kubeadm:node-autoapprove-bootstrap',
    'ClusterRoleBinding/kubeadm:node-autoapprove-certificate-rotation',
  ]),
  ...made(['addon', 'coredns'], SYSTEM, [
    'ConfigMap/coredns',
    'ServiceAccount/coredns',
    'Service/kube-dns',
    'Deployment/coredns',
  ]),
  ...made(['addon', 'coredns'], undefined, [
    'ClusterRole/system:coredns',
    'ClusterRoleBinding/system:coredns',
  ]),
  ...made(['addon', 'kube-proxy'], SYSTEM, [
    'ConfigMap/kube-proxy',
    'ServiceAccount/kube-proxy',
    'Role/kube-proxy',
    'RoleBinding/kube-proxy',
    'DaemonSet/kube-proxy',
  ]),
  ...made(['addon', 'kube-proxy'], undefined, ['ClusterRoleBinding/kubeadm:node-proxier']),
];
