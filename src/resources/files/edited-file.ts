import { type Resource, resource } from '#core/resource.ts';
import { fileContent } from '#facts/file.ts';

import { diffFile, edited, refuseUnreadable } from './diff-file.ts';

/** A file whose new text is made of the text it has. Its mode and owner stay. */
export const editedFile = (path: string, edit: (text: string | null) => string): Resource =>
  resource({
    address: `file:${path}`,
    facts: { found: fileContent(path) },
    diff: ({ found }) =>
      refuseUnreadable(found, path) ?? diffFile(found, edited(found, path, edit(found.content))),
  });
