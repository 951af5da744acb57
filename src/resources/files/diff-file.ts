import {
  changeOr,
  type Difference,
  differs,
  having,
  noted,
  type Outcome,
  type Refused,
  refused,
} from '#core/resource.ts';
import { embed, lines, type Script, sh } from '#core/shell.ts';
import { type RunStep, type TextEncoding, type WriteStep, run } from '#core/step.ts';
import type { FileAnswer } from '#facts/file.ts';

export interface FileDefinition {
  /** Absolute. */
  readonly path: string;
  readonly content: string;
  /** Permission bits; default 0o644. */
  readonly mode?: number;
  /** `user:group`; default `root:root`. */
  readonly owner?: string;
  /** Default: UTF-8. */
  readonly encoding?: TextEncoding;
  /** Whether slipway has written a text that is there; of any other it keeps a copy. Default: it begins with the mark. */
  readonly isOwn?: (text: string) => boolean;
  /** Where the copy goes; default: beside the file, under a name that ends in `.before-slipway.bak`. */
  readonly copy?: string;
}

/** Begins the files of slipway's that can have comments. */
const MARK = '# Written by slipway';

export const isMarked = (text: string): boolean => text.startsWith(MARK);

/**
 * Refuses a file that slipway would add something to and cannot read, or that a link leads to: what others wrote there would
 * be lost, or no more be read.
 */
export function refuseUnreadable({ type, content, target }: FileAnswer, path: string): Refused | undefined {
  if (type === 'link') {
    return refused(
      'FileContent',
      `${path} is a link to ${target ?? 'another file'}, so what stands there cannot be kept`,
      `put the file itself in the place of the link: cp --remove-destination "$(readlink -f ${path})" ${path}`,
    );
  }
  return type === 'file' && content === null
    ? refused(
        'FileContent',
        `${path} is not text, or larger than 256 KiB, so what stands in it cannot be kept`,
        `mend ${path}, or move it away`,
      )
    : undefined;
}

/** What has to be done to a file; also for resources that are more than one file. */
export function diffFile(found: FileAnswer, definition: FileDefinition): Outcome {
  const { path, content, mode = 0o644, owner = 'root:root' } = definition;
  if (found.type === 'directory' || found.type === 'other') return isDirectory(path);
  const isLost = isForeign(found, definition);
  const outcome = changeOr(
    `${path} is as wanted`,
    differencesOf(found, { path, content, mode, owner }),
    () => [...(isLost ? [keepStep(path, definition.copy)] : []), writeStep(definition)],
  );
  return isLost ? replacing(outcome, path, definition.copy) : outcome;
}

/** Whether something is there that somebody else has written, and that writing the file would put an end to. */
const isForeign = (
  { type, content: there }: FileAnswer,
  { content, isOwn = isMarked }: FileDefinition,
): boolean => type === 'link' || (type === 'file' && there !== content && !(there !== null && isOwn(there)));

/**
 * A name that nobody reads: apt says nothing of files that end in .bak, and all others look for endings or names of their
 * own.
 *
 * @see https://salsa.debian.org/apt-team/apt/-/blob/2.6.1/apt-pkg/init.cc (Dir::Ignore-Files-Silently)
 */
export const copyOf = (path: string): string => `${path}.before-slipway.bak`;

/** The outcome that replaces a file of somebody else. */
export const replacing = (outcome: Outcome, path: string, copy = copyOf(path)): Outcome =>
  noted(having(outcome, { replaces: [path] }), [keptNote(path, copy)]);

export const keptNote = (path: string, copy = copyOf(path)): string =>
  `${path} was not written by slipway: a copy of it stays in ${copy}`;

const STEM = '"${2%.bak}"' as Script;

/**
 * A function of the shell, `keep FILE COPY`. It copies once: what was copied before stays, and another content gets the
 * next number.
 */
export const KEEP: Script = sh`keep() {
copy=$2; number=1
while [ -e "$copy" ]; do
if cmp -s "$1" "$copy"; then return; fi
number=$((number + 1)); copy=${embed(STEM)}$number.bak
done
cp -a "$1" "$copy.new" && mv "$copy.new" "$copy"
}`;

export const keepStep = (path: string, copy = copyOf(path)): RunStep =>
  run(`keep a copy of ${path}`, lines(KEEP, sh`keep ${path} ${copy}`));

/** A file with new text, and with the mode and owner that it has already. */
export const edited = (found: FileAnswer, path: string, content: string): FileDefinition => ({
  path,
  content,
  mode: found.mode === null ? 0o644 : Number.parseInt(found.mode, 8),
  owner: found.owner ?? 'root:root',
  isOwn: () => true,
  // New text may have characters that its encoding lacks: then it is written as UTF-8.
  ...(found.encoding !== undefined && isLatin1(content) && { encoding: found.encoding }),
});

const isLatin1 = (text: string): boolean => Buffer.from(text, 'latin1').toString('latin1') === text;

export const writeStep = ({
  path,
  content,
  mode = 0o644,
  owner = 'root:root',
  encoding,
}: FileDefinition): WriteStep => ({
  do: 'write',
  summary: `write ${path}`,
  path,
  content,
  mode,
  owner,
  ...(encoding !== undefined && { encoding }),
});

function differencesOf(
  found: FileAnswer,
  wanted: Required<Omit<FileDefinition, 'encoding' | 'isOwn' | 'copy'>>,
): readonly Difference[] {
  if (found.type === 'absent') return [{ what: 'content', from: null, to: wanted.content }];
  if (found.type === 'link') return [{ what: 'type', from: `link to ${found.target ?? ''}`, to: 'file' }];
  return [
    ...differs('content', found.content ?? '(not text, or over 256 KiB)', wanted.content),
    ...differs('mode', found.mode, octal(wanted.mode)),
    ...differs('owner', found.owner, wanted.owner),
  ];
}

export const octal = (mode: number): string => mode.toString(8).padStart(4, '0');

const isDirectory = (path: string): Outcome =>
  refused('FileType', `${path} is not a regular file`, `move ${path} away; a file must go there`);
