import { lstat, mkdir, readFile, readdir, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { writeWhole } from '#core/write-whole.ts';

import { scratchDirectory } from '../../support/scratch-directory.ts';

test('a file is written with its mode, from pieces, and written again', async () => {
  const path = join(await scratchDirectory(), 'plan');
  await writeWhole(path, ['one ', 'two'], 0o600);
  expect(await readFile(path, 'utf8')).toBe('one two');
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  await writeWhole(path, 'three', 0o644);
  expect(await readFile(path, 'utf8')).toBe('three');
});

test('what was there stays where the text breaks off, and nothing is left beside it', async () => {
  const directory = await scratchDirectory();
  const path = join(directory, 'plan');
  await writeFile(path, 'old');
  await expect(writeWhole(path, broken(), 0o644)).rejects.toThrow('broke off');
  expect(await readFile(path, 'utf8')).toBe('old');
  expect(await readdir(directory)).toEqual(['plan']);
});

function* broken(): Iterable<string> {
  yield 'half';
  throw new Error('broke off');
}

test('what a link points to is replaced, and what is no file is written to', async () => {
  const directory = await scratchDirectory();
  const [real, link] = [join(directory, 'real'), join(directory, 'link')];
  await writeFile(real, 'old');
  await symlink(real, link);
  await writeWhole(link, 'new', 0o644);
  expect(await readFile(real, 'utf8')).toBe('new');
  expect((await lstat(link)).isSymbolicLink()).toBe(true);
  await writeWhole('/dev/null', 'gone', 0o644);
  expect((await stat('/dev/null')).isCharacterDevice()).toBe(true);
  await mkdir(join(directory, 'there'));
  await expect(writeWhole(join(directory, 'there'), 'x', 0o644)).rejects.toThrow('EISDIR');
});
