import type { Json } from '#core/json.ts';

type Tree = Readonly<Record<string, unknown>>;

const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Maps are merged key by key, all the way down; of anything else the particular one wins. */
export function mergeJson(general: Tree, particular: Tree): Tree {
  const merged: Record<string, unknown> = { ...general };
  for (const [key, value] of Object.entries(particular)) {
    const below = merged[key];
    merged[key] = isTree(below) && isTree(value) ? mergeJson(below, value) : value;
  }
  return merged;
}

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
