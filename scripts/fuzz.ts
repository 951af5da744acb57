// Broken and strange inventories and host files, by seed:
//   node scripts/fuzz.ts                               all kinds: 10,000 inventories, 2,000 of each host file
//   node scripts/fuzz.ts inventories --count 500       one kind, fewer of it
//   node scripts/fuzz.ts fstab --seed 7 --case 12      one case, whose bytes go to standard output
// It ends with 1 where slipway showed a stack trace, hung, named no place, would lose what others wrote, or would run a
// value. What would be run is run in namespaces of its own, for which it has to be root on Linux; elsewhere that is left out.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

import { judgeOf, KINDS } from './fuzz/cases.ts';

const LIMIT_MS = 10_000;
/** Loading and the first case may take longer. */
const START_MS = 60_000;

interface Task {
  readonly kind: string;
  readonly seed: number;
  readonly from: number;
  readonly to: number;
}

/** Undefined where the case is only begun. */
type Told = { readonly index: number; readonly faults?: readonly string[]; readonly isAccepted?: boolean };

if (isMainThread) await main();
else await work(workerData as Task);

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      seed: { type: 'string', default: '1' },
      count: { type: 'string' },
      case: { type: 'string' },
    },
  });
  const seed = Number(values.seed);
  const kinds = positionals.length > 0 ? positionals : KINDS;
  let faults = 0;
  for (const kind of kinds) {
    const count = Number(values.count ?? (kind === 'inventories' ? 10_000 : 2000));
    const [from, to] =
      values.case === undefined ? [0, count] : [Number(values.case), Number(values.case) + 1];
    faults += await fuzz({ kind, seed, from, to });
    if (values.case !== undefined) process.stdout.write(await bytesOf(kind, seed, from));
  }
  process.exitCode = faults === 0 ? 0 : 1;
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Runs cases in a thread, which is ended where one of them hangs; the next one goes on behind it. */
async function fuzz(task: Task): Promise<number> {
  let [next, accepted, faulty, slowestMs] = [task.from, 0, 0, 0];
  while (next < task.to) {
    next = await runThread({ ...task, from: next }, (told, tookMs) => {
      slowestMs = Math.max(slowestMs, tookMs);
      if (told.isAccepted === true) accepted += 1;
      if ((told.faults?.length ?? 0) > 0) faulty += 1;
      for (const fault of told.faults ?? []) {
        say(`${task.kind} --seed ${task.seed} --case ${told.index}: ${fault}`);
      }
    });
  }
  say(
    `${task.kind}: ${task.to - task.from} cases of seed ${task.seed}, ${accepted} accepted, ${faulty} with faults, the slowest ${slowestMs} ms`,
  );
  return faulty;
}

/** Resolves to the case to go on with. */
function runThread(task: Task, onEnd: (told: Told, tookMs: number) => void): Promise<number> {
  return new Promise((resolve) => {
    const thread = new Worker(new URL(import.meta.url), { workerData: task });
    let [current, begunAt] = [task.from, Date.now()];
    const stop = (why: string): void => {
      onEnd({ index: current, faults: [why] }, Date.now() - begunAt);
      void thread.terminate().then(() => resolve(current + 1));
    };
    let timer = setTimeout(stop, START_MS, 'hangs');
    thread.on('message', ({ index, ...told }: Told) => {
      clearTimeout(timer);
      if (told.faults === undefined) [current, begunAt] = [index, Date.now()];
      else onEnd({ index, ...told }, Date.now() - begunAt);
      timer = setTimeout(stop, LIMIT_MS, `no end after ${LIMIT_MS} ms`);
    });
    thread.on('error', (error: Error) => {
      clearTimeout(timer);
      stop(error.stack ?? error.message);
    });
    thread.on('exit', (code) => {
      clearTimeout(timer);
      if (code === 0) resolve(task.to);
    });
  });
}

function tell(told: Told): void {
  parentPort?.postMessage(told, []);
}

async function work({ kind, seed, from, to }: Task): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'slipway-fuzz-'));
  try {
    const judge = await judgeOf(kind, directory);
    for (let index = from; index < to; index += 1) {
      tell({ index });
      const { faults, isAccepted } = await judge(seed, index).catch((error: unknown) => ({
        faults: [error instanceof Error ? (error.stack ?? error.message) : String(error)],
        isAccepted: false,
      }));
      tell({ index, faults, isAccepted });
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
}

async function bytesOf(kind: string, seed: number, index: number): Promise<Buffer> {
  const directory = mkdtempSync(join(tmpdir(), 'slipway-fuzz-'));
  try {
    return (await (await judgeOf(kind, directory))(seed, index)).bytes;
  } finally {
    rmSync(directory, { recursive: true });
  }
}
