import {
  isNewerThanKnown,
  KUBERNETES_MINORS,
  type KubernetesMinor,
  kubernetesMinor,
  RELEASE_PAGE,
} from '#catalog/kubernetes.ts';

export const isSupportedOn = (
  day: Date,
  { supportedUntil }: Pick<KubernetesMinor, 'supportedUntil'>,
): boolean => day.toISOString().slice(0, 10) <= supportedUntil;

/** What there is to say of a cluster whose Kubernetes has no support any more, or is newer than what is known. */
export function supportWarning(version: string, now: Date): string | undefined {
  const known = kubernetesMinor(version);
  if (isNewerThanKnown(version)) {
    return `Kubernetes ${version} is of a minor that slipway was not tried with: it is done as ${KUBERNETES_MINORS.at(-1)?.minor}; see slipway versions`;
  }
  return known === undefined || isSupportedOn(now, known)
    ? undefined
    : `Kubernetes ${known.minor} has been out of support since ${known.supportedUntil} (${RELEASE_PAGE}); see slipway versions`;
}
