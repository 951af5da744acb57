// What the stand-in for an API server has.
export const node = (name: string): object => ({
  metadata: { name, labels: { rack: 'a' }, annotations: { long: 'é'.repeat(3000) } },
  spec: {},
  status: { nodeInfo: { machineID: name, kubeletVersion: 'v1.34.9', containerRuntimeVersion: 'c' } },
});
export const KUBELET = '/api/v1/namespaces/kube-system/configmaps/kubelet-config';
export const objects = {
  '/api/v1/nodes': { kind: 'NodeList', apiVersion: 'v1', metadata: {}, items: [node('cp1'), node('w1')] },
  [KUBELET]: {
    kind: 'ConfigMap',
    apiVersion: 'v1',
    metadata: { name: 'kubelet-config' },
    data: { kubelet: 'kind: KubeletConfiguration\n' },
  },
  '/apis/rbac.authorization.k8s.io/v1/clusterroles/kubeadm:get-nodes': {
    kind: 'ClusterRole',
    apiVersion: 'rbac.authorization.k8s.io/v1',
    metadata: { name: 'kubeadm:get-nodes' },
  },
};
/** What kubectl prints of the same objects. */
export const BY_KUBECTL = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [] });

const metadata = (name: string): object => ({
  name,
  namespace: 'kube-system',
  generation: 2,
  annotations: { last: '{"generation":7,"status":{"replicas":9}}' },
});

export const workloadsAt = (daemonSet: object, deployment: object, padding = ''): Record<string, object> => ({
  '/apis/apps/v1/namespaces/kube-system/daemonsets/kube-proxy': {
    kind: 'DaemonSet',
    apiVersion: 'apps/v1',
    metadata: metadata('kube-proxy'),
    spec: { padding },
    status: daemonSet,
  },
  '/apis/apps/v1/namespaces/kube-system/deployments/coredns': {
    kind: 'Deployment',
    apiVersion: 'apps/v1',
    metadata: metadata('coredns'),
    spec: { replicas: 2 },
    status: deployment,
  },
});
