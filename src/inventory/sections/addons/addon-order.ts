interface Entry {
  readonly name: string;
  readonly after?: readonly string[];
}

/** Entries in their order, but each behind all it names; those that wait for each other are left out, as stuck. */
export function addonOrder<E extends Entry>(
  entries: readonly E[],
): { readonly ordered: readonly E[]; readonly stuck: readonly E[] } {
  const names = new Set(entries.map(({ name }) => name));
  const ordered: E[] = [];
  let left = entries;
  for (;;) {
    const done = new Set(ordered.map(({ name }) => name));
    const next = left.find(({ after = [] }) => after.every((name) => done.has(name) || !names.has(name)));
    if (next === undefined) return { ordered, stuck: left };
    ordered.push(next);
    left = left.filter((entry) => entry !== next);
  }
}
