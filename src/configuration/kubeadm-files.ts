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
  kubeletFlags: '/var/lib/kubelet/kubeadm-flags.env',
  /** Where kubeadm finds the runtime's socket when it upgrades a node; from 1.34 on. */
  instanceConfiguration: '/var/lib/kubelet/instance-config.yaml',
  apiServerManifest: '/etc/kubernetes/manifests/kube-apiserver.yaml',
  /** What slipway's `kubeadm init` was given; kubeadm reset removes it with the rest of the directory. */
  initMarker: '/etc/kubernetes/pki/slipway-init.yaml',
} as const;

/** A file of a finished control plane, and what brings it back: a phase of `kubeadm init`, or `KUBELET_RESTART`. */
export interface ControlPlaneFile {
  readonly path: string;
  readonly phase: string;
}

/** What the kubelet makes itself when it starts, both halves or none. */
export const KUBELET_RESTART = 'restart of the kubelet';

const certificate = (name: string): readonly ControlPlaneFile[] =>
  ['crt', 'key'].map((extension) => ({
    path: `/etc/kubernetes/pki/${name}.${extension}`,
    phase: `certs ${name.replace('/', '-')}`,
  }));

/** Not there where the kubelet gets its serving certificate from the cluster. */
export const KUBELET_SERVING_FILES = ['crt', 'key'].map(
  (extension) => `/var/lib/kubelet/pki/kubelet.${extension}`,
);

/** In an order in which they can be made; what nobody can make again is in `IRREPLACEABLE`. */
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
    phase: `kubeconfig ${name}`,
  })),
  ...[
    KUBEADM_FILES.kubeletFlags,
    KUBEADM_FILES.instanceConfiguration,
    KUBEADM_FILES.kubeletConfiguration,
  ].map((path): ControlPlaneFile => ({ path, phase: 'kubelet-start' })),
  ...[KUBEADM_FILES.kubelet, KUBEADM_FILES.clientCertificate].map((path): ControlPlaneFile => ({
    path,
    phase: 'kubeconfig kubelet',
  })),
  { path: '/etc/kubernetes/manifests/etcd.yaml', phase: 'etcd local' },
  ...['apiserver', 'controller-manager', 'scheduler'].map((name): ControlPlaneFile => ({
    path: `/etc/kubernetes/manifests/kube-${name}.yaml`,
    phase: `control-plane ${name}`,
  })),
  ...KUBELET_SERVING_FILES.map((path): ControlPlaneFile => ({ path, phase: KUBELET_RESTART })),
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
