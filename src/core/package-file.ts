import { readFileSync } from 'node:fs';

/**
 * The text of a file that slipway brings along, by its path from `src`. The single executable has another function in
 * the place of this one (`scripts/executable/packed-file.ts`), so nothing else reads such files.
 */
export const packageFile = (path: string): string =>
  readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
