import { readFileSync, readdirSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Suite } from './debian-mirror.ts';
import { recordsDirectory } from './lab-paths.ts';
import type { ProcessIdentity } from './process-identity.ts';

/** What another process has to know to use a lab, or to clean up after one whose owner is dead. */
export interface LabRecord {
  readonly id: number;
  readonly owner: ProcessIdentity;
  /** What the owner is, for a person: its command line. */
  readonly purpose: string;
  /** Disks, keys and logs of this lab; removed with it. */
  readonly directory: string;
  /** Cgroup directories under which this lab makes its own. */
  readonly cgroupParents: readonly string[];
  readonly hosts: readonly HostRecord[];
  readonly repositoryUrl: string;
  readonly isReady: boolean;
}

export interface HostRecord {
  readonly name: string;
  readonly address: string;
  readonly suite: Suite;
}

const lastIdPath = join(recordsDirectory, 'last-id');
const pathOf = (id: number) => join(recordsDirectory, `${id}.json`);

export async function writeRecord(record: LabRecord): Promise<void> {
  await mkdir(recordsDirectory, { recursive: true });
  const temporary = `${pathOf(record.id)}.${process.pid}.tmp`;
  await writeFile(temporary, `${JSON.stringify(record, null, 2)}\n`);
  await rename(temporary, pathOf(record.id));
}

/** The id that was taken last, by a lab that may be gone; -1 where none was since this machine's start. */
export async function readLastId(): Promise<number> {
  const text = await readFile(lastIdPath, 'utf8').catch(() => '');
  return /^\d+$/.test(text) ? Number(text) : -1;
}

export async function writeLastId(id: number): Promise<void> {
  await writeFile(lastIdPath, String(id));
}

export async function removeRecord(id: number): Promise<void> {
  await rm(pathOf(id), { force: true });
}

/** The records of all labs on this machine, alive or left over, by id. */
export function readRecords(): LabRecord[] {
  let names: string[];
  try {
    names = readdirSync(recordsDirectory);
  } catch {
    return [];
  }
  return names
    .filter((name) => /^\d+\.json$/.test(name))
    .flatMap((name) => readRecord(join(recordsDirectory, name)) ?? [])
    .toSorted((one, other) => one.id - other.id);
}

function readRecord(path: string): LabRecord | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as LabRecord;
  } catch (error) {
    // Removed between listing and reading: that lab is gone.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
