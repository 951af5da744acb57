import { changeOr, type Resource, resource } from '#core/resource.ts';
import { command } from '#core/shell.ts';
import { ownedFiles } from '#facts/owned-files.ts';

/** Files that slipway wrote (they begin with its mark) and that the inventory no longer has are removed. */
export const noStrayFiles = (pattern: string, mark: string, wanted: readonly string[]): Resource =>
  resource({
    address: `stray-files:${pattern}`,
    facts: { found: ownedFiles(pattern, mark) },
    diff: ({ found }) => {
      const stray = found.filter((path) => !wanted.includes(path));
      return changeOr(
        'no file is left of what the inventory has no more',
        stray.map((path) => ({ what: path, from: 'of an earlier inventory', to: null })),
        [{ do: 'run', summary: `remove ${stray.join(', ')}`, script: command('rm', '-f', '--', ...stray) }],
      );
    },
  });
