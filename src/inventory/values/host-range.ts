import { MAX_HOSTS, numberRange } from '#core/number-range.ts';

/** What a text with ranges stands for, or why it stands for nothing. */
export type Expansion =
  | { readonly values: readonly string[]; readonly counts: readonly number[] }
  | { readonly fault: string };

const RANGE = /\[([^\][]*)\]/g;

/**
 * Expands `gpu[01:16]` to `gpu01` ... `gpu16`; zeros in front are kept. With several ranges the last one runs
 * fastest: `r[1:2]n[1:2]` is `r1n1`, `r1n2`, `r2n1`, `r2n2`.
 */
export function expandRange(text: string): Expansion {
  const ranges: (readonly string[])[] = [];
  for (const [bracket] of text.matchAll(RANGE)) {
    const range = numberRange(bracket);
    if (typeof range === 'string') return { fault: range };
    ranges.push(range);
  }
  if (/[\][]/.test(text.replaceAll(RANGE, ''))) return { fault: 'has a bracket without its partner' };
  const total = ranges.reduce((product, { length }) => product * length, 1);
  if (total > MAX_HOSTS) return { fault: `stands for ${total} hosts, more than ${MAX_HOSTS}` };

  const [first = '', ...rest] = text.split(RANGE).filter((_, index) => index % 2 === 0);
  let values: readonly string[] = [first];
  for (const [index, range] of ranges.entries()) {
    values = values.flatMap((start) => range.map((number) => `${start}${number}${rest[index]}`));
  }
  return { values, counts: ranges.map(({ length }) => length) };
}
