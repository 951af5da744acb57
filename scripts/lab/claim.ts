import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cgroupParents } from './cgroups.ts';
import { exclusively } from './exclusive.ts';
import { LabError } from './lab-error.ts';
import { cacheDirectory, recordsDirectory } from './lab-paths.ts';
import { type LabRecord, readLastId, readRecords, writeLastId, writeRecord } from './lab-record.ts';
import { identityOf } from './process-identity.ts';
import { sweepLeftovers } from './sweep.ts';

// An id is the third byte of its lab's addresses.
const idCount = 256;

/**
 * Takes a free lab id of this machine for this process, after cleaning up what dead owners left. Ids go round, so
 * that one that is free again is somebody else's as late as can be: who has just taken a lab down may still name it.
 */
export async function claimLab(log: (line: string) => void): Promise<LabRecord> {
  return await holdingRecords(async () => {
    await sweepLeftovers(log);
    const taken = new Set(readRecords().map((record) => record.id));
    const last = await readLastId();
    const id = Array.from({ length: idCount }, (_, at) => (last + 1 + at) % idCount).find(
      (each) => !taken.has(each),
    );
    if (id === undefined) throw new LabError('no lab id is free: see the labs with "lab status"');
    const owner = identityOf(process.pid);
    if (owner === undefined) throw new LabError('cannot read /proc/self/stat');
    const record: LabRecord = {
      id,
      owner,
      purpose: await purposeOf(process.pid),
      directory: join(cacheDirectory(), 'labs', String(id)),
      cgroupParents: await cgroupParents(),
      hosts: [],
      repositoryUrl: '',
      isReady: false,
    };
    await writeRecord(record);
    await writeLastId(id);
    return record;
  });
}

/** Runs `body` while nobody else claims or cleans up labs. */
export async function holdingRecords<T>(body: () => Promise<T>): Promise<T> {
  return await exclusively(join(recordsDirectory, 'lock'), body);
}

async function purposeOf(pid: number): Promise<string> {
  const argv = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0').filter((word) => word !== '');
  return argv
    .map((word) => word.replace(/^.*\//, ''))
    .join(' ')
    .slice(0, 200);
}
