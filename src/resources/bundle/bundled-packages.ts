import type { BundledPackage, BundledRepository } from '#core/bundle.ts';
import type { ClusterBundle } from '#core/cluster.ts';
import { rememberLast } from '#core/remember-last.ts';
import { changeOr, type Difference, differs, refused, type Resource, resource } from '#core/resource.ts';
import { sha256Of } from '#core/sha256.ts';
import { lines, type Script, sh } from '#core/shell.ts';
import type { Piece, RunStep } from '#core/step.ts';
import type { DistributionFamily } from '#distributions/distribution-family.ts';
import { PACKAGES_LANE } from '#distributions/packages-lane.ts';
import { distributionFamilyOf, isRelease } from '#distributions/supported.ts';
import {
  BUNDLE_APT,
  BUNDLE_DIRECTORY,
  BUNDLE_ID,
  bundlePackages,
  type BundlePackagesAnswer,
} from '#facts/bundle-state.ts';
import { type OsAnswer, os } from '#facts/os.ts';
import { unsupported } from '#resources/packages/unsupported.ts';

const REPOSITORY = `${BUNDLE_DIRECTORY}/repository`;
const SOURCES = `${BUNDLE_DIRECTORY}/sources.list`;
/** By SSH over a slow line. */
const TIMEOUT_MS = 60 * 60_000;

/**
 * The packages of the bundle that a host lacks, as a repository on the host itself, which apt is pointed at while slipway
 * works there. Its own sources stay as they are.
 */
export function bundledPackages(bundle: ClusterBundle, host: string): Resource {
  const wanted = bundle.wanted[host] ?? [];
  const repositories = repositoriesFor(bundle, wanted);
  const names = [...new Set(repositories.flatMap(({ packages }) => packages.map(({ name }) => name)))];
  return resource({
    address: 'bundle:packages',
    facts: { os: os(), found: bundlePackages(names.toSorted()) },
    lane: PACKAGES_LANE,
    diff: ({ os: machine, found }) => {
      const family = distributionFamilyOf(machine);
      if (family === undefined) return unsupported(machine);
      const repository = repositories.find(
        ({ release, architecture }) => architecture === machine.arch && isRelease(release, machine),
      );
      if (repository === undefined) return refusedFor(bundle, machine, wanted);
      return decide(bundle, repository, family, found);
    },
  });
}

/** Hosts of a kind want the same. */
const repositoriesFor = rememberLast(
  ({ repositories }: ClusterBundle, wanted: readonly string[]): readonly BundledRepository[] =>
    repositories.filter((one) => JSON.stringify(one.wanted) === JSON.stringify(wanted)),
);

function refusedFor(bundle: ClusterBundle, { id, versionId, arch }: OsAnswer, wanted: readonly string[]) {
  const there = [
    ...new Set(bundle.repositories.map(({ release, architecture }) => `${release} on ${architecture}`)),
  ];
  return refused(
    'Bundle',
    `the bundle has no packages for ${id} ${versionId} on ${arch}${there.length > 0 ? `, but for ${there.join(', ')}` : ''}`,
    `make it anew with slipway bundle create --release "${id} ${versionId}" --arch ${arch}; wanted are ${wanted.join(', ')}`,
  );
}

function decide(
  bundle: ClusterBundle,
  repository: BundledRepository,
  family: DistributionFamily,
  found: BundlePackagesAnswer,
) {
  const pool = new Set(found.pool);
  const lacking = repository.packages.filter(
    (one) => !pool.has(one.sha256) && !isInstalled(one, family, found),
  );
  const lacks = new Set(lacking.map(({ sha256 }) => sha256));
  const index = indexOf(repository.packages.filter(({ sha256 }) => pool.has(sha256) || lacks.has(sha256)));
  const differences: readonly Difference[] = [
    ...(lacking.length === 0
      ? []
      : [{ what: 'packages', from: null, to: `${lacking.length}, ${sizeOf(lacking)}` }]),
    ...differs('bundle', short(found.id), short(bundle.id)),
    ...differs('index', short(found.index), short(sha256Of(index))),
  ];
  return changeOr(`the packages of the bundle that it lacks are there`, differences, () => [
    bringStep(bundle, repository, lacking, index),
  ]);
}

/** What is newer there has come from elsewhere, and stays. */
const isInstalled = (
  { name, version }: BundledPackage,
  { compareVersions }: DistributionFamily,
  { installed }: BundlePackagesAnswer,
): boolean => installed[name] !== undefined && compareVersions(installed[name], version) >= 0;

/** @see https://wiki.debian.org/DebianRepository/Format */
const indexOf = (packages: readonly BundledPackage[]): string =>
  packages
    .map(
      ({ control, sha256, sizeBytes }) =>
        `${control}\nFilename: ./${sha256}.deb\nSize: ${sizeBytes}\nSHA256: ${sha256}\n`,
    )
    .join('\n');

const short = (digest: string | null): string | null => (digest === null ? null : digest.slice(0, 12));

const sizeOf = (packages: readonly BundledPackage[]): string =>
  `${Math.ceil(packages.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) / 1024 ** 2)} MiB`;

/**
 * A repository needs no signature here: it comes by SSH, and each package is compared with its digest twice, by this and by
 * apt.
 *
 * @see https://manpages.debian.org/bookworm/apt/apt.conf.5.en.html (Dir; APT_CONFIG is read first)
 */
const APT_CONFIG = `// Written by slipway: packages of the bundle, and nothing else.
Dir::Etc::sourcelist "${SOURCES}";
Dir::Etc::sourceparts "/dev/null";
Dir::State::lists "${BUNDLE_DIRECTORY}/lists";
APT::Sandbox::User "root";
`;

function bringStep(
  { id }: ClusterBundle,
  { release, packages }: BundledRepository,
  lacking: readonly BundledPackage[],
  index: string,
): RunStep {
  const releaseFile = `Date: Thu, 01 Jan 1970 00:00:00 UTC\nSHA256:\n ${sha256Of(index)} ${Buffer.byteLength(index)} Packages\n`;
  const pieces: readonly Piece[] = [
    ...lacking.map(({ sha256, sizeBytes }) => ({ path: `repository/${sha256}.deb`, sha256, sizeBytes })),
    { path: 'repository/Packages', text: index },
    { path: 'repository/Release', text: releaseFile },
    { path: 'apt.conf', text: APT_CONFIG },
    { path: 'sources.list', text: `deb [trusted=yes] file:${REPOSITORY} ./\n` },
    { path: 'digests', text: lacking.map(({ sha256 }) => `${sha256}  repository/${sha256}.deb\n`).join('') },
    { path: 'keep', text: packages.map(({ sha256 }) => `${sha256}.deb\n`).join('') },
    { path: 'id', text: `${id}\n` },
  ];
  return {
    do: 'run',
    summary: `bring ${lacking.length} packages of the bundle for ${release}`,
    timeoutMs: TIMEOUT_MS,
    pieces,
    script: BRING,
  };
}

/** A package has its place once its digest is seen to be right: a run that is cut off leaves what is right for the next. */
const BRING: Script = lines(
  sh`umask 022; mkdir -p ${BUNDLE_DIRECTORY} ${REPOSITORY} ${`${BUNDLE_DIRECTORY}/lists/partial`}
cd ${BUNDLE_DIRECTORY}
rm -rf fresh ${BUNDLE_ID}; mkdir fresh
tar -x -f - -C fresh --no-same-owner
( cd fresh && if [ -s digests ]; then sha256sum --quiet --strict -c digests; fi ) >&2
for path in fresh/repository/*; do mv -f "$path" repository/; done
mv -f fresh/apt.conf fresh/sources.list .
for path in repository/*.deb; do
  if [ -e "$path" ] && ! grep -qxF "$(basename "$path")" fresh/keep; then rm -f "$path"; fi
done
rm -f /run/slipway-package-index
export APT_CONFIG=${BUNDLE_APT}
apt-get update -q -o APT::Update::Error-Mode=any
mv -f fresh/id ${BUNDLE_ID}
rm -rf fresh`,
);
