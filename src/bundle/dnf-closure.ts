import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { type BundledPackage, type BundledRepository, compare, wantedLine } from '#core/bundle.ts';
import { EXIT } from '#core/exit-code.ts';
import { sha256Of } from '#core/sha256.ts';
import { SlipwayError } from '#core/slipway-error.ts';
import { ofFormat } from '#distributions/repository-source.ts';
import { freshMachineOf, isRelease } from '#distributions/supported.ts';

import type { ClosureOptions } from './closure.ts';
import { outputOf, type RunProgram } from './programs.ts';
import { type DescribedRpm, readRpmMetadata } from './rpm-metadata.ts';
import type { WantedPackages } from './wanted.ts';

/**
 * What dnf puts together and checks: packages for a directory in which nothing is installed. dnf compares each package with
 * the key of its repository before it says that it has fetched them.
 *
 * @see https://dnf.readthedocs.io/en/latest/command_ref.html (4.14: --installroot, --forcearch, --downloadonly)
 * @see https://github.com/rpm-software-management/dnf/blob/4.14.0/dnf/cli/cli.py (do_transaction: gpgsigcheck, then downloadonly)
 */
export async function dnfClosure(
  wanted: WantedPackages,
  architecture: string,
  options: ClosureOptions,
): Promise<BundledRepository> {
  const { run, store, directory, during } = options;
  const { release, packages } = wanted;
  const of = `${release}, ${architecture}`;
  await refuseWithoutPrograms(run, release);
  const root = join(directory, `${release.replaceAll(/\W/g, '-')}-${architecture}`);
  const archives = join(root, 'archives');
  await prepare(root, wanted, options);
  const failed = (what: string) => ({
    what: `${what} (${of})`,
    hint: 'what dnf says is above: are the repositories reached, and do they have this release? Others are given with --sources',
  });
  const before = await asRoot(run);
  const said = await during(`packages for ${of}`, () =>
    outputOf(
      run,
      [...before, ...dnfWords(root, wanted, architecture), ...packages.map(spec)],
      failed('dnf could not put these packages together'),
    ),
  );
  const listed = listedPackages(said);
  refuseMiscounted(listed.length, said, of);
  const metadata = join(root, 'metadata');
  await rm(metadata, { recursive: true, force: true });
  await mkdir(metadata, { recursive: true });
  await outputOf(
    run,
    [
      'createrepo_c',
      '--quiet',
      '--no-database',
      '--general-compress-type=gz',
      '--checksum=sha256',
      `--outputdir=${metadata}`,
      archives,
    ],
    failed('createrepo_c could not read the packages that dnf has fetched'),
  );
  const described = await readRpmMetadata(join(metadata, 'repodata'));
  const bundled: BundledPackage[] = [];
  for (const one of listed) {
    const found = described.find((rpm) => isNamed(rpm, one));
    if (found === undefined) {
      throw new SlipwayError(`dnf has listed ${one.name} ${one.version} and not fetched it (${of})`, {
        code: 'bundle-packages',
      });
    }
    const bytes = await readFile(join(archives, found.file));
    if (sha256Of(bytes) !== found.sha256) {
      throw new SlipwayError(`${found.file} was changed while it was read: run the same command again`, {
        code: 'artifact-mismatch',
      });
    }
    const { name, version, file, sha256, control } = found;
    bundled.push({ name, version, file, sha256, control, sizeBytes: (await store.put(bytes)).sizeBytes });
  }
  return {
    release,
    architecture,
    wanted: packages.map(wantedLine),
    packages: bundled.toSorted((left, right) => compare(left.file, right.file)),
  };
}

/** As dnf finds the newest build of a version. */
const spec = ({ name, version }: WantedPackages['packages'][number]): string =>
  version === null ? name : `${name}-${version}`;

/** What makes one root in directories of one's own: dnf asks for that whatever it is to do. */
async function asRoot(run: RunProgram): Promise<readonly [string, ...string[]]> {
  const { stdout } = await run(['id', '-u']);
  const words = ['env', 'LC_ALL=C'] as const;
  return stdout.trim() === '0' ? words : ['unshare', '--map-root-user', '--', ...words];
}

async function refuseWithoutPrograms(run: RunProgram, release: string): Promise<void> {
  const missing: string[] = [];
  for (const program of ['dnf', 'createrepo_c', 'rpm'] as const)
    if ((await run([program, '--version'])).code !== 0) missing.push(program);
  if (missing.length === 0) return;
  throw new SlipwayError(
    `packages for ${release} cannot be put into a bundle here: there is no ${missing.join(' and no ')}`,
    {
      code: 'bundle-without-dnf',
      exitCode: EXIT.usage,
      hint: 'install them: apt-get install dnf createrepo-c rpm (Debian, Ubuntu), dnf install createrepo_c (the Red Hat family); or leave packages out with --no-packages, and take a mirror of the site',
    },
  );
}

/** rpm's names of architectures that Go has others for. */
const RPM_NAMES: Readonly<Record<string, string>> = { amd64: 'x86_64', arm64: 'aarch64' };

/** Nothing of this machine's own but how it reaches servers. */
const dnfWords = (
  root: string,
  { release }: WantedPackages,
  architecture: string,
): readonly [string, ...string[]] => [
  'dnf',
  '-y',
  `--config=${join(root, 'dnf.conf')}`,
  `--installroot=${join(root, 'root')}`,
  `--releasever=${freshMachineOf(release).versionId}`,
  `--forcearch=${RPM_NAMES[architecture] ?? architecture}`,
  'install',
  '--downloadonly',
  `--destdir=${join(root, 'archives')}`,
];

/** By these dnf finds the streams of modules that a release has by default. */
const PLATFORMS: Readonly<Record<string, string>> = { fedora: 'f', amzn: 'al' };

async function prepare(
  root: string,
  { release, family, repositories }: WantedPackages,
  { keys, sources }: ClosureOptions,
): Promise<void> {
  for (const path of ['root', 'repos']) await rm(join(root, path), { recursive: true, force: true });
  for (const path of ['root', 'repos', 'vars', 'archives'])
    await mkdir(join(root, path), { recursive: true });
  const { id, versionId } = freshMachineOf(release);
  const own = sources.get(release);
  const isHere = own === undefined && (await isOwnRelease(release));
  if (own === undefined && !isHere) throw withoutSources(release);
  if (own !== undefined) {
    refuseUnchecked(release, own);
    await writeFile(join(root, 'repos', 'release.repo'), own);
  }
  const settings = {
    reposdir: [join(root, 'repos'), ...(isHere ? ['/etc/yum.repos.d'] : [])].join(','),
    varsdir: isHere ? '/etc/dnf/vars,/etc/yum/vars' : join(root, 'vars'),
    cachedir: join(root, 'cache'),
    persistdir: join(root, 'persist'),
    logdir: join(root, 'log'),
    module_platform_id: `platform:${PLATFORMS[id] ?? 'el'}${versionId.split('.')[0]}`,
    plugins: 0,
    gpgcheck: 1,
    best: 1,
    skip_if_unavailable: 0,
    install_weak_deps: 0,
  };
  const rows = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  await writeFile(join(root, 'dnf.conf'), ['[main]', ...rows, ''].join('\n'));
  for (const { name, source } of repositories) {
    const rpm = ofFormat(source, 'rpm');
    const signed = { ...rpm, key: keys.get(rpm.keyUrl) ?? '' };
    for (const { path, content, isEntry } of family.repositoryFiles(name)) {
      const place = isEntry === true ? join(root, 'repos', `${name}.repo`) : join(root, 'keys', path);
      await mkdir(dirname(place), { recursive: true });
      // The entry names its key by where hosts have it.
      const text = content(signed, { id, versionId, codename: '' });
      await writeFile(place, text.replaceAll('gpgkey=file:///', `gpgkey=file://${join(root, 'keys')}/`));
    }
  }
}

/** Whether this machine runs that very release: what it has of repositories is as good as a host's. */
async function isOwnRelease(release: string): Promise<boolean> {
  const text = await readFile('/etc/os-release', 'utf8').catch(() => '');
  const of = (field: string): string => new RegExp(`^${field}="?([^"\\n]*)"?$`, 'm').exec(text)?.[1] ?? '';
  return isRelease(release, { id: of('ID'), versionId: of('VERSION_ID') });
}

const isOff = (value: string | undefined): boolean => /^(?:0|no|false|off)$/i.test(value ?? '');

/** @throws {SlipwayError} for repositories whose packages nobody would check. */
function refuseUnchecked(release: string, text: string): void {
  const sections = text.split(/^(?=\[)/m).filter((section) => section.startsWith('['));
  for (const section of sections) {
    const name = /^\[([^\]]*)\]/.exec(section)?.[1] ?? '';
    const of = (key: string): string | undefined =>
      new RegExp(`^${key}\\s*=\\s*(.*?)\\s*$`, 'mi').exec(section)?.[1];
    if (name === 'main' || isOff(of('enabled'))) continue;
    const isSigned = !isOff(of('gpgcheck')) || /^(?:1|yes|true|on)$/i.test(of('repo_gpgcheck') ?? '');
    if (isSigned && of('gpgkey') !== undefined) continue;
    throw new SlipwayError(`the repository ${name} in the sources for ${release} is not checked by any key`, {
      code: 'bundle-unchecked',
      exitCode: EXIT.usage,
      hint: `give it gpgcheck=1 and gpgkey=, the file or the URL of its key: once packages are in the bundle, their digests are all that is compared`,
    });
  }
}

const withoutSources = (release: string): SlipwayError =>
  new SlipwayError(`nobody says where packages for ${release} come from`, {
    code: 'bundle-sources',
    exitCode: EXIT.usage,
    hint: `give its repositories as a file of dnf's, with their keys: --sources "${release}=FILE.repo"; on a machine that runs ${release} its own are taken (docs/air-gapped.md)`,
  });

interface Listed {
  readonly name: string;
  readonly architecture: string;
  readonly version: string;
}

/**
 * The packages in the table that dnf shows people. A row begins with one blank, and goes on in rows with more where it is
 * too long for the width of the page.
 */
export function listedPackages(said: string): readonly Listed[] {
  const table = said.slice(0, Math.max(said.indexOf('\nTransaction Summary'), 0));
  const rows = table.replaceAll(/\n {2,}(?=\S)/g, ' ').split('\n');
  const start = rows.findIndex((row) => row.startsWith('Installing'));
  return rows.slice(Math.max(start, 0)).flatMap((row) => {
    const [, name, architecture, version] = /^ (\S+)\s+(\S+)\s+(\S+)\s+\S+\s+\S/.exec(row) ?? [];
    if (name === undefined || architecture === undefined || version === undefined) return [];
    return [{ name, architecture, version: version.replace(/^0:/, '') }];
  });
}

/** @throws {SlipwayError} where dnf counts otherwise than its table was read. */
function refuseMiscounted(found: number, said: string, of: string): void {
  const counted = /^\s*Install(?:ing:)?\s+(\d+) [Pp]ackages?/m.exec(said)?.[1];
  if (counted !== undefined && Number(counted) === found) return;
  throw new SlipwayError(`dnf wants ${counted ?? 'no'} packages, and its list has ${found} (${of})`, {
    code: 'bundle-packages',
  });
}

const isNamed = (rpm: DescribedRpm, { name, architecture, version }: Listed): boolean =>
  rpm.name === name && rpm.architecture === architecture && rpm.version === version;
