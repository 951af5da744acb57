import type { Phase } from '#core/phase.ts';
import { controlPlaneCertificates } from '#resources/kubeadm/control-plane-certificates.ts';
import { kubeletCertificates, kubeletCredentials } from '#resources/kubeadm/kubelet-certificates.ts';

import { PREPARED } from './prepared.ts';

/**
 * Before all that asks the API server: with certificates that have ended, it does not answer. A phase of its own, so that
 * control planes take turns with those that it is asked through last.
 */
export const certificates: Phase = {
  name: 'certificates',
  summary: "certificates that end soon: kubeadm's are renewed, where that is wanted",
  needs: () => PREPARED,
  common: ({ cluster, host }) => (host.role === 'worker' ? [kubeletCertificates(cluster)] : []),
  resources: ({ cluster, host, isClusterHost }, common) =>
    host.role === 'worker'
      ? common
      : [kubeletCredentials(cluster, host), controlPlaneCertificates(cluster, host, isClusterHost)],
};
