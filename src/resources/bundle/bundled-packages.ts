import type { BundledPackage, BundledRepository } from '#core/bundle.ts';
import type { ClusterBundle } from '#core/cluster.ts';
import type { Fact } from '#core/fact.ts';
import { rememberLast } from '#core/remember-last.ts';
import { changeOr, type Difference, differs, refused, type Resource, resource } from '#core/resource.ts';
import { sha256Of } from '#core/sha256.ts';
import { lines, type Script, sh } from '#core/shell.ts';
import type { Piece, RunStep } from '#core/step.ts';
import type { DistributionFamily } from '#distributions/distribution-family.ts';
import { FAMILIES } from '#distributions/families.ts';
import { PACKAGES_LANE } from '#distributions/packages-lane.ts';
import { distributionFamilyOf, isRelease } from '#distributions/supported.ts';
import {
  BUNDLE_DIRECTORY,
  BUNDLE_ID,
  BUNDLE_REPOSITORY,
  bundlePackages,
  type BundlePackagesAnswer,
} from '#facts/bundle-state.ts';
import { type OsAnswer, os } from '#facts/os.ts';
import { unsupported } from '#resources/packages/unsupported.ts';

import { LOCAL_REPOSITORIES } from './local-repository.ts';

/** By SSH over a slow line. */
const TIMEOUT_MS = 60 * 60_000;

/**
 * The packages of the bundle that a host lacks, as a repository on the host itself, which its package manager is pointed at
 * while slipway works there. Its own sources stay as they are.
 */
export function bundledPackages(bundle: ClusterBundle, host: string): Resource {
  const wanted = bundle.wanted[host] ?? {};
  const repositories = repositoriesFor(bundle, wanted);
  const facts = Object.fromEntries(
    FORMATS.flatMap((format) => {
      const names = repositories
        .filter((one) => formatOf(one) === format)
        .flatMap(({ packages }) => packages.map(({ name }) => name));
      return names.length === 0 ? [] : [[format, bundlePackages(format, [...new Set(names)].toSorted())]];
    }),
  ) as Readonly<Record<Format, Fact<BundlePackagesAnswer>>>;
  return resource({
    address: 'bundle:packages',
    facts: { os: os(), ...facts },
    lane: PACKAGES_LANE,
    diff: ({ os: machine, ...answers }) => {
      const family = distributionFamilyOf(machine);
      if (family === undefined) return unsupported(machine);
      const repository = repositories.find(
        ({ release, architecture }) => architecture === machine.arch && isRelease(release, machine),
      );
      if (repository === undefined) return refusedFor(bundle, machine, Object.values(wanted)[0] ?? []);
      return decide(bundle, repository, family, answers[family.packageFormat] ?? NOTHING);
    },
  });
}

type Format = DistributionFamily['packageFormat'];

const FORMATS: readonly Format[] = ['deb', 'rpm'];

/** Of a host that the bundle has packages for, and that needs none of them. */
const NOTHING: BundlePackagesAnswer = { id: null, pool: [], index: null, installed: {} };

const formatOf = ({ release }: BundledRepository): Format | undefined =>
  FAMILIES.find(({ releases }) => releases.includes(release))?.packageFormat;

/** Hosts of a kind want the same. */
const repositoriesFor = rememberLast(
  ({ repositories }: ClusterBundle, wanted: Wanted): readonly BundledRepository[] =>
    repositories.filter((one) => JSON.stringify(one.wanted) === JSON.stringify(wanted[one.release])),
);

type Wanted = ClusterBundle['wanted'][string];

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
  const index = LOCAL_REPOSITORIES[family.packageFormat].index(
    repository.packages.filter(({ sha256 }) => pool.has(sha256) || lacks.has(sha256)),
  );
  const differences: readonly Difference[] = [
    ...(lacking.length === 0
      ? []
      : [{ what: 'packages', from: null, to: `${lacking.length}, ${sizeOf(lacking)}` }]),
    ...differs('bundle', short(found.id), short(bundle.id)),
    ...differs('index', short(found.index), short(sha256Of(index))),
  ];
  return changeOr(`the packages of the bundle that it lacks are there`, differences, () => [
    bringStep(bundle, repository, family.packageFormat, lacking, index),
  ]);
}

/** What is newer there has come from elsewhere, and stays. */
const isInstalled = (
  { name, version }: BundledPackage,
  { compareVersions }: DistributionFamily,
  { installed }: BundlePackagesAnswer,
): boolean => installed[name] !== undefined && compareVersions(installed[name], version) >= 0;

const short = (digest: string | null): string | null => (digest === null ? null : digest.slice(0, 12));

const sizeOf = (packages: readonly BundledPackage[]): string =>
  `${Math.ceil(packages.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) / 1024 ** 2)} MiB`;

function bringStep(
  { id }: ClusterBundle,
  { release, packages }: BundledRepository,
  format: Format,
  lacking: readonly BundledPackage[],
  index: string,
): RunStep {
  const { files, read } = LOCAL_REPOSITORIES[format];
  const pathOf = ({ sha256 }: BundledPackage): string => `repository/${sha256}.${format}`;
  const pieces: readonly Piece[] = [
    ...lacking.map((one) => ({ path: pathOf(one), sha256: one.sha256, sizeBytes: one.sizeBytes })),
    ...files(index),
    { path: 'digests', text: lacking.map((one) => `${one.sha256}  ${pathOf(one)}\n`).join('') },
    { path: 'keep', text: packages.map(({ sha256 }) => `${sha256}.${format}\n`).join('') },
    { path: 'id', text: `${id}\n` },
  ];
  return {
    do: 'run',
    summary: `bring ${lacking.length} packages of the bundle for ${release}`,
    timeoutMs: TIMEOUT_MS,
    pieces,
    script: lines(BRING, read, DONE),
  };
}

/** A package has its place once its digest is seen to be right: a run that is cut off leaves what is right for the next. */
const BRING: Script = sh`umask 022; mkdir -p ${BUNDLE_DIRECTORY} ${BUNDLE_REPOSITORY}
cd ${BUNDLE_DIRECTORY}
rm -rf fresh ${BUNDLE_ID}; mkdir fresh
tar -x -f - -C fresh --no-same-owner
( cd fresh && if [ -s digests ]; then sha256sum --quiet --strict -c digests; fi ) >&2
rm -rf repository/repodata
for path in fresh/repository/*; do mv -f "$path" repository/; done
for path in repository/*.deb repository/*.rpm; do
  if [ -e "$path" ] && ! grep -qxF "$(basename "$path")" fresh/keep; then rm -f "$path"; fi
done
for name in apt.conf sources.list repos.d; do
  if [ -e fresh/"$name" ]; then rm -rf "$name"; mv -f fresh/"$name" .; fi
done`;

const DONE: Script = sh`mv -f fresh/id ${BUNDLE_ID}
rm -rf fresh`;
