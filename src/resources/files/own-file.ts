import { change, none, type Outcome, type Resource, resource } from '#core/resource.ts';
import { command } from '#core/shell.ts';
import { run } from '#core/step.ts';
import { type FileAnswer, fileContent } from '#facts/file.ts';

import { diffFile, isMarked } from './diff-file.ts';

/** A file of slipway's that is there for as long as the inventory has content for it. Somebody else's stays. */
export const ownFile = (path: string, content: string | null): Resource =>
  resource({
    address: `file:${path}`,
    facts: { found: fileContent(path) },
    diff: ({ found }) => diffOwnFile(found, path, content),
  });

export function diffOwnFile(found: FileAnswer, path: string, content: string | null): Outcome {
  if (content !== null) return diffFile(found, { path, content });
  if (found.type !== 'file' || !isMarked(found.content ?? ''))
    return none(`there is no ${path} of slipway's`);
  return change(
    [{ what: 'content', from: found.content ?? '', to: null }],
    [run(`remove ${path}`, command('rm', '-f', '--', path))],
  );
}
