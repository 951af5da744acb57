import { certificatePaths } from '#configuration/kubeadm-certificates.ts';
import type { Cluster, Role } from '#core/cluster.ts';
import type { Fact } from '#core/fact.ts';
import { type CertificateAnswer, certificates } from '#facts/certificates.ts';

/** How long before its end a certificate is told of, where the inventory does not say that it is renewed. */
const TOLD_BEFORE_MS = 30 * 24 * 3_600_000;

/** All certificates of a host: one question, for whoever asks. */
export const hostCertificates = (
  { certificates: { renewBeforeMs } }: Pick<Cluster, 'certificates'>,
  role: Role,
): Fact<readonly CertificateAnswer[]> =>
  certificates(certificatePaths(role), renewBeforeMs ?? TOLD_BEFORE_MS);

export const stateOf = (
  found: readonly CertificateAnswer[],
  path: string,
): CertificateAnswer['state'] | undefined => found.find((one) => one.path === path)?.state;

/** `ends on 2026-12-18`, or `ended on`. */
export const endOf = ({ state, notAfter }: CertificateAnswer): string =>
  `${state === 'expired' ? 'ended' : 'ends'} on ${notAfter.slice(0, 10)}`;
