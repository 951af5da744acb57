/** More than any cluster has: a typing mistake is reported, and not expanded. */
const MAX_HOSTS = 5000;

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
  for (const [bracket, body = ''] of text.matchAll(RANGE)) {
    const range = readRange(bracket, body);
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

function readRange(bracket: string, body: string): readonly string[] | string {
  const [, start, end] = /^(\d+):(\d+)$/.exec(body) ?? [];
  if (start === undefined || end === undefined) {
    return `has ${bracket}, which is not a range of numbers such as [01:16]`;
  }
  const isPadded = [start, end].some((number) => number.length > 1 && number.startsWith('0'));
  if (isPadded && start.length !== end.length) {
    return `has ${bracket}, whose ends are not equally long, although one starts with 0`;
  }
  const [from, to] = [Number(start), Number(end)];
  if (to < from) return `has ${bracket}, which runs backwards`;
  if (to - from >= MAX_HOSTS) return `has ${bracket}, which stands for more than ${MAX_HOSTS} hosts`;
  return Array.from({ length: to - from + 1 }, (_, index) =>
    String(from + index).padStart(start.length, '0'),
  );
}
