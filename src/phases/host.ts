import type { KindContext, Phase } from '#core/phase.ts';
import { packageIndex } from '#resources/packages/package-index.ts';
import { packages } from '#resources/packages/packages.ts';
import type { WantedPackage } from '#resources/packages/wanted-package.ts';

/**
 * What an operator of kube-proxy's ipvs mode looks at its tables with.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/proxy/ipvs/README.md#prerequisite (ipset)
 */
const IPVS_PACKAGES = ['ipset', 'ipvsadm'] as const;

export const host: Phase = {
  name: 'host',
  summary: 'packages of the distribution that the inventory asks for',
  needs: () => ['preflight'],
  common: (context) => {
    const wanted = wantedPackages(context);
    if (wanted.length === 0) return [];
    return [
      packageIndex({ name: 'host', packages: wanted }),
      packages({ name: 'host', packages: wanted, isHeld: false, phase: 'host' }),
    ];
  },
};

function wantedPackages({ cluster, host: { packages: extra } }: KindContext): readonly WantedPackage[] {
  const forProxy = cluster.kubernetes.kubeProxy.mode === 'ipvs' ? IPVS_PACKAGES : [];
  return [...new Set([...forProxy, ...extra])].map((name) => ({ name, version: null }));
}
