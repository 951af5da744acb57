import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { type BundledPackage, type BundledRepository, compare, wantedLine } from '#core/bundle.ts';
import { EXIT } from '#core/exit-code.ts';
import { SlipwayError } from '#core/slipway-error.ts';
import type { PackageQuestion } from '#distributions/distribution-family.ts';
import { isVersion } from '#distributions/package-version.ts';
import { freshMachineOf } from '#distributions/supported.ts';

import type { BlobStore } from './blob-store.ts';
import type { ClosureOptions } from './closure.ts';
import { outputOf, type RunProgram } from './programs.ts';
import type { WantedPackages } from './wanted.ts';
import { sha256Of } from '#core/sha256.ts';

/**
 * What apt puts together and checks: packages for a directory in which nothing is installed.
 *
 * @see https://manpages.debian.org/bookworm/apt/apt-get.8.en.html (--print-uris, --download-only)
 */
export async function aptClosure(
  wanted: WantedPackages,
  architecture: string,
  options: ClosureOptions,
): Promise<BundledRepository> {
  const { run, store, directory, during } = options;
  const { release, packages } = wanted;
  const of = `${release}, ${architecture}`;
  if ((await run(['apt-get', '--version'])).code !== 0) throw withoutApt(release);
  const root = join(directory, `${release.replaceAll(/\W/g, '-')}-${architecture}`);
  const archives = join(directory, 'archives');
  await prepare(root, archives, wanted, options);
  const settings = settingsFor(root, archives, architecture);
  const failed = (what: string) => ({
    what: `${what} (${of})`,
    hint: 'what apt says is above: is the mirror reached, and does it have this release? Other sources for it are given with --sources',
  });
  await during(`index of packages for ${of}`, () =>
    outputOf(
      run,
      ['apt-get', ...settings, 'update', '-q', '-o', 'APT::Update::Error-Mode=any'],
      failed('apt could not fetch the index of packages'),
    ),
  );
  const exact = await Promise.all(packages.map((one) => exactly(one, settings, options, of)));
  const install = ['apt-get', ...settings, '--no-install-recommends', '-y', '-q'] as const;
  const list = await outputOf(
    run,
    // What is fetched already is not listed.
    [...install, '-o', `Dir::Cache::archives=${root}/none`, '--print-uris', 'install', ...exact],
    failed('apt cannot put these packages together'),
  );
  const files = [...list.matchAll(/^'[^']+' (\S+)_(\S+)_\S+\.deb \d+ /gm)].map(
    ([, name = '', version = '']) => `${name}=${decodeURIComponent(version)}`,
  );
  await during(`${files.length} packages for ${of}`, () =>
    outputOf(
      run,
      [...install, '--download-only', 'install', ...exact],
      failed('apt could not fetch the packages'),
    ),
  );
  const stanzas = await outputOf(
    run,
    ['apt-cache', ...settings, 'show', '--no-all-versions', ...files],
    failed('apt does not know what it has fetched'),
  );
  const bundled = new Map<string, BundledPackage>();
  for (const stanza of stanzas.split(/\n\n+/).filter((text) => text.trim() !== '')) {
    const one = await bundledPackage(stanza, archives, store);
    if (one !== undefined) bundled.set(one.sha256, one);
  }
  if (bundled.size < files.length)
    throw new SlipwayError(`apt has listed ${files.length} packages and described ${bundled.size} (${of})`, {
      code: 'bundle-packages',
    });
  return {
    release,
    architecture,
    wanted: packages.map(wantedLine),
    packages: [...bundled.values()].toSorted((left, right) => compare(left.file, right.file)),
  };
}

/** The package at the version that hosts would take. */
async function exactly(
  { name, version }: PackageQuestion,
  settings: readonly string[],
  { run }: ClosureOptions,
  of: string,
): Promise<string> {
  if (version === null) return name;
  const { stdout } = await run(['apt-cache', ...settings, 'madison', name]);
  const offered = stdout.split('\n').flatMap((row) => row.split('|')[1]?.trim() ?? []);
  const found = offered.find((one) => isVersion(one, version));
  if (found !== undefined) return `${name}=${found}`;
  throw new SlipwayError(
    `no package repository offers ${name} ${version} (${of})${offered.length > 0 ? `; these versions are there: ${offered.slice(0, 10).join(', ')}` : ''}`,
    { code: 'bundle-packages', hint: 'choose a version that is there in the inventory' },
  );
}

/**
 * What a package manager goes by, and a person reads first. What is about the archive that a package came from (its place
 * there, its digests) means nothing where it goes.
 */
const KEPT =
  /^(?:Package|Version|Architecture|Maintainer|Installed-Size|(?:Pre-)?Depends|Recommends|Suggests|Breaks|Conflicts|Replaces|Provides|Essential|Important|Protected|Multi-Arch|Section|Priority|Description):/;

async function bundledPackage(
  stanza: string,
  archives: string,
  store: BlobStore,
): Promise<BundledPackage | undefined> {
  const field = (name: string): string => new RegExp(`^${name}: *(.*)$`, 'm').exec(stanza)?.[1] ?? '';
  const [name, version, architecture] = [field('Package'), field('Version'), field('Architecture')];
  const sha256 = field('SHA256');
  // As apt names what it fetches: https://salsa.debian.org/apt-team/apt/-/blob/2.6.1/apt-pkg/acquire-item.cc (QuoteString, "_:%")
  const file = `${name}_${version.replaceAll(/[_:%]/g, (one) => `%${one.charCodeAt(0).toString(16)}`)}_${architecture}.deb`;
  const bytes = await readFile(join(archives, file)).catch(() => undefined);
  if (bytes === undefined) return undefined;
  if (sha256Of(bytes) !== sha256) {
    await rm(join(archives, file));
    throw new SlipwayError(`${file} is not what its repository says: run the same command again`, {
      code: 'artifact-mismatch',
    });
  }
  const { sizeBytes } = await store.put(bytes);
  const control = stanza
    .split(/\n(?! )/)
    .filter((text) => KEPT.test(text))
    .join('\n');
  return { name, version, file, sha256, sizeBytes, control };
}

/** Nothing of this machine's own but how its apt reaches servers, and whom it trusts. */
const settingsFor = (root: string, archives: string, architecture: string): readonly string[] =>
  [
    `Dir=${root}`,
    `Dir::State::status=${join(root, 'status')}`,
    `Dir::Cache::archives=${archives}`,
    'Dir::Etc::trusted=/etc/apt/trusted.gpg',
    'Dir::Etc::trustedparts=/etc/apt/trusted.gpg.d/',
    `APT::Architecture=${DEBIAN_NAMES[architecture] ?? architecture}`,
    `APT::Architectures=${DEBIAN_NAMES[architecture] ?? architecture}`,
    'APT::Sandbox::User=root',
    'APT::Install-Suggests=false',
    'Acquire::Languages=none',
    'Acquire::AllowInsecureRepositories=false',
    'APT::Get::AllowUnauthenticated=false',
    'Debug::NoLocking=1',
    'Binary::apt-get::APT::Keep-Downloaded-Packages=true',
  ].flatMap((option) => ['-o', option]);

/** Go's names of architectures that Debian has others for. */
const DEBIAN_NAMES: Readonly<Record<string, string>> = { arm: 'armhf', ppc64le: 'ppc64el' };

async function prepare(
  root: string,
  archives: string,
  { release, family, repositories }: WantedPackages,
  { keys, sources, run }: ClosureOptions,
): Promise<void> {
  await rm(join(root, 'etc'), { recursive: true, force: true });
  const directories = [
    'etc/apt/sources.list.d',
    'etc/apt/preferences.d',
    'etc/apt/keyrings',
    'none/partial',
    'var/lib/apt/lists/partial',
  ];
  for (const path of directories) await mkdir(join(root, path), { recursive: true });
  await mkdir(join(archives, 'partial'), { recursive: true });
  await writeFile(join(root, 'status'), '');
  const own = sources.get(release) ?? (await distributionSources(release, run));
  await writeFile(join(root, 'etc/apt/sources.list'), own);
  const os = freshMachineOf(release);
  for (const { name, source } of repositories) {
    const signed = { ...source, key: keys.get(source.keyUrl) ?? '' };
    for (const { path, content } of family.repositoryFiles(name)) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      // The entry names its key by where hosts have it.
      const text = content(signed, os).replaceAll('signed-by=/', `signed-by=${root}/`);
      await writeFile(join(root, path), text);
    }
  }
}

/**
 * Where a distribution is published, for machines that have no mirror of it: those of its own.
 *
 * @see https://deb.debian.org
 * @see https://documentation.ubuntu.com/server/explanation/software/package-management/ (archive, security)
 */
const ARCHIVES: Readonly<Record<string, Archive>> = {
  debian: {
    origin: 'Debian',
    main: 'http://deb.debian.org/debian',
    security: 'http://security.debian.org/debian-security',
    components: 'main',
    keyring: '/usr/share/keyrings/debian-archive-keyring.gpg',
  },
  ubuntu: {
    origin: 'Ubuntu',
    main: 'http://archive.ubuntu.com/ubuntu',
    security: 'http://security.ubuntu.com/ubuntu',
    components: 'main universe',
    keyring: '/usr/share/keyrings/ubuntu-archive-keyring.gpg',
  },
};

interface Archive {
  readonly origin: string;
  readonly main: string;
  readonly security: string;
  readonly components: string;
  readonly keyring: string;
}

/** A release from the mirror that this machine has of the distribution, else from the distribution's own servers. */
async function distributionSources(release: string, run: RunProgram): Promise<string> {
  const { id, codename } = freshMachineOf(release);
  const archive = ARCHIVES[id];
  if (archive === undefined) throw withoutApt(release);
  const format = '$(SITE)|$(LABEL)|$(RELEASE)';
  const { stdout } = await run(['apt-get', 'indextargets', '--format', format, `ORIGIN: ${archive.origin}`]);
  const known = stdout.split('\n').map((row) => row.split('|'));
  const site = (isSecurity: boolean): string | undefined =>
    known.find(([place = '', label = '', suite = '']) => {
      return (
        /^\S+:\S/.test(place) && (label.includes('Security') || suite.includes('-security')) === isSecurity
      );
    })?.[0];
  const signed = existsSync(archive.keyring) ? ` [signed-by=${archive.keyring}]` : '';
  const main = site(false) ?? archive.main;
  // A mirror without security updates is nobody's wish, and may be all there is.
  const security = site(true) ?? (site(false) === undefined ? archive.security : undefined);
  return [
    `deb${signed} ${main} ${codename} ${archive.components}`,
    `deb${signed} ${main} ${codename}-updates ${archive.components}`,
    ...(security === undefined
      ? []
      : [`deb${signed} ${security} ${codename}-security ${archive.components}`]),
    '',
  ].join('\n');
}

const withoutApt = (release: string): SlipwayError =>
  new SlipwayError(`packages for ${release} cannot be put into a bundle here`, {
    code: 'bundle-without-apt',
    exitCode: EXIT.usage,
    hint: 'a bundle is made where apt is: on any Debian or Ubuntu, one of the hosts outside, or in a container of debian:12; packages are left out with --no-packages, and come from a mirror of the site then',
  });
