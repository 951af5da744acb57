import { dirname, join } from 'node:path';

import type { GlobalOptions } from './global-options.ts';

/** Where the journals of runs are: beside the inventory. */
export const journalsOf = ({ inventory }: Pick<GlobalOptions, 'inventory'>): string =>
  join(dirname(inventory), '.slipway', 'runs');
