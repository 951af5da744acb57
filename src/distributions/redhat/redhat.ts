import type { DistributionFamily } from '#distributions/distribution-family.ts';

import { compareRpmVersions } from './compare-rpm-versions.ts';
import { installEffects } from './install-effects.ts';
import { hold, install, installRpmFile, moreModules, purge, unhold, VERSION_LOCK } from './install.ts';
import { NODE_PACKAGES } from './node-packages.ts';
import { otherEntries } from './other-entries.ts';
import { packageFacts } from './package-facts.ts';
import { proxyFile } from './proxy-file.ts';
import { refreshIndex } from './refresh-index.ts';
import { hasOwnContainerd, REFUSED, RELEASES } from './releases.ts';
import { repositoryFiles, tryRepository } from './repository-files.ts';

/** Red Hat Enterprise Linux, its kin, Fedora, Amazon Linux and openEuler: dnf and rpm. */
export const redhat: DistributionFamily = {
  name: 'redhat',
  ids: ['rhel', 'fedora', 'centos', 'rocky', 'almalinux', 'ol', 'amzn', 'openEuler'],
  releases: RELEASES,
  refused: REFUSED,
  freshMachine: {
    id: 'rocky',
    idLike: ['rhel', 'centos', 'fedora'],
    versionId: '9.6',
    codename: '',
    prettyName: 'Rocky Linux 9.6 (Blue Onyx)',
    kernel: '5.14.0',
    tools: ['dnf', 'systemctl'],
  },
  packageFormat: 'rpm',
  software: {
    containerd: ['containerd'],
    docker: [],
    'ipvs-tools': ['ipset', 'ipvsadm'],
    'container-selinux': ['container-selinux'],
  },
  lacks: (os, software) =>
    software === 'containerd' && !hasOwnContainerd(os)
      ? 'set runtime.source: docker in the inventory (or upstream)'
      : undefined,
  nodePackages: NODE_PACKAGES,
  // dnf 5, Fedora's, has it built in.
  holding: ({ id }) => (id === 'fedora' ? [] : [VERSION_LOCK]),
  /** @see https://rpm-software-management.github.io/rpm/man/rpm-packagename.7 */
  isPackageName: (name) => /^[A-Za-z0-9_][A-Za-z0-9_.+-]*$/.test(name),
  simulation: 'dnf --assumeno install',
  packageFacts,
  installEffects,
  compareVersions: compareRpmVersions,
  repositoryFiles,
  otherEntries,
  tryRepository,
  refreshIndex,
  install,
  hold,
  unhold,
  purge,
  moreModules,
  packageFile: { extension: '.rpm', install: installRpmFile },
  proxyFile,
};
