/**
 * Where members of etcd keep their data unless kubeadm is told otherwise.
 *
 * @see https://kubernetes.io/docs/reference/config-api/kubeadm-config.v1beta4/#kubeadm-k8s-io-v1beta4-LocalEtcd (v1.34)
 */
export const DEFAULT_DATA_DIR = '/var/lib/etcd';

/**
 * Where control planes have what they reach an external etcd with.
 *
 * @see https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/high-availability/#set-up-the-first-control-plane-node-1 (v1.34)
 */
export const EXTERNAL_ETCD_FILES = {
  ca: '/etc/kubernetes/pki/etcd/ca.crt',
  cert: '/etc/kubernetes/pki/apiserver-etcd-client.crt',
  key: '/etc/kubernetes/pki/apiserver-etcd-client.key',
} as const;

/**
 * What kubeadm takes of an external etcd at least.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/release-1.36/cmd/kubeadm/app/constants/constants.go (MinExternalEtcdVersion 3.5.24-0; the same in newer patches from 1.32 on)
 */
export const OLDEST_EXTERNAL_ETCD = '3.5.24';
