import { kubernetesMinor, minorNumber } from '#catalog/kubernetes.ts';
import { KUBEADM_FILES } from '#configuration/kubeadm-files.ts';
import type { Cluster, HostKind } from '#core/cluster.ts';
import type { Resource } from '#core/resource.ts';
import { upstreamVersion } from '#distributions/package-version.ts';
import { packageState } from '#facts/package.ts';
import { pathKind } from '#facts/path.ts';

import { check } from './check.ts';
import { isOlder } from './upgrade-gates.ts';

/** How many minors a kubelet may be older than the API servers. */
const KUBELET_SKEW = 3;

/**
 * kubeadm takes a control plane to the next minor and no further, and never back: etcd does not read what a newer one
 * has written.
 *
 * @see https://kubernetes.io/releases/version-skew-policy/ (v1.34)
 */
export const kubernetesVersion = ({ kubernetes: { version } }: Cluster, { role }: HostKind): Resource =>
  check({
    name: 'KubernetesVersion',
    facts: { kubelet: packageState('kubelet', version), node: pathKind(KUBEADM_FILES.kubelet) },
    judge: ({ kubelet, node }, host) => {
      if (node === 'absent') return `${host} is no node yet`;
      const installed = kubelet.installed === null ? null : upstreamVersion(kubelet.installed);
      if (installed === null || installed === version) return `${host} runs Kubernetes ${version}`;
      const why = `${host} is a node that runs Kubernetes ${installed}, and the inventory wants ${version}`;
      if (isOlder(version, installed))
        return { why: `${why}: there is no way back`, hint: `write kubernetes.version: ${installed}` };
      const minors = minorNumber(version) - minorNumber(installed);
      if (minors <= (role === 'control-plane' ? 1 : KUBELET_SKEW)) return `from ${installed} to ${version}`;
      const next = `${version.split('.')[0]}.${minorNumber(installed) + 1}`;
      const stop = kubernetesMinor(`${next}.0`)?.patch ?? `a patch of ${next}`;
      return {
        why: `${why}: an upgrade goes by one minor at a time`,
        hint: `upgrade to ${stop} first: kubernetes.version: ${stop}`,
      };
    },
  });
