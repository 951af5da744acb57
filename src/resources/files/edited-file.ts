import { type Resource, resource } from '#core/resource.ts';
import { fileContent } from '#facts/file.ts';

import { diffFile, edited, refuseUnreadable } from './diff-file.ts';

/** A file made from what is there: mode and owner stay, unless there was no file. */
export const editedFile = (path: string, edit: (text: string | null) => string): Resource =>
  resource({
    address: `file:${path}`,
    facts: { found: fileContent(path) },
    diff: ({ found }) =>
      refuseUnreadable(found, path) ?? diffFile(found, edited(found, path, edit(found.content))),
  });
