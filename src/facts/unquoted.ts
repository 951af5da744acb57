import type { Script } from '#core/shell.ts';

/** Takes quotes, single or double, off the shell variable `value`. */
export const UNQUOTED = 'value=${value#[\\"\\\']}; value=${value%[\\"\\\']}' as Script;
