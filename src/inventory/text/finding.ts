import type { Finding, Path } from './problem.ts';

/** A finding as a list to spread, where there is a fault. */
export const findIf = (fault: string | undefined, path: Path, got?: string): readonly Finding[] =>
  fault === undefined
    ? []
    : [{ path, message: fault, ...(got !== undefined && { got: JSON.stringify(got) }) }];

/** A key that says nothing beside what else is written. */
export const meaningless = (path: Path, why: string): Finding => ({
  path,
  isKey: true,
  message: `"${path.at(-1)}" has no meaning ${why}`,
});
