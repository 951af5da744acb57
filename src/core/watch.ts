import type { Script } from './shell.ts';

/**
 * What a server tells of as it changes, so that a wait need not ask again and again. It decides nothing: the look that
 * follows does.
 */
export interface Watch {
  /** `/api/v1/nodes?fieldSelector=metadata.name=w1`. */
  readonly paths: readonly string[];
  readonly means: WatchMeans;
}

/**
 * Programs that change nothing on the host. They print a line for each path that they have something to say of: its number
 * among those given, and its mark, which stands for a state that the server can tell what came after it. A number alone, or any
 * other line: there is nothing to be had of the server.
 */
export interface WatchMeans {
  /** Prints where each path stands, and ends. */
  readonly mark: (paths: readonly string[]) => Script;
  /** Prints a line as soon as a path has changed since its mark, or the time is over; it ends with its input. */
  readonly follow: (marks: ReadonlyMap<string, string>, seconds: number) => Script;
}
