import { spawnSync } from 'node:child_process';
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { filledTemplate } from '#core/template.ts';
import type { FileAnswer } from '#facts/file.ts';
import { etcdBackupState } from '#facts/etcd-backup.ts';
import { noEtcdBackup } from '#resources/etcd/etcd-backup.ts';

import { scratchDirectory } from '../../support/scratch-directory.ts';
import { parseText } from '../facts/ask.ts';

/** Stands in for etcdctl and etcdutl. */
const GOOD = `etcd_ctl() { printf db >"$3"; }
etcd_verify() { [ "$(cat "$1")" = db ]; }`;

interface Box {
  readonly directory: string;
  readonly backup: (tools?: string) => { readonly status: number | null; readonly stderr: string };
}

/** The program of the timer, on a host whose manifest lies elsewhere. */
async function box(keep = 2): Promise<Box> {
  const scratch = await scratchDirectory();
  const [directory, manifest] = [join(scratch, 'backups'), join(scratch, 'etcd.yaml')];
  await mkdir(join(scratch, 'data/member/snap'), { recursive: true });
  await writeFile(join(scratch, 'data/member/snap/db'), 'x');
  await writeFile(manifest, `    - --data-dir=${join(scratch, 'data')}\n`);
  return {
    directory,
    backup: (tools = GOOD) => {
      const text = filledTemplate('backup/save-snapshot.sh', {
        directory,
        prefix: 'etcd',
        keep: String(keep),
        tools,
      });
      const script = text.replaceAll('/etc/kubernetes/manifests/etcd.yaml', manifest);
      return spawnSync('sh', ['-c', script], { encoding: 'utf8' });
    },
  };
}

const saved = async (directory: string): Promise<readonly string[]> =>
  (await readdir(directory)).filter((name) => name !== '.lock').toSorted();

const OLD = ['etcd-cp1-20260101T000000Z.db', 'etcd-cp1-20260102T000000Z.db', 'etcd-cp1-20260103T000000Z.db'];

describe("the timer's program", () => {
  it('saves a snapshot that nobody else can read, and leaves no part of one', async () => {
    const { directory, backup } = await box();
    expect(backup()).toMatchObject({ status: 0 });
    const names = await saved(directory);
    expect(names).toEqual([expect.stringMatching(/^etcd-.+-\d{8}T\d{6}Z\.db$/)]);
    expect((await stat(join(directory, names[0] ?? ''))).mode & 0o777).toBe(0o600);
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
  });

  it('keeps the newest, and removes nothing that it has not saved', async () => {
    const { directory, backup } = await box(2);
    const others = ['slipway-20260101T000000Z.db', 'etcd-notes.db', 'etcd-cp1-20260101T000000Z.db.age'];
    await mkdir(directory);
    for (const name of [...OLD, ...others]) await writeFile(join(directory, name), '');
    expect(backup()).toMatchObject({ status: 0 });
    const names = await saved(directory);
    expect(names.filter((name) => others.includes(name))).toHaveLength(3);
    expect(names.filter((name) => OLD.includes(name))).toEqual([OLD[2]]);
    expect(names).toHaveLength(5);
  });

  it.each([
    ['cannot be taken', 'etcd_ctl() { echo no leader >&2; return 1; }\netcd_verify() { :; }'],
    ['is broken', 'etcd_ctl() { printf bad >"$3"; }\netcd_verify() { [ "$(cat "$1")" = db ]; }'],
  ])('fails where a snapshot %s, and removes none of those there are', async (_, tools) => {
    const { directory, backup } = await box(1);
    await mkdir(directory);
    for (const name of OLD) await writeFile(join(directory, name), '');
    expect(backup(tools).status).not.toBe(0);
    expect((await saved(directory)).filter((name) => !name.endsWith('.part'))).toEqual(OLD);
    expect(backup()).toMatchObject({ status: 0 });
    expect(await saved(directory)).toHaveLength(1);
  });

  it('does not run beside another', async () => {
    const { directory, backup } = await box();
    await mkdir(directory);
    const { status, stderr } = backup(
      `flock -n "$directory/.lock" true\nexec 8>"$directory/.lock"; flock -n 8 || :\n${GOOD}`,
    );
    expect(status).not.toBe(0);
    expect(stderr).toContain('another snapshot is being saved');
  });
});

describe('the last snapshot of a timer', () => {
  it.each([
    ['etcd-cp-1-20261128T030012Z.db\ninactive\nend\n', { lastAt: '2026-11-28T03:00:12Z', hasFailed: false }],
    ['etcd-cp-1-20261128T030012Z.db\nfailed\nend\n', { lastAt: '2026-11-28T03:00:12Z', hasFailed: true }],
    ['inactive\nend\n', { lastAt: null, hasFailed: false }],
  ])('is read', (output, expected) => {
    expect(parseText(output, [etcdBackupState('/var/backups/etcd')])).toEqual([expected]);
  });
});

describe('a timer that the inventory no longer has', () => {
  const absent = { type: 'absent' } as FileAnswer;
  const there = { type: 'file' } as FileAnswer;
  const diff = (timer: FileAnswer, program: FileAnswer) =>
    noEtcdBackup().diff({ timer, service: absent, program } as never, { host: 'cp1', changed: [] });

  it('is taken away, also where that was cut off', () => {
    expect(diff(there, there)).toMatchObject({ answer: 'change' });
    expect(diff(absent, there)).toMatchObject({
      answer: 'change',
      differences: [{ what: '/usr/local/sbin/slipway-etcd-backup' }],
    });
  });

  it('is nothing to be done about where there is none', () => {
    expect(diff(absent, absent)).toMatchObject({ answer: 'none' });
  });
});
