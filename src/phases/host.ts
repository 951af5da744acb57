import type { KindContext, Phase } from '#core/phase.ts';
import { packageIndex } from '#resources/packages/package-index.ts';
import { packages } from '#resources/packages/packages.ts';
import type { WantedPackage } from '#resources/packages/wanted-package.ts';

export const host: Phase = {
  name: 'host',
  summary: 'packages of the distribution that the inventory asks for',
  needs: () => ['preflight', 'proxy', 'bundle'],
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
  const isIpvs = cluster.kubernetes.kubeProxy.mode === 'ipvs';
  return [
    ...(isIpvs ? [{ software: 'ipvs-tools', version: null } as const] : []),
    ...extra.map((name) => ({ name, version: null })),
  ];
}
