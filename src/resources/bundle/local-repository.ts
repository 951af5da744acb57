import type { BundledPackage } from '#core/bundle.ts';
import { type Script, sh } from '#core/shell.ts';
import { sha256Of } from '#core/sha256.ts';
import type { Piece } from '#core/step.ts';
import type { DistributionFamily } from '#distributions/distribution-family.ts';
import {
  BUNDLE_APT,
  BUNDLE_DIRECTORY,
  BUNDLE_DNF_CACHE,
  BUNDLE_REPOSITORY,
  BUNDLE_DNF_OPTIONS,
} from '#facts/bundle-state.ts';

/**
 * A repository of packages on the host itself, as its package manager reads one. It needs no signature: it comes by SSH, and
 * each package is compared with its digest twice, before it has its place and by the package manager.
 */
export interface LocalRepository {
  /** Of these packages. */
  readonly index: (packages: readonly BundledPackage[]) => string;
  /** What lies beside the packages, and points the package manager at them, by its path below the bundle's directory. */
  readonly files: (index: string) => readonly Extract<Piece, { readonly text: string }>[];
  /** Has the package manager read it. */
  readonly read: Script;
}

const SOURCES = `${BUNDLE_DIRECTORY}/sources.list`;

/**
 * @see https://wiki.debian.org/DebianRepository/Format
 * @see https://manpages.debian.org/bookworm/apt/apt.conf.5.en.html (Dir; APT_CONFIG is read first)
 */
const deb: LocalRepository = {
  index: (packages) =>
    packages
      .map(
        ({ control, sha256, sizeBytes }) =>
          `${control}\nFilename: ./${sha256}.deb\nSize: ${sizeBytes}\nSHA256: ${sha256}\n`,
      )
      .join('\n'),
  files: (index) => [
    { path: 'repository/Packages', text: index },
    {
      path: 'repository/Release',
      text: `Date: Thu, 01 Jan 1970 00:00:00 UTC\nSHA256:\n ${sha256Of(index)} ${Buffer.byteLength(index)} Packages\n`,
    },
    {
      path: 'apt.conf',
      text: `// Written by slipway: packages of the bundle, and nothing else.
Dir::Etc::sourcelist "${SOURCES}";
Dir::Etc::sourceparts "/dev/null";
Dir::State::lists "${BUNDLE_DIRECTORY}/lists";
APT::Sandbox::User "root";
`,
    },
    { path: 'sources.list', text: `deb [trusted=yes] file:${BUNDLE_REPOSITORY} ./\n` },
  ],
  read: sh`mkdir -p ${`${BUNDLE_DIRECTORY}/lists/partial`}
rm -f /run/slipway-package-index
APT_CONFIG=${BUNDLE_APT} apt-get update -q -o APT::Update::Error-Mode=any`,
};

/** @see https://github.com/rpm-software-management/createrepo_c/blob/1.2.0/src/xml_dump_repomd.c */
const repomd = (primary: string): string => {
  const [digest, size] = [sha256Of(primary), Buffer.byteLength(primary)];
  return `<?xml version="1.0" encoding="UTF-8"?>
<repomd xmlns="http://linux.duke.edu/metadata/repo">
  <revision>${digest.slice(0, 12)}</revision>
  <data type="primary">
    <checksum type="sha256">${digest}</checksum>
    <open-checksum type="sha256">${digest}</open-checksum>
    <location href="repodata/primary.xml"/>
    <timestamp>0</timestamp>
    <size>${size}</size>
    <open-size>${size}</open-size>
  </data>
</repomd>
`;
};

/** @see https://dnf.readthedocs.io/en/latest/conf_ref.html#repo-options (4.14; module_hotfixes: no stream hides a package) */
const rpm: LocalRepository = {
  index: (packages) => `<?xml version="1.0" encoding="UTF-8"?>
<metadata xmlns="http://linux.duke.edu/metadata/common" xmlns:rpm="http://linux.duke.edu/metadata/rpm" packages="${packages.length}">
${packages
  .map(({ control, sha256 }) =>
    control.replace('<package type="rpm">', `<package type="rpm">\n  <location href="${sha256}.rpm"/>`),
  )
  .join('\n')}
</metadata>
`,
  files: (index) => [
    { path: 'repository/repodata/primary.xml', text: index },
    { path: 'repository/repodata/repomd.xml', text: repomd(index) },
    {
      path: 'repos.d/slipway-bundle.repo',
      text: `# Written by slipway: packages of the bundle, and nothing else.
[slipway-bundle]
name=packages of the bundle
baseurl=file://${BUNDLE_REPOSITORY}
enabled=1
gpgcheck=0
repo_gpgcheck=0
module_hotfixes=1
skip_if_unavailable=0
`,
    },
  ],
  read: sh`rm -rf ${BUNDLE_DNF_CACHE}
dnf ${BUNDLE_DNF_OPTIONS} -y -q makecache`,
};

export const LOCAL_REPOSITORIES: Readonly<Record<DistributionFamily['packageFormat'], LocalRepository>> = {
  deb,
  rpm,
};
