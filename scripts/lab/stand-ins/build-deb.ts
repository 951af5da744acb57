import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { run } from '../run.ts';

/** A file of a package: its text or bytes, and its mode. */
export interface PackagedFile {
  readonly text: string | Buffer;
  readonly mode: number;
}

export interface DebDefinition {
  readonly name: string;
  readonly version: string;
  /** Lines of the control file beside those that every package has: `Depends: python3`. */
  readonly fields?: readonly string[];
  /** The description, its first line first. */
  readonly description: string;
  /** By path, without a leading slash. */
  readonly files: Readonly<Record<string, PackagedFile>>;
  /** Paths, with a leading slash, that dpkg keeps as an administrator left them. */
  readonly conffiles?: readonly string[];
  readonly postinst?: string;
}

/** Builds a Debian package below `directory`. Returns the path of the `.deb`. */
export async function buildDeb(definition: DebDefinition, directory: string): Promise<string> {
  const { name, version, fields = [], description, files, conffiles = [], postinst } = definition;
  const architecture = (await run`dpkg --print-architecture`).stdout.trim();
  const root = join(directory, name);
  const control = [
    `Package: ${name}`,
    `Version: ${version}`,
    `Architecture: ${architecture}`,
    'Maintainer: slipway <slipway@localhost>',
    ...fields,
    'Section: utils',
    'Priority: optional',
    `Description: ${description}`,
    '',
  ].join('\n');
  await put(join(root, 'DEBIAN/control'), { text: control, mode: 0o644 });
  if (postinst !== undefined) await put(join(root, 'DEBIAN/postinst'), { text: postinst, mode: 0o755 });
  if (conffiles.length > 0) {
    await put(join(root, 'DEBIAN/conffiles'), { text: `${conffiles.join('\n')}\n`, mode: 0o644 });
  }
  for (const [path, content] of Object.entries(files)) await put(join(root, path), content);
  // Without the epoch, as file names of packages are.
  const deb = join(directory, `${name}_${version.replace(/^\d+:/, '')}_${architecture}.deb`);
  await run`dpkg-deb --root-owner-group -Zgzip -z1 --build ${root} ${deb}`;
  return deb;
}

/** Writes a file, and the directories above it. */
export async function put(path: string, { text, mode }: PackagedFile): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  await chmod(path, mode);
}
