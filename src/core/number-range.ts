/** More than any cluster has: a typing mistake is reported, and not expanded. */
export const MAX_HOSTS = 5000;

/** The numbers that `[01:16]` stands for, as they are written, or why it stands for none; zeros in front are kept. */
export function numberRange(bracket: string): readonly string[] | string {
  const [, start, end] = /^\[(\d+):(\d+)\]$/.exec(bracket) ?? [];
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
