import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { fileContent, fileMetadata, fileTime } from '../../../src/facts/file.ts';
import { runs } from '../../support/runs.ts';
import { askHere, parseText } from './ask.ts';
import { anyText } from '../../support/any-text.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'slipway-file-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

const put = (name: string, content: string | Buffer, mode = 0o644): string => {
  const path = join(directory, name);
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
};

describe('the file family, asked of this machine', () => {
  it('tells files, links, directories and nothing apart, in the order asked', () => {
    const text = put('text', 'one\ntwo', 0o600);
    const link = join(directory, 'link');
    symlinkSync('text', link);
    const folder = join(directory, 'folder');
    mkdirSync(folder, { mode: 0o755 });
    const answers = askHere([folder, join(directory, 'none'), text, link].map(fileContent));
    expect(answers).toMatchObject([
      { type: 'directory', content: null, mode: '0755' },
      { type: 'absent', content: null, mode: null },
      { type: 'file', content: 'one\ntwo', mode: '0600', mtime: null },
      { type: 'link', content: null, target: 'text' },
    ]);
  });

  it('answers only what was asked', () => {
    const path = put('secret', 'hidden');
    const [metadata, time, content] = askHere([fileMetadata(path), fileTime(path), fileContent(path)]);
    expect(metadata).toMatchObject({ type: 'file', mode: '0644', content: null, mtime: null });
    expect(time).toMatchObject({ type: 'file', mode: null, content: null });
    expect(time?.mtime).toMatch(/^\d+\.\d{9}$/);
    expect(content).toMatchObject({ content: 'hidden', mtime: null });
  });

  it('gives no content that is not text, or over 256 KiB', () => {
    const paths = [
      put('binary', Buffer.from([0xff, 0x00])),
      put('large', 'x'.repeat(262_145)),
      put('limit', 'y'.repeat(262_144)),
    ];
    expect(askHere(paths.map(fileContent)).map(({ content }) => content?.length ?? null)).toEqual([
      null,
      null,
      262_144,
    ]);
  });

  it('gives text of another encoding byte for byte, and says so', () => {
    const latin1 = Buffer.from('# f\xfcr den Tausch\n/swap none swap sw 0 0\n', 'latin1');
    const [answer] = askHere([fileContent(put('fstab', latin1))]);
    expect(answer).toMatchObject({ encoding: 'latin1' });
    expect(Buffer.from(answer?.content ?? '', 'latin1')).toEqual(latin1);
    expect(askHere([fileContent(put('utf8', 'für'))])[0]).not.toHaveProperty('encoding');
  });

  it('asks nothing of a shell when it is asked nothing', () => {
    expect(askHere([])).toEqual([]);
    expect(askHere([fileContent(join(directory, 'none'))])[0]?.type).toBe('absent');
  });

  it('survives any name and any text', () => {
    const name = anyText({ minLength: 1, maxLength: 20 }).filter(
      (text) => !/[/\0]/.test(text) && !['.', '..'].includes(text),
    );
    const content = anyText().filter((text) => !text.includes('\0'));
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(name, content), { selector: ([key]) => key.normalize(), maxLength: 6 }),
        (files) => {
          for (const entry of readdirSync(directory)) rmSync(join(directory, entry), { recursive: true });
          const paths = files.map(([file, text]) => put(file, text));
          expect(askHere(paths.map(fileContent)).map((answer) => answer.content)).toEqual(
            files.map(([, text]) => text),
          );
        },
      ),
      { numRuns: runs(40) },
    );
  });

  it('refuses a relative path', () => {
    expect(() => askHere([fileContent('etc/passwd')])).toThrow(TypeError);
  });

  it('says so when a file changed while it was read', () => {
    const output = `1\n81a4 root:root 1.000000000 5\n1\n${gzipSync('four').toString('base64')}\n0\n`;
    expect(() => parseText(output, [fileContent('/x')])).toThrow(/changed while it was read/);
  });
});
