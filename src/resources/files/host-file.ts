import { type Outcome, type Resource, resource } from '#core/resource.ts';
import type { Secret } from '#core/secret.ts';
import type { HostFile } from '#core/host-file.ts';
import { sha256Of } from '#core/sha256.ts';
import { fileContent, fileTime } from '#facts/file.ts';
import { isNewer } from '#resources/host/unit.ts';
import { secretFileState } from '#facts/secret-file.ts';

import type { Texts } from './certificate.ts';
import { diffFile, writeStep } from './diff-file.ts';
import { diffSecretFile } from './secret-file.ts';

/**
 * A file of the operator's. The record beside slipway's other ones says what slipway wrote last: of anything else that is
 * found at the path a copy stays.
 *
 * @param readers programs that read it when they start.
 */
export function hostFile(definition: HostFile, texts: Texts, readers: readonly string[] = []): Resource {
  const { path, source, mode, owner } = definition;
  const recordPath = `${RECORDS}/${encodeURIComponent(path)}`;
  if ('secret' in source) return hostSecret(definition, recordPath, source, readers);
  const content =
    'text' in source
      ? source.text
      : (texts.get(source.localFile) ?? `(${source.localFile}, which was not read)\n`);
  return resource({
    address: `file:${path}`,
    facts: { found: fileContent(path), record: fileContent(recordPath) },
    diff: ({ found, record }) => {
      const isOwn = (text: string): boolean => record.content === recordOf(text);
      const outcome = diffFile(found, { path, content, mode, owner, isOwn });
      return withRecord(outcome, {
        recordPath,
        content: recordOf(content),
        path,
        isThere: found.type === 'file',
        readers,
      });
    },
  });
}

const RECORDS = '/var/lib/slipway/files';

const recordOf = (text: string): string => `sha256 ${sha256Of(text)}\n`;

/** No digest of a secret is kept: one that is short could be guessed from it. */
const SECRET_RECORD = 'secret\n';

function hostSecret(
  { path, mode, owner }: HostFile,
  recordPath: string,
  { secret, value }: { readonly secret: string; readonly value: Secret },
  readers: readonly string[],
): Resource {
  const text = `${value.reveal()}\n`;
  return resource({
    address: `file:${path}`,
    facts: {
      found: secretFileState(path, text),
      record: fileContent(recordPath),
      written: fileTime(path),
      recorded: fileTime(recordPath),
    },
    diff: ({ found, record, written, recorded }) => {
      // The record is written after the file: what is newer than it somebody else has changed.
      const isRecorded = record.content === SECRET_RECORD && !isNewer(written.mtime, recorded.mtime);
      const isOwn = found.isOwn || isRecorded;
      const outcome = diffSecretFile({ ...found, isOwn }, { path, content: [{ secret }, '\n'], mode, owner });
      const isThere = found.state !== 'absent';
      return withRecord(outcome, { recordPath, content: SECRET_RECORD, path, isThere, readers });
    },
  });
}

interface Written {
  readonly recordPath: string;
  readonly content: string;
  readonly path: string;
  readonly isThere: boolean;
  readonly readers: readonly string[];
}

function withRecord(outcome: Outcome, { recordPath, content, path, isThere, readers }: Written): Outcome {
  if (outcome.answer !== 'change') return outcome;
  const record = { ...writeStep({ path: recordPath, content, mode: 0o600 }), isRecord: true } as const;
  const afterwards = isThere ? readers.map((reader) => restartNote(path, reader)) : [];
  return {
    ...outcome,
    steps: [...outcome.steps, record],
    ...(afterwards.length > 0 && { afterwards }),
  };
}

const restartNote = (path: string, reader: string): string =>
  `${reader} reads ${path} when it starts: on one control plane after another, crictl stop "$(crictl ps -q --name ${reader})"`;
