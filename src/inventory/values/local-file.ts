import type { Finding, Path } from '#inventory/text/problem.ts';

import { localPath, type Places } from './local-path.ts';

/** What stands at a path of this machine; a word for why it could not be seen, or for what else it is. */
export type LookAtPath = (path: string) => Promise<'file' | 'directory' | { readonly fault: string }>;

/** A path of this machine that the inventory names. */
export interface LocalFile {
  /** Where the inventory names it. */
  readonly path: Path;
  readonly written: string;
  readonly wanted: 'file' | 'directory' | 'file or directory';
  /** Only a connection to hosts needs it, as a private key. */
  readonly isForLogin: boolean;
}

/** As a list to spread, where one is written. */
export const localFile = (
  written: string | undefined,
  path: Path,
  { wanted = 'file', isForLogin = false }: Partial<Pick<LocalFile, 'wanted' | 'isForLogin'>> = {},
): readonly LocalFile[] => (written === undefined ? [] : [{ path, written, wanted, isForLogin }]);

/** What of the files is not there, or is something else. */
export async function localFileFindings(
  files: readonly LocalFile[],
  places: Places,
  lookAt: LookAtPath,
): Promise<readonly Finding[]> {
  const found = await Promise.all(
    files.map(async ({ path, written, wanted }): Promise<readonly Finding[]> => {
      const file = localPath(written, places);
      const seen = await lookAt(file);
      if (typeof seen === 'object') return [{ path, message: `${file} cannot be read: ${seen.fault}` }];
      return wanted.includes(seen)
        ? []
        : [{ path, message: `must be a ${wanted}, and ${file} is a ${seen}` }];
    }),
  );
  return found.flat();
}
