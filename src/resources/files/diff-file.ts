import { changeOr, type Difference, differs, type Outcome, type Refused, refused } from '#core/resource.ts';
import type { TextEncoding, WriteStep } from '#core/step.ts';
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
}

/** Refuses a file that slipway would add something to and cannot read: what others wrote there would be lost. */
export const refuseUnreadable = ({ type, content }: FileAnswer, path: string): Refused | undefined =>
  type === 'file' && content === null
    ? refused(
        'FileContent',
        `${path} is not text, or larger than 256 KiB, so what stands in it cannot be kept`,
        `mend ${path}, or move it away`,
      )
    : undefined;

/** What has to be done to a file; also for resources that are more than one file. */
export function diffFile(found: FileAnswer, definition: FileDefinition): Outcome {
  const { path, content, mode = 0o644, owner = 'root:root' } = definition;
  if (found.type === 'directory' || found.type === 'other') return isDirectory(path);
  return changeOr(`${path} is as wanted`, differencesOf(found, { path, content, mode, owner }), [
    writeStep(definition),
  ]);
}

/** A file with new text, and with the mode and owner that it has already. */
export const edited = (found: FileAnswer, path: string, content: string): FileDefinition => ({
  path,
  content,
  mode: found.mode === null ? 0o644 : Number.parseInt(found.mode, 8),
  owner: found.owner ?? 'root:root',
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
  wanted: Required<Omit<FileDefinition, 'encoding'>>,
): readonly Difference[] {
  if (found.type === 'absent') return [{ what: 'content', from: null, to: wanted.content }];
  if (found.type === 'link') return [{ what: 'type', from: `link to ${found.target ?? ''}`, to: 'file' }];
  return [
    ...differs('content', found.content ?? '(not text, or over 256 KiB)', wanted.content),
    ...differs('mode', found.mode, octal(wanted.mode)),
    ...differs('owner', found.owner, wanted.owner),
  ];
}

const octal = (mode: number): string => mode.toString(8).padStart(4, '0');

export const isDirectory = (path: string): Outcome =>
  refused('FileType', `${path} is not a regular file`, `move ${path} away; a file must go there`);
