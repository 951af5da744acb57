import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** Records of the labs on this machine: one place for everybody, whatever their cache directory is. */
export const recordsDirectory = '/run/slipway-lab';

/** Base images, packages, repositories and the disks of running labs. */
export function cacheDirectory(env: NodeJS.ProcessEnv = process.env): string {
  if (env['SLIPWAY_LAB_DIR']) return resolve(env['SLIPWAY_LAB_DIR']);
  return join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'slipway', 'lab');
}
