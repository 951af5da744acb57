import { change, none, type Resource, resource } from '#core/resource.ts';
import { command } from '#core/shell.ts';
import { fileMetadata } from '#facts/file.ts';

import { isDirectory } from './diff-file.ts';

/** A path where nothing may be. */
export const absentFile = (path: string): Resource =>
  resource({
    address: `file:${path}`,
    facts: { found: fileMetadata(path) },
    diff: ({ found }) => {
      if (found.type === 'absent') return none(`there is no ${path}`);
      if (found.type === 'directory') return isDirectory(path);
      const step = { do: 'run', summary: `remove ${path}`, script: command('rm', '-f', '--', path) } as const;
      return change([{ what: 'presence', from: found.type, to: null }], [step]);
    },
  });
