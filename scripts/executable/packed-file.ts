import { getAsset } from 'node:sea';

/** What `src/core/package-file.ts` is in the single executable: it has the files in itself. */
export const packageFile = (path: string): string => getAsset(path, 'utf8');
