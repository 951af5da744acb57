import { ExecutionTimeout } from '#core/execution-error.ts';
import type { Script } from '#core/shell.ts';
import { SlipwayError } from '#core/slipway-error.ts';
import type { Connection, Held } from '#core/transport.ts';
import { untilAborted } from '#core/until-aborted.ts';
import type { CheckOutput, CheckResult, ClusterCheck, Verdict } from '#core/verification.ts';

import { LONGEST_PAUSE_MS, pauseOrChange, SharedWatches, type Telling } from './shared-watches.ts';

const SETTLE_PAUSE_MS = 1000;
const DIAGNOSIS_TIMEOUT_MS = 30_000;
const OUTPUT_LINES = 20;
const HEARTBEAT_MS = 15_000;
const INTERRUPTED = 'interrupted';

export interface VerificationOptions {
  /** In the order they are tried. */
  readonly checks: readonly ClusterCheck[];
  /** Names of checks that are not to be tried. */
  readonly ignored: readonly string[];
  /** To a control plane, the one through which the cluster answers if there is one. */
  readonly connection: Connection;
  /** What active checks work in: made before the first of them, removed after the last, whatever happens. */
  readonly room: Room;
  readonly onResult: (result: CheckResult) => void;
  readonly signal: AbortSignal;
}

/** A place on the cluster that lives as long as a program on the host does. */
export interface Room {
  /**
   * Makes it, prints `ready`, waits for the end of its input and removes it: so it goes even when the
   * controller is killed.
   */
  readonly hold: Script;
  /** Passes when nothing of it is left. */
  readonly gone: ClusterCheck;
}

/** Tries checks one after the other. Each is told of as soon as it has ended. */
export async function runVerification(options: VerificationOptions): Promise<readonly CheckResult[]> {
  const { checks, onResult, signal } = options;
  const results = new Map<string, CheckResult>();
  const tell = (result: CheckResult): void => {
    results.set(result.name, result);
    onResult(result);
  };
  let room: Held | undefined;
  try {
    for (const check of checks) {
      const obstacle = obstacleTo(check, options, results);
      if (obstacle !== undefined) {
        tell(obstacle);
        continue;
      }
      const startedAt = performance.now();
      try {
        if (check.isActive === true) room ??= await enter(options);
        // The program on the host goes on to its end, and what it works in goes away under it.
        const ending = await untilAborted(tryCheck(check, options), signal, () => STOPPED);
        tell(resultOf(check, ending, startedAt));
      } catch (error) {
        if (!(error instanceof SlipwayError) || error.code === 'connection-lost') throw error;
        tell(resultOf(check, { holds: false, why: error.message, ...hintOf(error) }, startedAt));
      }
    }
  } finally {
    if (room !== undefined) await leave(room, options, tell);
  }
  return [...results.values()];
}

/** Removes what an earlier verification may have left, and makes the room anew. */
async function enter(options: VerificationOptions): Promise<Held> {
  const { connection, room } = options;
  const held = await connection.hold(room.hold, 'ready', HEARTBEAT_MS);
  if (held.isHeld) return held;
  const said = held.greeting.trim().split('\n').at(-1) || 'no answer';
  const refusal = { holds: false, why: `no namespace could be made: ${said}` } as const;
  const { why, hint } = await explained(room.gone, refusal, options);
  throw new SlipwayError(why, {
    code: 'verification-room',
    host: connection.host,
    ...(hint !== undefined && { hint }),
  });
}

async function leave(
  room: Held,
  options: VerificationOptions,
  tell: (result: CheckResult) => void,
): Promise<void> {
  const startedAt = performance.now();
  await room.release();
  tell(resultOf(options.room.gone, await tryCheck(options.room.gone, options), startedAt));
}

function obstacleTo(
  check: ClusterCheck,
  { ignored, signal }: VerificationOptions,
  results: ReadonlyMap<string, CheckResult>,
): CheckResult | undefined {
  const { name, summary } = check;
  const untried = (status: 'skipped' | 'ignored', message: string): CheckResult => ({
    name,
    summary,
    status,
    message,
    elapsedMs: 0,
  });
  if (ignored.includes(name)) return untried('ignored', 'by the inventory');
  if (signal.aborted) return untried('skipped', INTERRUPTED);
  const missing = check.needs?.find((need) => results.get(need)?.status !== 'passed');
  return missing === undefined ? undefined : untried('skipped', `it needs ${missing}`);
}

type Failure = Extract<Verdict, { readonly holds: false }>;
type Ending = Verdict & { readonly output?: string };

const STOPPED: Ending = { holds: false, why: INTERRUPTED };

/** Tries until it holds, or no longer settles; then asks why it does not. */
async function tryCheck(check: ClusterCheck, options: VerificationOptions): Promise<Ending> {
  const { connection } = options;
  const watch = check.settle?.watch;
  const telling = watch && new SharedWatches(() => Promise.resolve(connection)).open(connection.host, watch);
  return tryUntilSettled(check, telling, options);
}

async function tryUntilSettled(
  check: ClusterCheck,
  telling: Telling | undefined,
  options: VerificationOptions,
): Promise<Ending> {
  const { timeoutMs = 0, hopeless } = check.settle ?? {};
  const prepared = check.prepare && (await execute(check.prepare, check, options));
  const isReady = prepared === undefined || prepared.code === 0;
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const output = isReady ? await execute(check.script, check, options) : prepared;
    const verdict = check.judge(output);
    if (verdict.holds) return verdict;
    const isOver = performance.now() >= deadline || options.signal.aborted;
    if (isReady && !isOver && hopeless?.(output) === undefined) {
      const limitMs = Math.min(LONGEST_PAUSE_MS, deadline - performance.now());
      await pauseOrChange(SETTLE_PAUSE_MS, telling, limitMs, options.signal).catch(() => undefined);
      continue;
    }
    // What was read as JSON has been judged; nobody wants its last lines.
    const tail = lastLines(`${output.stdout.startsWith('{') ? '' : output.stdout}\n${output.stderr}`);
    return { ...(await explained(check, verdict, options)), ...(tail !== '' && { output: tail }) };
  }
}

async function execute(
  script: Script,
  { timeoutMs }: ClusterCheck,
  { connection }: VerificationOptions,
): Promise<CheckOutput> {
  try {
    return await connection.execute({ script, via: 'stdin', timeoutMs });
  } catch (error) {
    if (!(error instanceof ExecutionTimeout)) throw error;
    return { code: null, stdout: error.output, stderr: `no end after ${timeoutMs / 1000} s` };
  }
}

/** What was asked afterwards says more than the program that failed. */
async function explained(
  { diagnosis }: ClusterCheck,
  verdict: Failure,
  { connection }: VerificationOptions,
): Promise<Failure> {
  if (diagnosis === undefined) return verdict;
  const { script, read } = diagnosis;
  const { code, stdout } = await connection.execute({
    script,
    via: 'stdin',
    timeoutMs: DIAGNOSIS_TIMEOUT_MS,
  });
  const [reason] = code === 0 ? read(stdout) : [];
  if (reason === undefined) return verdict;
  const hint = reason.hint ?? verdict.hint;
  return {
    holds: false,
    why: `${reason.kind}: ${reason.message} (${verdict.why})`,
    ...(hint !== undefined && { hint }),
  };
}

const resultOf = ({ name, summary }: ClusterCheck, ending: Ending, startedAt: number): CheckResult => ({
  name,
  summary,
  status: ending.holds ? 'passed' : 'failed',
  elapsedMs: performance.now() - startedAt,
  message: ending.holds ? ending.saw : ending.why,
  ...(!ending.holds && ending.hint !== undefined && { hint: ending.hint }),
  ...(ending.output !== undefined && { output: ending.output }),
});

const hintOf = ({ hint }: SlipwayError): { readonly hint?: string } => (hint === undefined ? {} : { hint });

const lastLines = (text: string): string => text.trim().split('\n').slice(-OUTPUT_LINES).join('\n');
