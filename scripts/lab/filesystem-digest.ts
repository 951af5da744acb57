import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
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

/**
 * Reads a whole disk from outside the host, which notices nothing.
 *
 * Synchronously, a directory at a time: thousands of small files take seven times as long otherwise.
 */
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
  await setImmediate();
  into.set(join(prefix, below), describe(join(base, below)) ?? '');
  for (const entry of unlessGone(() => readdirSync(join(base, below), { withFileTypes: true })) ?? []) {
    const path = join(prefix, below, entry.name);
    if (path === '/var' || volatilePaths.some((each) => each.path === path)) continue;
    if (entry.isDirectory()) {
      await walk(base, prefix, into, join(below, entry.name));
    } else {
      const line = describe(join(base, below, entry.name));
      if (line !== undefined) into.set(path, line);
    }
  }
}

/** Undefined for what vanished while the host was running. */
function describe(path: string): string | undefined {
  return unlessGone(() => {
    const status = lstatSync(path, { bigint: true });
    const mode = (status.mode & 0o7777n).toString(8).padStart(4, '0');
    const common = `${mode} ${status.uid}:${status.gid} ${status.mtimeNs}`;
    if (status.isDirectory()) return `directory ${common}`;
    if (status.isSymbolicLink()) return `link ${common} ${readlinkSync(path)}`;
    if (status.isFile()) return `file ${common} ${status.size} ${contentDigest(path)}`;
    return `special ${common} ${(status.mode >> 12n).toString(8)} ${status.rdev}`;
  });
}

function contentDigest(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

function unlessGone<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
