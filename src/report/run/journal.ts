import { closeSync, mkdirSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

import type { Listener, RunEvent } from '#core/event.ts';
import { mask } from '#core/secret.ts';

/** The first line of a journal: what it is of. */
export interface JournalHead {
  readonly format: 'slipway-journal/1';
  readonly slipway: string;
  /** `apply`. */
  readonly command: string;
  readonly cluster: string;
  /** sha256 of the cluster as the inventory describes it. */
  readonly inventory: string;
  /** Who holds the hosts' locks: `me@laptop, pid 7`. */
  readonly holder: string;
  /** In UTC: `2026-11-28T19:12:00.123Z`. */
  readonly startedAt: string;
}

export interface JournalOptions extends Omit<JournalHead, 'format' | 'startedAt' | 'cluster' | 'inventory'> {
  /** Where journals are; made when there is one to write. */
  readonly directory: string;
  /** Asked when a run starts. */
  readonly digest: () => string;
  /** Told once, where it cannot be written: the run goes on without. */
  readonly warn: (warning: string) => void;
  /** In milliseconds; default: the time of day. */
  readonly now?: () => number;
}

/** Journals that are kept. */
const KEPT = 100;

/**
 * Writes what happens in each run to a file of its own, for its owner's eyes: a head, then a line of JSON for each event.
 * What is seen of other runs (lines that programs print, files that are fetched) is left out.
 */
export function journal(options: JournalOptions): Listener {
  const { now = () => Date.now() } = options;
  let file: number | undefined;
  let startedAtMs = 0;
  const write = (line: object): void => {
    if (file !== undefined) writeSync(file, `${mask(JSON.stringify(line))}\n`);
  };
  const end = (): void => {
    if (file !== undefined) closeSync(file);
    file = undefined;
  };
  return (event) => {
    try {
      if (event.event === 'run-started') {
        end();
        startedAtMs = now();
        const startedAt = new Date(startedAtMs).toISOString();
        const { directory, digest, warn: _warn, now: _now, ...head } = options;
        file = newJournal(directory, `${startedAt.replaceAll(':', '-')}-${head.command}`);
        const { cluster } = event.plan;
        write({
          format: 'slipway-journal/1',
          ...head,
          cluster,
          inventory: digest(),
          startedAt,
        } satisfies JournalHead);
      }
      if (event.event !== 'node-progress') write(eventLine(event, now() - startedAtMs));
      if (event.event === 'run-finished') end();
    } catch (error) {
      file = undefined;
      options.warn(`no journal is written: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
}

/**
 * An event as one line of JSON: a plan in it is without its facts, which are as long as all hosts have to say, and of
 * steps there are the summaries, as the plan has all of them.
 */
export function eventLine(event: RunEvent, atMs: number): object {
  if (event.event === 'run-started') return { atMs, ...event, plan: { ...event.plan, facts: {} } };
  if (event.event === 'node-steps')
    return { atMs, ...event, steps: event.steps.map(({ summary }) => summary) };
  return { atMs, ...event };
}

/** For its owner alone; the oldest goes where there are many. */
function newJournal(directory: string, name: string): number {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const old = readdirSync(directory).filter((one) => one.endsWith('.ndjson'));
  for (const one of old.toSorted().slice(0, Math.max(old.length - KEPT + 1, 0))) rmSync(join(directory, one));
  return openSync(join(directory, `${name}.ndjson`), 'wx', 0o600);
}
