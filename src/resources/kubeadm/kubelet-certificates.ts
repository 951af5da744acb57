import { KUBELET_SERVING_CERTIFICATE } from '#configuration/kubeadm-certificates.ts';
import { KUBEADM_FILES } from '#configuration/kubeadm-files.ts';
import type { Cluster, Host } from '#core/cluster.ts';
import { change, none, noted, refused, type Resource, resource } from '#core/resource.ts';
import type { CertificateAnswer } from '#facts/certificates.ts';
import { pathKind } from '#facts/path.ts';

import { endOf, hostCertificates, stateOf } from './certificate-facts.ts';
import { phasesStep } from './kubeadm-phases.ts';

/** What a kubelet renews by itself long before its end, and what is shown to its clients only. */
const OWN: ReadonlySet<string> = new Set([KUBEADM_FILES.clientCertificate, KUBELET_SERVING_CERTIFICATE]);

/** Whether the credentials of a kubelet have ended. With rotation off they stand in kubelet.conf itself. */
export const hasExpiredCredentials = (found: readonly CertificateAnswer[]): boolean =>
  stateOf(found, KUBEADM_FILES.clientCertificate) === 'expired' ||
  stateOf(found, KUBEADM_FILES.kubelet) === 'expired';

/** The certificates of a worker's kubelet, where it has not renewed them as it should have. */
export const kubeletCertificates = (cluster: Cluster): Resource =>
  resource({
    address: 'kubelet-certificates',
    facts: { found: hostCertificates(cluster, 'worker') },
    diff: ({ found }) => noted(none('a kubelet renews its certificates by itself'), kubeletNotes(found)),
  });

export const kubeletNotes = (found: readonly CertificateAnswer[]): readonly string[] =>
  found
    .filter(({ path, state }) => OWN.has(path) && state === 'due')
    .map(
      (one) =>
        `${one.path} ${endOf(one)}, and the kubelet has not renewed it: its journal says why, journalctl -u kubelet | grep -i certificate`,
    );

/**
 * Credentials for the kubelet of a control plane that was off until they had ended. The authority is on this host, so
 * kubeadm makes them without asking the API server, which may wait for this very kubelet.
 *
 * @see https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/troubleshooting-kubeadm/#kubelet-client-cert (v1.34)
 */
export const kubeletCredentials = (cluster: Cluster, host: Host): Resource =>
  resource({
    address: 'kubelet-credentials',
    facts: {
      found: hostCertificates(cluster, 'control-plane'),
      authorityKey: pathKind('/etc/kubernetes/pki/ca.key'),
    },
    settle: { timeoutMs: 60_000 },
    diff: ({ found, authorityKey }) => {
      if (!hasExpiredCredentials(found))
        return noted(none("the kubelet's credentials have not ended"), kubeletNotes(found));
      const from = found
        .filter(({ path }) => path === KUBEADM_FILES.clientCertificate || path === KUBEADM_FILES.kubelet)
        .map(endOf)
        .join(', ');
      if (authorityKey !== 'file')
        return refused(
          'KubeletCredentials',
          `the credentials of the kubelet ${from}, and the key of the authority that signed is not on this host`,
          `have a certificate signed for system:node:${host.name} of system:nodes where that key is kept, and put it into ${KUBEADM_FILES.kubelet}`,
        );
      const phase = 'kubeconfig kubelet';
      return change(
        [{ what: 'credentials of the kubelet', from, to: `kubeadm init phase ${phase}` }],
        [phasesStep(cluster, host, [phase])],
        ['kubelet.service'],
      );
    },
  });
