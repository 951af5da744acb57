import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { GlobalOptions } from './global-options.ts';

/** Where the journals of runs are: beside the inventory; of several files, beside the first. */
export function journalsOf({ inventory: [first = ''] }: Pick<GlobalOptions, 'inventory'>): string {
  const isDirectory = statSync(first, { throwIfNoEntry: false })?.isDirectory() === true;
  return join(isDirectory ? first : dirname(first), '.slipway', 'runs');
}
