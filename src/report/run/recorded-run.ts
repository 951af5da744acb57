import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { NodeRef, NodeResult, RunEvent, RunReport } from '#core/event.ts';
import { EXIT } from '#core/exit-code.ts';
import type { Plan } from '#core/plan.ts';
import { SlipwayError } from '#core/slipway-error.ts';
import type { JournalHead } from './journal.ts';

/** A run as its journal tells it. */
export interface RecordedRun {
  /** The name of its file, without the ending. */
  readonly name: string;
  readonly head: JournalHead;
  readonly plan: Plan;
  /** What was worked on, in the order in which it began. */
  readonly work: readonly Work[];
  /** Absent where the run was cut off. */
  readonly report?: RunReport;
}

/** A node that was worked on. */
export interface Work {
  readonly node: NodeRef;
  readonly summary: string;
  readonly startMs: number;
  /** The last that is known of it, where the run was cut off. */
  readonly endMs: number;
  /** Since when its answers were only waited for; absent where they were right at once. */
  readonly waitingMs?: number;
  readonly result?: NodeResult;
}

const ENDING = '.ndjson';

/** Names of the recorded runs, the oldest first. */
export async function recordedRuns(directory: string): Promise<readonly string[]> {
  const found = await readdir(directory).catch((): string[] => []);
  return found
    .filter((name) => name.endsWith(ENDING))
    .map((name) => name.slice(0, -ENDING.length))
    .toSorted();
}

/**
 * Reads a run.
 *
 * @param name or the beginning of it; absent: the last one.
 * @throws {SlipwayError} where there is none of this name, or it is no journal.
 */
export async function recordedRun(directory: string, name = ''): Promise<RecordedRun> {
  const found = (await recordedRuns(directory)).findLast((one) => one.startsWith(name));
  if (found === undefined) {
    throw new SlipwayError(
      name === '' ? `there is no run in ${directory}` : `there is no run ${name} in ${directory}`,
      { code: 'no-run', exitCode: EXIT.usage, hint: 'see which there are: slipway runs' },
    );
  }
  const lines = (await readFile(join(directory, `${found}${ENDING}`), 'utf8')).split('\n');
  // The last line of a run that was cut off may be half a line.
  const [head, ...events] = lines.flatMap((line): readonly unknown[] => {
    try {
      return [JSON.parse(line)];
    } catch {
      return [];
    }
  });
  const run = runOf(found, head as JournalHead | undefined, events as readonly TimedEvent[]);
  if (run !== undefined) return run;
  throw new SlipwayError(`${found}${ENDING} is no journal of this version`, {
    code: 'no-run',
    exitCode: EXIT.usage,
  });
}

type TimedEvent = RunEvent & { readonly atMs: number };

function runOf(
  name: string,
  head: JournalHead | undefined,
  events: readonly TimedEvent[],
): RecordedRun | undefined {
  const [started] = events;
  if (head?.format !== 'slipway-journal/1' || started?.event !== 'run-started') return undefined;
  const lastMs = events.at(-1)?.atMs ?? 0;
  const work = new Map<string, Work>();
  let report: RunReport | undefined;
  for (const event of events) {
    if (event.event === 'node-started') {
      const { node, summary, atMs } = event;
      work.set(node.id, { node, summary, startMs: atMs, endMs: lastMs });
    }
    if (event.event === 'run-finished') report = event.report;
    const known = 'node' in event ? work.get(event.node.id) : undefined;
    if (known === undefined || known.result !== undefined) continue;
    if (event.event === 'node-waiting') work.set(known.node.id, { waitingMs: event.atMs, ...known });
    if (event.event === 'node-finished')
      work.set(known.node.id, { ...known, endMs: event.atMs, result: event.result });
  }
  return {
    name,
    head,
    plan: started.plan,
    work: [...work.values()].toSorted((left, right) => left.startMs - right.startMs),
    ...(report !== undefined && { report }),
  };
}
