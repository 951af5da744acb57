import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { HostDisk } from './host-disk.ts';

/** What a running host changes by itself, or what is not on its disk: nothing a plan could be blamed for. */
export const volatilePaths: readonly { readonly path: string; readonly reason: string }[] = [
  { path: '/dev', reason: 'made by the kernel' },
  { path: '/proc', reason: 'made by the kernel' },
  { path: '/sys', reason: 'made by the kernel' },
  { path: '/run', reason: 'in memory, forgotten at reboot: sockets, pids, sudo timestamps' },
  { path: '/tmp', reason: 'in memory, scratch space of whoever is logged in' },
  { path: '/var/tmp', reason: 'scratch space: systemd makes private directories there for its services' },
  { path: '/var/log', reason: 'every login is logged: journal, wtmp, lastlog' },
  { path: '/var/lib/systemd', reason: "systemd's own notes: timers, random seed, clock, catalog" },
  { path: '/var/lib/sudo', reason: 'sudo notes here whom it has lectured' },
  { path: '/var/lib/private', reason: 'state of services with a dynamic user' },
  { path: '/var/cache/private', reason: 'caches of services with a dynamic user' },
];

/** Every path of a disk with everything that belongs to it, in one line each. */
export type FilesystemSnapshot = ReadonlyMap<string, string>;

/** Reads a whole disk from outside the host, which notices nothing. */
export async function snapshotFilesystem(disk: HostDisk): Promise<FilesystemSnapshot> {
  const snapshot = new Map<string, string>();
  await walk(disk.root, '/', snapshot);
  await walk(disk.var, '/var', snapshot);
  return new Map([...snapshot].toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

export function digestOf(snapshot: FilesystemSnapshot): string {
  const hash = createHash('sha256');
  for (const [path, line] of snapshot) hash.update(`${JSON.stringify(path)} ${line}\n`);
  return hash.digest('hex');
}

/** The paths in which two snapshots differ, with `+`, `-` or `~` before each. */
export function filesystemChanges(before: FilesystemSnapshot, after: FilesystemSnapshot): string[] {
  const paths = [...new Set([...before.keys(), ...after.keys()])].toSorted();
  return paths.flatMap((path) => {
    const [was, is] = [before.get(path), after.get(path)];
    if (was === is) return [];
    if (was === undefined) return [`+ ${path} ${is}`];
    return is === undefined ? [`- ${path} ${was}`] : [`~ ${path} ${was} => ${is}`];
  });
}

/** `prefix` is where in the host the directory `base` is: "/", or "/var" for a disk of its own. */
async function walk(base: string, prefix: string, into: Map<string, string>, below = ''): Promise<void> {
  const path = join(prefix, below);
  if (prefix === '/' && path === '/var') return;
  if (volatilePaths.some((each) => each.path === path)) return;
  const real = join(base, below);
  const line = await describe(real);
  if (line === undefined) return;
  into.set(path, line);
  if (!line.startsWith('directory ')) return;
  const names = await readdir(real).catch(() => []);
  await Promise.all(names.map((name) => walk(base, prefix, into, join(below, name))));
}

/** Undefined for what vanished while the host was running. */
async function describe(path: string): Promise<string | undefined> {
  try {
    const status = await lstat(path, { bigint: true });
    const mode = (status.mode & 0o7777n).toString(8).padStart(4, '0');
    const common = `${mode} ${status.uid}:${status.gid} ${status.mtimeNs}`;
    if (status.isDirectory()) return `directory ${common}`;
    if (status.isSymbolicLink()) return `link ${common} ${await readlink(path)}`;
    if (status.isFile()) return `file ${common} ${status.size} ${await contentDigest(path)}`;
    return `special ${common} ${(status.mode >> 12n).toString(8)} ${status.rdev}`;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function contentDigest(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}
