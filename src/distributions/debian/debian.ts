import type { DistributionFamily } from '#distributions/distribution-family.ts';

import { compareDebVersions } from './compare-deb-versions.ts';
import { installDebFile } from './install-deb-file.ts';
import { installEffects } from './install-effects.ts';
import { hold, install, purge, unhold } from './install.ts';
import { otherEntries } from './other-entries.ts';
import { packageFacts } from './package-facts.ts';
import { refreshIndex } from './refresh-index.ts';
import { CODENAMES, REFUSED } from './releases.ts';
import { proxyFile } from './proxy-file.ts';
import { repositoryFiles, tryRepository } from './repository-files.ts';

/** Debian and Ubuntu: apt and dpkg. */
export const debian: DistributionFamily = {
  name: 'debian',
  ids: ['debian', 'ubuntu'],
  releases: Object.keys(CODENAMES),
  codenames: CODENAMES,
  refused: REFUSED,
  freshMachine: {
    id: 'debian',
    idLike: [],
    versionId: '13',
    codename: 'trixie',
    prettyName: 'Debian GNU/Linux 13 (trixie)',
    kernel: '6.12.0',
    tools: ['apt-get', 'systemctl'],
  },
  packageFormat: 'deb',
  software: {
    containerd: ['containerd'],
    docker: ['docker.io'],
    'ipvs-tools': ['ipset', 'ipvsadm'],
    'container-selinux': [],
  },
  /** @see https://www.debian.org/doc/debian-policy/ch-controlfields.html#source (4.7) */
  isPackageName: (name) => /^[a-z0-9][a-z0-9+.-]+$/.test(name),
  packageFacts,
  installEffects,
  simulation: 'apt-get -s install',
  compareVersions: compareDebVersions,
  repositoryFiles,
  otherEntries,
  tryRepository,
  refreshIndex,
  install,
  hold,
  unhold,
  purge,
  packageFile: { extension: '.deb', install: installDebFile },
  proxyFile,
};
