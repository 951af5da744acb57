import { readFile, readdir, rm, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { findCgroups, removeCgroups } from './cgroups.ts';
import { LabError } from './lab-error.ts';
import { hostDirectoryOf } from './lab-files.ts';
import { type LabRecord, readRecords, removeRecord } from './lab-record.ts';
import { labPrefix, removeNetworks } from './network.ts';
import { isAlive } from './process-identity.ts';
import { run } from './run.ts';

const nspawnDirectory = '/run/systemd/nspawn';

/**
 * Removes everything of a lab from this machine: processes, cgroups, namespaces, mounts, disks, record.
 *
 * Works from the record and from names alone, and as often as one likes, so that the end of a healthy lab
 * and the remains of one whose owner was killed are the same case.
 */
export async function sweep(record: LabRecord): Promise<void> {
  const prefix = `${labPrefix(record.id)}-`;
  const left = await removeCgroups(await findCgroups(record.cgroupParents, prefix));
  if (left.length > 0) throw new LabError(`cannot remove ${left.join(', ')}`);
  await removeNetworks(record.id);
  await removeNspawnLocks(record);
  await unmountBelow(record.directory);
  await removeNspawnDirectories(prefix);
  await rm(record.directory, { recursive: true, force: true });
  await removeRecord(record.id);
}

/** Sweeps every lab whose owner is dead. Hold the lock of the records meanwhile. */
export async function sweepLeftovers(log: (line: string) => void): Promise<void> {
  for (const record of readRecords()) {
    if (isAlive(record.owner)) continue;
    log(`Cleaning up lab ${record.id}, whose owner (${record.purpose}) is dead`);
    await sweep(record);
  }
}

async function unmountBelow(directory: string): Promise<void> {
  const mounts = await readFile('/proc/self/mountinfo', 'utf8');
  const points = mounts
    .split('\n')
    .map(
      (line) => line.split(' ')[4]?.replace(/\\(\d{3})/g, (_, octal: string) => unescapeOctal(octal)) ?? '',
    )
    .filter((point) => point.startsWith(`${directory}/`));
  for (const point of points.toReversed()) {
    const { exitCode } = await run`umount ${point}`.nothrow();
    if (exitCode !== 0) await run`umount --lazy ${point}`;
  }
}

// proc_pid_mountinfo(5): space, tab, newline and backslash are written as octal escapes.
const unescapeOctal = (octal: string) => String.fromCharCode(Number.parseInt(octal, 8));

/** Lock files that a killed nspawn leaves, named after the directories it ran. */
async function removeNspawnLocks(record: LabRecord): Promise<void> {
  for (const { name } of record.hosts) {
    const root = await stat(join(hostDirectoryOf(record, name), 'root')).catch(() => undefined);
    if (root === undefined) continue;
    await rm(join(nspawnDirectory, 'locks', `inode-${root.dev}:${root.ino}`), { force: true });
  }
}

/** What nspawn keeps on the machine for each container, and cannot remove when it is killed. */
async function removeNspawnDirectories(prefix: string): Promise<void> {
  for (const kind of await readdir(nspawnDirectory).catch(() => [])) {
    const parent = join(nspawnDirectory, kind);
    for (const name of await readdir(parent).catch(() => [])) {
      if (!name.startsWith(prefix)) continue;
      await run`umount ${join(parent, name)}`.nothrow();
      await rmdir(join(parent, name)).catch(() => undefined);
    }
  }
}
