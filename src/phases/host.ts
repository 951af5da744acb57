import { firewalldOpeningOf } from '#checks/preflight/surroundings.ts';
import type { KindContext, Phase } from '#core/phase.ts';
import type { Resource } from '#core/resource.ts';
import { firewalldOpening, noFirewalld, noFirewalldOpening } from '#resources/host/firewalld.ts';
import { permissiveSelinux } from '#resources/host/selinux.ts';
import { packageIndex } from '#resources/packages/package-index.ts';
import { packages } from '#resources/packages/packages.ts';
import type { WantedPackage } from '#resources/packages/wanted-package.ts';

export const host: Phase = {
  name: 'host',
  summary: 'packages of the distribution, the firewall and SELinux, as the inventory asks for them',
  needs: () => ['preflight', 'proxy', 'bundle'],
  common: (context) => [
    ...firewall(context),
    ...(context.host.selinux === 'permissive' ? [permissiveSelinux] : []),
    ...packagesOfHost(context),
  ],
};

function firewall({ cluster, host: { firewalld, role } }: KindContext): readonly Resource[] {
  if (firewalld === undefined) return [];
  if (firewalld === 'keep') return [noFirewalldOpening];
  return [firewalld === 'open' ? firewalldOpening(firewalldOpeningOf(cluster, role)) : noFirewalld];
}

function packagesOfHost(context: KindContext): readonly Resource[] {
  const wanted = wantedPackages(context);
  if (wanted.length === 0) return [];
  return [
    packageIndex({ name: 'host', packages: wanted }),
    packages({ name: 'host', packages: wanted, isHeld: false, phase: 'host' }),
  ];
}

function wantedPackages({
  cluster,
  host: { packages: extra, selinux },
}: KindContext): readonly WantedPackage[] {
  const isIpvs = cluster.kubernetes.kubeProxy.mode === 'ipvs';
  return [
    ...(isIpvs ? [{ software: 'ipvs-tools', version: null } as const] : []),
    ...(selinux === 'enforcing' ? [{ software: 'container-selinux', version: null } as const] : []),
    ...extra.map((name) => ({ name, version: null })),
  ];
}
