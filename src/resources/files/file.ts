import { type Resource, resource } from '#core/resource.ts';
import { fileContent } from '#facts/file.ts';

import { diffFile, type FileDefinition } from './diff-file.ts';

/** A regular file with exactly this content, mode and owner. */
export const file = (definition: FileDefinition): Resource =>
  resource({
    address: `file:${definition.path}`,
    facts: { found: fileContent(definition.path) },
    diff: ({ found }) => diffFile(found, definition),
  });
