import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { run } from './run.ts';
import { type SigningKey, signingKey } from './signing-key.ts';

export interface BuiltRepository {
  /** What the base URL `.../core:/stable:/v1.34/deb/` serves. */
  readonly directory: string;
  /** Of the key that signed it, 40 hexadecimal digits. */
  readonly fingerprint: string;
}

/**
 * Makes a signed apt repository of `debs` in the layout of pkgs.k8s.io, at `core:/stable:/MINOR/deb` below
 * `dir`: flat, packages in folders by architecture, any number of versions of a package.
 *
 * @see https://kubernetes.io/blog/2023/08/15/pkgs-k8s-io-introduction/
 */
export async function buildRepository(options: {
  readonly debs: readonly string[];
  /** As in the URL: "v1.34". */
  readonly minor: string;
  readonly dir: string;
  readonly key?: SigningKey;
}): Promise<BuiltRepository> {
  const directory = join(options.dir, 'core:', 'stable:', options.minor, 'deb');
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  const stanzas: string[] = [];
  for (const deb of options.debs) stanzas.push(await addPackage(deb, directory));
  const packages = Buffer.from(stanzas.join('\n'));
  const indexes = { Packages: packages, 'Packages.gz': gzipSync(packages) };
  for (const [name, content] of Object.entries(indexes)) await writeFile(join(directory, name), content);

  const key = options.key ?? (await signingKey());
  await writeFile(join(directory, 'Release.key'), key.publicKey);
  await writeFile(join(directory, 'Release'), releaseText(options.minor, indexes));
  await key.signRelease(join(directory, 'Release'));
  return { directory, fingerprint: key.fingerprint };
}

/**
 * Makes a signed apt repository of `debs` with suites and components, as download.docker.com has it, in `dir`.
 *
 * @see https://wiki.debian.org/DebianRepository/Format
 */
export async function buildSuiteRepository(options: {
  readonly debs: readonly string[];
  readonly suite: string;
  readonly component: string;
  readonly dir: string;
}): Promise<BuiltRepository> {
  const { debs, suite, component, dir } = options;
  const stanzas: string[] = [];
  for (const deb of debs) stanzas.push(await addPackage(deb, dir));
  const architecture = (await run`dpkg --print-architecture`).stdout.trim();
  const packages = Buffer.from(stanzas.join('\n'));
  const index = `${component}/binary-${architecture}/Packages`;
  const root = join(dir, 'dists', suite);
  await mkdir(join(root, index, '..'), { recursive: true });
  await writeFile(join(root, index), packages);
  const release = [
    `Suite: ${suite}`,
    `Codename: ${suite}`,
    `Components: ${component}`,
    `Architectures: ${architecture}`,
    `Date: ${new Date().toUTCString().replace('GMT', 'UTC')}`,
    'SHA256:',
    ` ${digest('sha256', packages)} ${packages.length} ${index}`,
    '',
  ].join('\n');
  const key = await signingKey();
  await writeFile(join(root, 'Release'), release);
  await key.signRelease(join(root, 'Release'));
  return { directory: dir, fingerprint: key.fingerprint };
}

/** Copies a package into the repository and returns its stanza of Packages. */
async function addPackage(deb: string, directory: string): Promise<string> {
  const control = (await run`dpkg-deb --field ${deb}`).stdout.trimEnd();
  const architecture = /^Architecture: *(\S+)/m.exec(control)?.[1] ?? 'all';
  const filename = join(architecture, basename(deb));
  await mkdir(join(directory, architecture), { recursive: true });
  await copyFile(deb, join(directory, filename));
  const content = await readFile(deb);
  const size = (await stat(deb)).size;
  return [
    control,
    `Filename: ${filename}`,
    `Size: ${size}`,
    `MD5sum: ${digest('md5', content)}`,
    `SHA1: ${digest('sha1', content)}`,
    `SHA256: ${digest('sha256', content)}`,
    '',
  ].join('\n');
}

function releaseText(minor: string, indexes: Readonly<Record<string, Buffer>>): string {
  const sums = (algorithm: string) =>
    Object.entries(indexes).map(
      ([name, content]) => ` ${digest(algorithm, content)} ${content.length} ${name}`,
    );
  return [
    `Origin: obs://build.opensuse.org/isv:kubernetes:core:stable:${minor}/deb`,
    `Label: isv:kubernetes:core:stable:${minor}`,
    'Architectures: amd64 arm64 ppc64el s390x all',
    `Date: ${new Date().toUTCString().replace('GMT', 'UTC')}`,
    `Description: Kubernetes core ${minor} (deb)`,
    'MD5Sum:',
    ...sums('md5'),
    'SHA1:',
    ...sums('sha1'),
    'SHA256:',
    ...sums('sha256'),
    '',
  ].join('\n');
}

function digest(algorithm: string, content: Buffer): string {
  return createHash(algorithm).update(content).digest('hex');
}
