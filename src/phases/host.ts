import { firewalldOpeningOf } from '#checks/preflight/surroundings.ts';
import type { KindContext, Phase } from '#core/phase.ts';
import type { Resource } from '#core/resource.ts';
import { firewalldOpening, noFirewalld, noFirewalldOpening } from '#resources/host/firewalld.ts';
import { ownFile } from '#resources/files/own-file.ts';
import { CALICO_INTERFACES_FILE, unmanagedCalico } from '#resources/host/network-manager.ts';
import { permissiveSelinux } from '#resources/host/selinux.ts';
import { packageIndex } from '#resources/packages/package-index.ts';
import { packages } from '#resources/packages/packages.ts';
import type { WantedPackage } from '#resources/packages/wanted-package.ts';

export const host: Phase = {
  name: 'host',
  summary:
    'packages of the distribution, the firewall, SELinux and NetworkManager, as the inventory asks for them',
  needs: () => ['preflight', 'proxy', 'bundle'],
  common: (context) => [
    ...firewall(context),
    ...(context.host.selinux === 'permissive' ? [permissiveSelinux] : []),
    ...interfaces(context),
    ...packagesOfHost(context),
  ],
};

function firewall({ cluster, host: { firewalld, role } }: KindContext): readonly Resource[] {
  if (firewalld === undefined) return [];
  if (firewalld === 'keep') return [noFirewalldOpening];
  return [firewalld === 'open' ? firewalldOpening(firewalldOpeningOf(cluster, role)) : noFirewalld];
}

/** A file of the operator's at the same place is as good. */
function interfaces({ cluster, host: { networkManager, files } }: KindContext): readonly Resource[] {
  if (cluster.network.plugin !== 'calico' || networkManager === undefined) return [];
  if (files.some(({ path }) => path === CALICO_INTERFACES_FILE)) return [];
  return [networkManager === 'keep' ? ownFile(CALICO_INTERFACES_FILE, null) : unmanagedCalico];
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
