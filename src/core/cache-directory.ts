import { join } from 'node:path';

import type { Environment } from './environment.ts';
import { EXIT } from './exit-code.ts';
import { SlipwayError } from './slipway-error.ts';

/**
 * Where fetched files are kept between runs.
 *
 * @throws {SlipwayError} where there is no such place.
 */
export function cacheDirectoryOf(env: Environment): string {
  const [caches, home] = [env['XDG_CACHE_HOME'], env['HOME']];
  if (caches) return join(caches, 'slipway');
  if (home) return join(home, '.cache', 'slipway');
  throw new SlipwayError('there is no place to keep fetched files in: HOME is not set', {
    code: 'no-cache-directory',
    exitCode: EXIT.usage,
    hint: 'set HOME or XDG_CACHE_HOME',
  });
}
