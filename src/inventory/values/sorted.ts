import type { Json } from '#core/json.ts';

/** The same value with the keys of its maps in code-unit order, so that their order in the file says nothing. */
export function sorted<T extends Json>(value: T): T {
  return sort(value) as T;
}

function sort(value: Json): Json {
  if (Array.isArray(value)) return value.map(sort);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, member]) => [key, sort(member)]),
  );
}
