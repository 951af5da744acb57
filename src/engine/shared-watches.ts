import { setTimeout as sleep } from 'node:timers/promises';

import type { Looked } from '#core/transport.ts';
import { untilAborted } from '#core/until-aborted.ts';
import type { Watch, WatchMeans } from '#core/watch.ts';

/** The longest time between two looks of a wait that is told of changes. */
export const LONGEST_PAUSE_MS = 5000;
/** How long a program waits to be told of a change; a wait looks again sooner than that. */
const FOLLOW_SECONDS = 8;
const MARK_TIMEOUT_MS = 5000;
/** Time for a program to end by itself. */
const SLACK_MS = 4000;
/** Each is a connection to the server; waits for more than these ask again and again. */
const PATHS_PER_HOST = 4;
/** A change that is told of sooner than this was there before the watch had begun. */
const HASTY_MS = 500;
/** For how long nobody watches where changes come one upon the other. */
const FLOOD_MS = 5000;
/** For how long nobody watches where the server does not tell. */
const SILENCE_MS = 10_000;

/** A wait that is told of changes. */
export interface Telling {
  /**
   * Resolves as soon as something may have changed since the call before, after `limitMs`, or at once where that cannot be
   * known: it never fails.
   *
   * @throws {Error} when the signal is aborted.
   */
  change(limitMs: number, signal: AbortSignal): Promise<void>;
  close(): void;
}

interface Waiter {
  readonly marks: ReadonlyMap<string, string>;
  readonly wake: (told: Told) => void;
}

interface Told {
  /** What of: a path with its new mark, or without one where the server does not tell of it; absent: of none. */
  readonly path?: string | undefined;
  readonly mark?: string | undefined;
  /** Whether it came so soon that it was there before, or that there is no use in it. */
  readonly isHasty: boolean;
  /** The server tells of nothing. */
  readonly isRefused?: boolean;
}

const NOTHING: Told = { isHasty: false };

/** The pause between two looks, which is longer where a wait is told of changes: until there is one, or for `limitMs`. */
export async function pauseOrChange(
  pauseMs: number,
  telling: Telling | undefined,
  limitMs: number,
  signal: AbortSignal,
): Promise<void> {
  const mayBePutOff = limitMs > pauseMs;
  await Promise.all([
    sleep(pauseMs, undefined, { signal }),
    ...(mayBePutOff && telling !== undefined ? [telling.change(limitMs, signal)] : []),
  ]);
}

/**
 * Watches for nodes that wait. However many wait for something of one host, one program there is told of all of it, and ends
 * with the first change.
 */
export class SharedWatches {
  readonly #lookable: (host: string) => Promise<Looked>;
  readonly #hosts = new Map<string, HostWatches>();

  constructor(lookable: (host: string) => Promise<Looked>) {
    this.#lookable = lookable;
  }

  /** Undefined where there are too many on this host. */
  open(host: string, watch: Watch): Telling | undefined {
    const watches = this.#hosts.get(host) ?? new HostWatches(() => this.#lookable(host), watch.means);
    this.#hosts.set(host, watches);
    return watches.open(watch.paths);
  }
}

/** What is told of by one host. */
class HostWatches {
  readonly #connection: () => Promise<Looked>;
  readonly #means: WatchMeans;
  /** How many waits are open for each path. */
  readonly #open = new Map<string, number>();
  readonly #waiters = new Set<Waiter>();
  #program: Program | undefined;

  constructor(connection: () => Promise<Looked>, means: WatchMeans) {
    this.#connection = connection;
    this.#means = means;
  }

  open(paths: readonly string[]): Telling | undefined {
    if (new Set([...this.#open.keys(), ...paths]).size > PATHS_PER_HOST) return undefined;
    this.#count(paths, 1);
    let marks = new Map<string, string>();
    let silentUntil = 0;
    let hasty = 0;
    const beSilent = (forMs: number): void => {
      silentUntil = performance.now() + forMs;
      marks = new Map();
    };
    const hear = ({ path, mark, isHasty, isRefused = false }: Told): void => {
      const isOwn = path !== undefined && paths.includes(path);
      if (isRefused || (isOwn && mark === undefined)) beSilent(SILENCE_MS);
      else if (isOwn && mark !== undefined) marks.set(path, mark);
      hasty = isHasty ? hasty + 1 : 0;
      // More of what came before may wait to be told: where the list stands is asked anew.
      if (isHasty) marks = new Map();
      if (hasty > 1) beSilent(FLOOD_MS);
    };
    return {
      change: async (limitMs, signal) => {
        if (performance.now() < silentUntil) return;
        if (marks.size > 0) {
          hear(await this.#wait(marks, limitMs, signal));
          return;
        }
        // Where a list stands is asked before the look, so that the watch that follows the look has missed nothing.
        const found = await untilAborted(this.#mark(paths), signal, () => []);
        await sleep(0, undefined, { signal });
        marks = new Map(found);
        if (marks.size < paths.length) beSilent(SILENCE_MS);
      },
      close: () => this.#count(paths, -1),
    };
  }

  #count(paths: readonly string[], more: number): void {
    for (const path of paths) {
      const count = (this.#open.get(path) ?? 0) + more;
      if (count === 0) this.#open.delete(path);
      else this.#open.set(path, count);
    }
  }

  async #mark(paths: readonly string[]): Promise<readonly (readonly [string, string])[]> {
    try {
      const connection = await this.#connection();
      const script = this.#means.mark(paths);
      const { stdout } = await connection.execute({ script, via: 'argument', timeoutMs: MARK_TIMEOUT_MS });
      return stdout.split('\n').flatMap((line) => {
        const [path, mark] = toldIn(line, paths);
        return path === undefined || mark === undefined ? [] : [[path, mark] as const];
      });
    } catch {
      // Why will show in the next look, if it is of any weight.
      return [];
    }
  }

  async #wait(marks: ReadonlyMap<string, string>, limitMs: number, signal: AbortSignal): Promise<Told> {
    const { promise, resolve } = Promise.withResolvers<Told>();
    const waiter: Waiter = { marks, wake: resolve };
    const limit = new AbortController();
    this.#waiters.add(waiter);
    setImmediate(() => this.#follow());
    try {
      const either = AbortSignal.any([signal, limit.signal]);
      return await Promise.race([promise, sleep(limitMs, NOTHING, { signal: either })]);
    } finally {
      limit.abort();
      this.#waiters.delete(waiter);
      if (this.#waiters.size === 0) this.#end();
    }
  }

  /** Begins a program for all that is waited for; goes on with the one that there is, where it tells of all that. */
  #follow(): void {
    const wanted = [...this.#waiters].flatMap(({ marks }) => [...marks]);
    const known = this.#program?.marks ?? new Map<string, string>();
    if (wanted.every(([path]) => known.has(path))) return;
    this.#end();
    // What has been followed goes on where it was: nothing of it has been told.
    const marks = new Map([...wanted, ...known]);
    const program = new Program(marks, (told) => {
      if (this.#program === program) this.#tell(told);
    });
    this.#program = program;
    void program.run(this.#connection, this.#means);
  }

  #tell(told: Told): void {
    this.#end();
    for (const { wake } of this.#waiters) wake(told);
  }

  #end(): void {
    const program = this.#program;
    this.#program = undefined;
    program?.end();
  }
}

/** A program that is told of changes, until it is ended. */
class Program {
  readonly marks: ReadonlyMap<string, string>;
  readonly #tell: (told: Told) => void;
  readonly #over = new AbortController();

  constructor(marks: ReadonlyMap<string, string>, tell: (told: Told) => void) {
    this.marks = marks;
    this.#tell = tell;
  }

  async run(connection: () => Promise<Looked>, { follow }: WatchMeans): Promise<void> {
    const paths = [...this.marks.keys()];
    const startedAt = performance.now();
    const tell = (told: Omit<Told, 'isHasty'>): void =>
      this.#tell({ ...told, isHasty: performance.now() - startedAt < HASTY_MS });
    const onLine = (line: string): void => {
      const [path, mark] = toldIn(line, paths);
      tell({ path, mark, isRefused: path === undefined && line !== 'over' });
    };
    try {
      const host = await connection();
      if (this.#over.signal.aborted) return;
      await host.execute({
        script: follow(this.marks, FOLLOW_SECONDS),
        via: 'argument',
        timeoutMs: FOLLOW_SECONDS * 1000 + SLACK_MS,
        input: nothingUntil(this.#over.signal),
        onLine,
      });
    } catch {
      // As with marks.
    }
    tell({ isRefused: true });
  }

  /** Its input ends, and so it does. */
  end(): void {
    this.#over.abort();
  }
}

/** `0 1234`: the path with this number, and its mark. */
function toldIn(line: string, paths: readonly string[]): readonly [path?: string, mark?: string] {
  const [, number, mark] = /^(\d+)(?: (\d+))?$/.exec(line) ?? [];
  const path = number === undefined ? undefined : paths[Number(number)];
  return path === undefined ? [] : mark === undefined ? [path] : [path, mark];
}

/** An input that is open and empty for as long as somebody listens. */
const nothingUntil = (signal: AbortSignal): AsyncIterable<Uint8Array> => ({
  [Symbol.asyncIterator]: () => ({
    next: () =>
      untilAborted(new Promise<never>(() => undefined), signal, () => ({ done: true, value: undefined })),
  }),
});
