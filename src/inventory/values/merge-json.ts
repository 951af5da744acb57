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
