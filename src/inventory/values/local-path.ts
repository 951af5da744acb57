import { join, resolve } from 'node:path';

import { EXIT } from '#core/exit-code.ts';
import { SlipwayError } from '#core/slipway-error.ts';

/** What paths of the inventory are relative to. */
export interface Places {
  /** The inventory's directory, absolute. */
  readonly directory: string;
  /** What `~/` stands for. */
  readonly home: string | undefined;
}

/**
 * An absolute path of the controller.
 *
 * @throws {SlipwayError} `no-home` for a path in the home directory, where that is not known.
 */
export function localPath(written: string, { directory, home }: Places): string {
  if (written !== '~' && !written.startsWith('~/')) return resolve(directory, written);
  if (home !== undefined) return join(home, written.slice(2));
  throw new SlipwayError(`${written} is in the home directory, and HOME is not set`, {
    code: 'no-home',
    exitCode: EXIT.usage,
    hint: 'set HOME, or write the whole path',
  });
}
