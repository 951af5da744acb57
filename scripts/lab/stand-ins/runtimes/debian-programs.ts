import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import { debianMirror } from '../../debian-mirror.ts';
import { exclusively } from '../../exclusive.ts';
import { LabError } from '../../lab-error.ts';
import { cacheDirectory } from '../../lab-paths.ts';
import { run } from '../../run.ts';

/** What is in a package of Debian's, unpacked. */
export interface DebianProgram {
  /** As the program's own project counts: `2.1.9`. */
  readonly version: string;
  readonly directory: string;
}

/** The suites in which Debian has a containerd 2, and a runc and a Docker that run on every host of the lab. */
const SUITES = { containerd: 'forky', runc: 'bookworm', 'docker.io': 'bookworm' } as const;

/** A program as Debian builds it, real, whatever suite the lab's hosts have. Fetched once. */
export async function debianProgram(name: keyof typeof SUITES): Promise<DebianProgram> {
  const cache = join(cacheDirectory(), 'programs');
  return await exclusively(join(cache, 'lock'), async () => {
    const kept = join(cache, `${name}.json`);
    if (!existsSync(kept)) await writeFile(kept, JSON.stringify(await fetchProgram(name, cache)));
    return JSON.parse(await readFile(kept, 'utf8')) as DebianProgram;
  });
}

async function fetchProgram(name: keyof typeof SUITES, cache: string): Promise<DebianProgram> {
  const { archive } = await debianMirror();
  const architecture = (await run`dpkg --print-architecture`).stdout.trim();
  const root = archive.href.replace(/\/?$/, '/');
  const index = `${root}dists/${SUITES[name]}/main/binary-${architecture}/Packages.gz`;
  const stanzas = gunzipSync(await download(index))
    .toString()
    .split('\n\n');
  const stanza = stanzas.find((text) => text.startsWith(`Package: ${name}\n`)) ?? '';
  const [path, version] = ['Filename', 'Version'].map(
    (field) => new RegExp(`^${field}: (\\S+)$`, 'm').exec(stanza)?.[1],
  );
  if (path === undefined || version === undefined) throw new LabError(`no package ${name} in ${index}`);
  const deb = join(cache, basename(path));
  const directory = deb.replace(/\.deb$/, '');
  await writeFile(deb, await download(root + path));
  await mkdir(`${directory}.part`, { recursive: true });
  await run`dpkg-deb -x ${deb} ${directory}.part`;
  await run`rm -rf ${directory}`;
  await rename(`${directory}.part`, directory);
  return { version: version.replace(/[+~-].*$/, ''), directory };
}

async function download(url: string): Promise<Buffer> {
  const response = await fetch(url);
  if (!response.ok) throw new LabError(`${url}: ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
}
