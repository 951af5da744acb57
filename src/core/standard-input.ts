/** What names standard input in the place of a file. */
export const STANDARD_INPUT = '-';

/** What a person reads of a file in messages. */
export const nameOfInput = (path: string): string => (path === STANDARD_INPUT ? '<stdin>' : path);
