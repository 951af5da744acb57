/**
 * Files that kubeadm and the kubelet leave on a node.
 *
 * @see https://kubernetes.io/docs/reference/setup-tools/kubeadm/implementation-details/ (v1.34)
 */
export const KUBEADM_FILES = {
  ca: '/etc/kubernetes/pki/ca.crt',
  bootstrap: '/etc/kubernetes/bootstrap-kubelet.conf',
  kubelet: '/etc/kubernetes/kubelet.conf',
  /**
   * The kubelet's own credentials. The kubelet writes kubelet.conf when it begins to ask for them, so that file is no
   * proof that there are any: seen with 1.34.9.
   */
  clientCertificate: '/var/lib/kubelet/pki/kubelet-client-current.pem',
  kubeletConfiguration: '/var/lib/kubelet/config.yaml',
  etcdData: '/var/lib/etcd/member',
  /** What slipway's `kubeadm init` was given; kubeadm reset removes it with the rest of the directory. */
  initMarker: '/etc/kubernetes/pki/slipway-init.yaml',
} as const;

/** A file of a finished control plane, and the phase of `kubeadm init` that writes it anew. */
interface ControlPlaneFile {
  readonly path: string;
  readonly phase: readonly [string, string];
}

const certificate = (name: string): readonly ControlPlaneFile[] =>
  ['crt', 'key'].map((extension) => ({
    path: `/etc/kubernetes/pki/${name}.${extension}`,
    phase: ['certs', name.replace('/', '-')],
  }));

/** In the order in which kubeadm makes them; what nobody can make again is in `IRREPLACEABLE`. */
export const CONTROL_PLANE_FILES: readonly ControlPlaneFile[] = [
  ...[
    'apiserver',
    'apiserver-kubelet-client',
    'front-proxy-client',
    'etcd/server',
    'etcd/peer',
    'etcd/healthcheck-client',
    'apiserver-etcd-client',
  ].flatMap(certificate),
  ...['admin', 'controller-manager', 'scheduler'].map((name): ControlPlaneFile => ({
    path: `/etc/kubernetes/${name}.conf`,
    phase: ['kubeconfig', name],
  })),
  { path: '/etc/kubernetes/manifests/etcd.yaml', phase: ['etcd', 'local'] },
  ...['apiserver', 'controller-manager', 'scheduler'].map((name): ControlPlaneFile => ({
    path: `/etc/kubernetes/manifests/kube-${name}.yaml`,
    phase: ['control-plane', name],
  })),
];

/** Made anew, these would be others: nothing in the cluster would trust them. */
export const IRREPLACEABLE = [
  'ca.crt',
  'ca.key',
  'front-proxy-ca.crt',
  'front-proxy-ca.key',
  'etcd/ca.crt',
  'etcd/ca.key',
  'sa.key',
  'sa.pub',
].map((name) => `/etc/kubernetes/pki/${name}`);
