/** Flags of a program, without dashes. One that is given several times has a list, in the order in which it is given. */
export type Flags = Readonly<Record<string, string | readonly string[]>>;

/** Each flag as often as it is given. */
export const flagPairs = (flags: Flags): readonly (readonly [string, string])[] =>
  Object.entries(flags).flatMap(([name, value]) =>
    (typeof value === 'string' ? [value] : value).map((one) => [name, one] as const),
  );

/** The value of a flag that is given once. */
export const flagValue = (flags: Flags, name: string): string | undefined => {
  const value = flags[name];
  return typeof value === 'string' ? value : value?.at(-1);
};
