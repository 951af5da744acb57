import { KUBEADM_FILES, KUBELET_SERVING_FILES } from './kubeadm-files.ts';

/** A certificate that kubeadm renews, on each control plane. */
export interface KubeadmCertificate {
  /** By which `kubeadm certs renew` knows it. */
  readonly name: string;
  /** Of the certificate, or of the kubeconfig that it is in. */
  readonly path: string;
  /** The authority that signs it, by its path without extension. */
  readonly authority: string;
  /** The program that uses it, which is restarted on it; absent where programs read it each time. */
  readonly pod?: 'etcd' | 'kube-apiserver' | 'kube-controller-manager' | 'kube-scheduler';
}

const PKI = '/etc/kubernetes/pki';
const CA = `${PKI}/ca`;
const ETCD_CA = `${PKI}/etcd/ca`;
const FRONT_PROXY_CA = `${PKI}/front-proxy-ca`;

export const AUTHORITIES = [CA, ETCD_CA, FRONT_PROXY_CA] as const;

export const ADMIN_KUBECONFIG = 'admin.conf';
export const APISERVER_CERTIFICATE = `${PKI}/apiserver.crt`;

/** @see https://kubernetes.io/docs/tasks/administer-cluster/kubeadm/kubeadm-certs/#manual-certificate-renewal (v1.34) */
export const KUBEADM_CERTIFICATES: readonly KubeadmCertificate[] = [
  { name: 'etcd-server', path: `${PKI}/etcd/server.crt`, authority: ETCD_CA, pod: 'etcd' },
  { name: 'etcd-peer', path: `${PKI}/etcd/peer.crt`, authority: ETCD_CA, pod: 'etcd' },
  { name: 'etcd-healthcheck-client', path: `${PKI}/etcd/healthcheck-client.crt`, authority: ETCD_CA },
  { name: 'apiserver', path: APISERVER_CERTIFICATE, authority: CA, pod: 'kube-apiserver' },
  {
    name: 'apiserver-etcd-client',
    path: `${PKI}/apiserver-etcd-client.crt`,
    authority: ETCD_CA,
    pod: 'kube-apiserver',
  },
  {
    name: 'apiserver-kubelet-client',
    path: `${PKI}/apiserver-kubelet-client.crt`,
    authority: CA,
    pod: 'kube-apiserver',
  },
  {
    name: 'front-proxy-client',
    path: `${PKI}/front-proxy-client.crt`,
    authority: FRONT_PROXY_CA,
    pod: 'kube-apiserver',
  },
  {
    name: 'controller-manager.conf',
    path: '/etc/kubernetes/controller-manager.conf',
    authority: CA,
    pod: 'kube-controller-manager',
  },
  { name: 'scheduler.conf', path: '/etc/kubernetes/scheduler.conf', authority: CA, pod: 'kube-scheduler' },
  { name: ADMIN_KUBECONFIG, path: '/etc/kubernetes/admin.conf', authority: CA },
  { name: 'super-admin.conf', path: '/etc/kubernetes/super-admin.conf', authority: CA },
];

/**
 * Where a kubelet with serverTLSBootstrap keeps what it serves with.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/kubelet/certificate/kubelet.go (NewKubeletServerCertificateManager)
 */
export const KUBELET_SERVING_CERTIFICATE = '/var/lib/kubelet/pki/kubelet-server-current.pem';

/** Of a kubelet: what it shows to the cluster, which it renews by itself, and what it serves with. */
const KUBELET_CERTIFICATES = [
  KUBEADM_FILES.clientCertificate,
  KUBEADM_FILES.kubelet,
  KUBELET_SERVING_CERTIFICATE,
  ...KUBELET_SERVING_FILES.filter((path) => path.endsWith('.crt')),
];

/** A copy of admin.conf that its owner has to make again when that is renewed. */
export const ROOT_KUBECONFIG = '/root/.kube/config';

/** All files of a host that hold certificates of the cluster. */
export const certificatePaths = (role: 'control-plane' | 'worker'): readonly string[] =>
  role === 'worker'
    ? KUBELET_CERTIFICATES
    : [
        ...KUBEADM_CERTIFICATES.map(({ path }) => path),
        ...AUTHORITIES.map((path) => `${path}.crt`),
        ...KUBELET_CERTIFICATES,
        ROOT_KUBECONFIG,
      ];
