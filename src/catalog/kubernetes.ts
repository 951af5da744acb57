import type { Kubernetes } from '#core/kubernetes.ts';

/** What differs from one Kubernetes minor to the next. */
export interface KubernetesMinor {
  /** `1.34`. */
  readonly minor: string;
  /** The tag of the sandbox image that kubeadm names. */
  readonly pause: string;
  /** The newest configuration API that kubeadm reads. */
  readonly kubeadmApi: 'v1beta3' | 'v1beta4';
  /** A patch release that is known to exist; the newest when this was written. */
  readonly patch: string;
  /** The day on which its support ended, or will: `2026-10-27`. */
  readonly supportedUntil: string;
}

/** Who says what is supported. */
export const RELEASE_PAGE = 'https://kubernetes.io/releases/';

/**
 * The minors that slipway knows, oldest first.
 *
 * Pause tags: `PauseVersion` of kubeadm. 1.30 and 1.31 as minikube lists them, 1.34 to 1.36 as kubeadm itself
 * warns, 1.37 taken over from 1.36.
 * @see https://github.com/kubernetes/kubernetes/blob/v1.36.3/cmd/kubeadm/app/constants/constants.go
 * @see https://github.com/kubernetes/minikube/blob/v1.35.0/pkg/minikube/constants/constants_kubeadm_images.go
 *
 * Configuration API: v1beta4 since 1.31, which deprecates v1beta3; that has left in 1.36 or 1.37.
 * @see https://github.com/kubernetes/kubernetes/pull/125029 (v1.31.0)
 *
 * Patches, and the days on which support ends: the release page, read in November 2026.
 * @see {@link RELEASE_PAGE}
 */
export const KUBERNETES_MINORS: readonly KubernetesMinor[] = [
  { minor: '1.30', pause: '3.9', kubeadmApi: 'v1beta3', patch: '1.30.14', supportedUntil: '2025-06-28' },
  { minor: '1.31', pause: '3.10', kubeadmApi: 'v1beta4', patch: '1.31.14', supportedUntil: '2025-10-28' },
  { minor: '1.32', pause: '3.10', kubeadmApi: 'v1beta4', patch: '1.32.9', supportedUntil: '2026-02-28' },
  { minor: '1.33', pause: '3.10', kubeadmApi: 'v1beta4', patch: '1.33.8', supportedUntil: '2026-06-28' },
  { minor: '1.34', pause: '3.10.1', kubeadmApi: 'v1beta4', patch: '1.34.11', supportedUntil: '2026-10-27' },
  { minor: '1.35', pause: '3.10.1', kubeadmApi: 'v1beta4', patch: '1.35.9', supportedUntil: '2027-02-28' },
  { minor: '1.36', pause: '3.10.2', kubeadmApi: 'v1beta4', patch: '1.36.4', supportedUntil: '2027-06-28' },
  { minor: '1.37', pause: '3.10.2', kubeadmApi: 'v1beta4', patch: '1.37.1', supportedUntil: '2027-10-28' },
];

const NEWEST = KUBERNETES_MINORS.at(-1)!;

/** `1.34` of `1.34.9`. */
export const minorOf = (version: string): string => version.split('.').slice(0, 2).join('.');

/** `34` of `1.34.9`. */
export const minorNumber = (version: string): number => Number(version.split('.')[1]);

/** What is known of a version's minor; nothing where slipway does not know it. */
export function kubernetesMinor(version: string): KubernetesMinor | undefined {
  const wanted = minorOf(version);
  return KUBERNETES_MINORS.find(({ minor }) => minor === wanted);
}

/** Whether it is of a minor that came after all that slipway knows. */
export const isNewerThanKnown = (version: string): boolean =>
  /^1\.\d+\./.test(version) && minorNumber(version) > minorNumber(NEWEST.minor);

/** The same as `kubernetesMinor`, and for a newer minor, which an inventory may take by a word of its own, what is known of the newest. */
export const nearestMinor = (version: string): KubernetesMinor | undefined =>
  kubernetesMinor(version) ?? (isNewerThanKnown(version) ? NEWEST : undefined);

/** The image of the container that holds a pod together, as kubeadm names it. */
export function pauseImage({
  imageRepository,
  version,
}: Pick<Kubernetes, 'imageRepository' | 'version'>): string {
  const minor = nearestMinor(version);
  if (minor === undefined) throw new TypeError(`Kubernetes ${version} is not in the catalog`);
  return `${imageRepository}/pause:${minor.pause}`;
}
