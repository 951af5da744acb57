import { isUtf8 } from 'node:buffer';

import { type Fact, type Family, fact } from '#core/fact.ts';
import { type Script, embed, lines, sh } from '#core/shell.ts';
import type { TextEncoding } from '#core/step.ts';

import { pack, unpack } from './packed.ts';

/** What is at a path. The answer holds only what was asked for, so that it does not change when something else does. */
export type FileAnswer = {
  readonly type: 'absent' | 'file' | 'link' | 'directory' | 'other';
  /** Text; null when not asked for, not a regular file, over 256 KiB, or not text (it has a NUL byte). */
  readonly content: string | null;
  /** Present where the text is not UTF-8. */
  readonly encoding?: TextEncoding;
  /** Of a link. */
  readonly target: string | null;
  /** Four octal digits: `0644`. */
  readonly mode: string | null;
  /** `user:group`. */
  readonly owner: string | null;
  /** Seconds since 1970 with nine decimals, as text. */
  readonly mtime: string | null;
};

type FileQuestion = { readonly path: string; readonly ask: 'content' | 'metadata' | 'time' };

const CONTENT_LIMIT_BYTES = 262_144;

const ABSENT: FileAnswer = {
  type: 'absent',
  content: null,
  target: null,
  mode: null,
  owner: null,
  mtime: null,
};

/** The text of a file, with mode and owner. Not for files that hold secrets: answers are stored in plans. */
export const fileContent = (path: string): Fact<FileAnswer> => fact(family, { path, ask: 'content' });

/** Whether and as what a path exists, with mode and owner. */
export const fileMetadata = (path: string): Fact<FileAnswer> => fact(family, { path, ask: 'metadata' });

/** When a file was last written. */
export const fileTime = (path: string): Fact<FileAnswer> => fact(family, { path, ask: 'time' });

const family: Family<FileQuestion, FileAnswer> = {
  name: 'file',
  sharesShell: true,
  script: (questions) => {
    for (const { path } of questions) {
      if (!path.startsWith('/')) throw new TypeError(`not an absolute path: ${JSON.stringify(path)}`);
    }
    return lines(
      existing(questions.map(({ path }) => path)),
      sh`[ $# -eq 0 ] || stat --printf='%f %U:%G %.9Y %s\n' -- "$@"`,
      contents(questions.filter(({ ask }) => ask === 'content').map(({ path }) => path)),
      linkTargets(questions.filter(({ ask }) => ask === 'content').map(({ path }) => path)),
    );
  },
  parse: (output, questions) => {
    const rows = output.split('\n');
    const isThere = bits(rows.shift(), questions.length);
    const stats = questions.map((_, index) => (isThere[index] ? readStat(rows.shift()) : undefined));
    const asked = questions.flatMap(({ ask }, index) => (ask === 'content' ? [index] : []));
    const isFile = bits(rows.shift(), asked.length);
    const sizes = asked.map((index, nth) => (isFile[nth] ? readSize(stats[index]?.sizeBytes ?? 0) : 0));
    const texts = cut(unpack(rows.shift() ?? ''), sizes);
    const isLink = bits(rows.shift(), asked.length);
    const targets = asked.map((_, nth) => (isLink[nth] ? decode(rows.shift()) : null));
    return questions.map(({ ask }, index) => {
      const stat = stats[index];
      if (stat === undefined) return ABSENT;
      if (ask === 'time') return { ...ABSENT, type: stat.type, mtime: stat.mtime };
      const answer = { ...ABSENT, type: stat.type, mode: stat.mode, owner: stat.owner };
      if (ask === 'metadata') return answer;
      const nth = asked.indexOf(index);
      const isReadable = isFile[nth] === true && stat.sizeBytes <= CONTENT_LIMIT_BYTES;
      return { ...answer, ...(isReadable && read(texts[nth])), target: targets[nth] ?? null };
    });
  },
  bare: () => ABSENT,
};

/** Prints one digit a path, and leaves those that exist as the positional parameters. */
const existing = (paths: readonly string[]): Script =>
  sh`set -- ${paths}
for path do shift
if [ -e "$path" ] || [ -L "$path" ]; then printf 1; set -- "$@" "$path"; else printf 0; fi
done; echo`;

/** All files through one pipe, without separators: their lengths are known. */
const contents = (paths: readonly string[]): Script =>
  sh`set -- ${paths}
for path do shift
if [ -f "$path" ] && ! [ -L "$path" ]; then printf 1; set -- "$@" "$path"; else printf 0; fi
done; echo
[ $# -eq 0 ] || head -q -c ${CONTENT_LIMIT_BYTES} -- "$@" | ${embed(pack)}; echo`;

const linkTargets = (paths: readonly string[]): Script =>
  sh`set -- ${paths}
for path do shift
if [ -L "$path" ]; then printf 1; set -- "$@" "$path"; else printf 0; fi
done; echo
for path do readlink -n -- "$path" | base64 -w0; echo; done`;

interface Stat {
  readonly type: FileAnswer['type'];
  readonly mode: string;
  readonly owner: string;
  readonly mtime: string;
  readonly sizeBytes: number;
}

/** @see https://man7.org/linux/man-pages/man7/inode.7.html for the bits of st_mode */
function readStat(row: string | undefined): Stat {
  const fields = /^([0-9a-f]+) (\S+:\S+) (\d+\.\d{9}) (\d+)$/.exec(row ?? '');
  if (fields === null) throw new Error(`not a line of stat: ${JSON.stringify(row)}`);
  const [, bitsOfMode = '', owner = '', mtime = '', size = ''] = fields;
  const mode = Number.parseInt(bitsOfMode, 16);
  const types: Readonly<Record<number, FileAnswer['type']>> = {
    0o10: 'file',
    0o12: 'link',
    0o04: 'directory',
  };
  return {
    type: types[mode >> 12] ?? 'other',
    mode: (mode & 0o7777).toString(8).padStart(4, '0'),
    owner,
    mtime,
    sizeBytes: Number(size),
  };
}

function bits(row: string | undefined, count: number): readonly boolean[] {
  if (row?.length !== count || !/^[01]*$/.test(row)) {
    throw new Error(`not ${count} binary digits: ${JSON.stringify(row)}`);
  }
  return row.split('').map((digit) => digit === '1');
}

const readSize = (sizeBytes: number): number => Math.min(sizeBytes, CONTENT_LIMIT_BYTES);

function cut(bytes: Buffer, sizes: readonly number[]): readonly Buffer[] {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (bytes.length !== total) {
    throw new Error(`a file changed while it was read: ${total} bytes announced, ${bytes.length} came`);
  }
  let offset = 0;
  return sizes.map((size) => bytes.subarray(offset, (offset += size)));
}

const decode = (row: string | undefined): string => Buffer.from(row ?? '', 'base64').toString();

/** What is not UTF-8 is mostly Latin-1 or its kin: files that are older than their machines, comments of people. */
function read(bytes: Buffer | undefined): Pick<FileAnswer, 'content' | 'encoding'> {
  if (bytes === undefined || bytes.includes(0)) return { content: null };
  return isUtf8(bytes)
    ? { content: bytes.toString() }
    : { content: bytes.toString('latin1'), encoding: 'latin1' };
}
