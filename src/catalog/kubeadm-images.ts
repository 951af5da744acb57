import type { Kubernetes } from '#core/kubernetes.ts';

import { minorOf, pauseImage } from './kubernetes.ts';

/**
 * Tags of the images that have versions of their own, by minor: those of its newer patch releases when this was written.
 * kubeadm itself is asked where that is possible, since a patch release may have others.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/v1.35.6/cmd/kubeadm/app/constants/constants.go (CoreDNSVersion, DefaultEtcdVersion)
 */
const TAGS: Readonly<Record<string, { readonly coredns: string; readonly etcd: string }>> = {
  '1.32': { coredns: 'v1.11.3', etcd: '3.5.16-0' },
  '1.33': { coredns: 'v1.12.0', etcd: '3.5.21-0' },
  '1.34': { coredns: 'v1.12.1', etcd: '3.6.5-0' },
  '1.35': { coredns: 'v1.13.1', etcd: '3.6.6-0' },
  '1.36': { coredns: 'v1.14.2', etcd: '3.6.8-0' },
};

/** The images of a control plane and its nodes, as `kubeadm config images list` names them; undefined where they are not known. */
export function kubeadmImages({
  version,
  imageRepository,
}: Pick<Kubernetes, 'version' | 'imageRepository'>): readonly string[] | undefined {
  const tags = TAGS[minorOf(version)];
  if (tags === undefined) return undefined;
  const folder = imageRepository === 'registry.k8s.io' ? 'coredns/' : '';
  return [
    ...['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kube-proxy'].map(
      (name) => `${imageRepository}/${name}:v${version}`,
    ),
    `${imageRepository}/${folder}coredns:${tags.coredns}`,
    pauseImage({ version, imageRepository }),
    `${imageRepository}/etcd:${tags.etcd}`,
  ];
}

/** Whether only control planes run an image of kubeadm's. */
export const isOfControlPlane = (image: string): boolean =>
  /\/(?:kube-apiserver|kube-controller-manager|kube-scheduler|etcd):/.test(image);
