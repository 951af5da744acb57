import type { ExpandedHost } from './expand-hosts.ts';
import type { Finding, Path } from './text/problem.ts';
import type { SoundDocument } from './sound-document.ts';

/** What a check looks at. */
export interface CheckContext {
  readonly document: SoundDocument;
  readonly hosts: readonly ExpandedHost[];
  /** Whether something at or below a path was wrong already, so that what follows from it is not told again. */
  readonly isFaulty: (path: Path) => boolean;
  /** The line a path stands on, to refer to. */
  readonly lineOf: (path: Path) => number;
}

/** Something the schema cannot say. It looks at the whole document, and gives everything that is wrong. */
export type Check = (context: CheckContext) => readonly Finding[];

/** A finding as a list to spread, where there is a fault. */
export const findIf = (fault: string | undefined, path: Path, got?: string): readonly Finding[] =>
  fault === undefined
    ? []
    : [{ path, message: fault, ...(got !== undefined && { got: JSON.stringify(got) }) }];
