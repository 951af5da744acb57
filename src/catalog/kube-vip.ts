/**
 * The newest release when this was written; its digest is not known here.
 *
 * @see https://github.com/kube-vip/kube-vip/releases/tag/v1.2.3
 */
export const KUBE_VIP_IMAGE = 'ghcr.io/kube-vip/kube-vip:v1.2.3';
