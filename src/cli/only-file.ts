import { EXIT } from '#core/exit-code.ts';
import { SlipwayError } from '#core/slipway-error.ts';

import { DEFAULT_INVENTORY, type GlobalOptions } from './global-options.ts';

/** The file that an inventory is written to. @throws {SlipwayError} where several are named. */
export function onlyFile({
  inventory: [path = DEFAULT_INVENTORY, ...others],
}: Pick<GlobalOptions, 'inventory'>): string {
  if (others.length === 0) return path;
  throw new SlipwayError('one inventory is written at a time', {
    code: 'several-inventories',
    exitCode: EXIT.usage,
    hint: 'name one file with --inventory FILE',
  });
}
