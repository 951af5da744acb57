import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

import { cgroupParents, cpuSeconds, firstOf, inCgroups, makeCgroup, removeCgroups } from '../lab/cgroups.ts';

export interface Measurement {
  readonly wallS: number;
  /** Of the program and all it started, daemons of its own too. */
  readonly cpuS: number;
  /** Highest sum of anonymous memory seen, sampled every 25 ms. */
  readonly peakMb: number;
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const SAMPLE_MS = 25;

/** The cgroups of what is being measured. */
const measured = new Set<readonly string[]>();
let isOver = false;

/** Ends what is being measured, for a benchmark that was interrupted: nobody is told how it ended. */
export async function endMeasurements(): Promise<void> {
  isOver = true;
  await Promise.all([...measured].map(removeCgroups));
}

/** Runs a program alone in a cgroup of its own, and takes its measure; what it leaves behind is ended. */
export async function measure(
  argv: readonly string[],
  options: { readonly env?: Readonly<Record<string, string>>; readonly timeoutMs: number },
): Promise<Measurement> {
  const groups = await makeCgroup(await cgroupParents(), `bench-${process.pid}`);
  measured.add(groups);
  try {
    const [program = '', ...args] = inCgroups(groups, argv);
    const startedAt = performance.now();
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...options.env },
    });
    const output = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
    const over = new AbortController();
    const peak = peakBytes(groups, over.signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), options.timeoutMs);
    const [code] = (await once(child, 'exit')) as [number | null];
    const wallS = (performance.now() - startedAt) / 1000;
    clearTimeout(timer);
    over.abort();
    return { wallS, cpuS: await cpuSeconds(groups), peakMb: (await peak) / 1e6, code, ...output };
  } finally {
    await removeCgroups(groups);
    measured.delete(groups);
    if (isOver) await new Promise(() => undefined);
  }
}

async function peakBytes(groups: readonly string[], over: AbortSignal): Promise<number> {
  let peak = 0;
  while (!over.aborted) {
    peak = Math.max(peak, await anonymousBytes(groups));
    await sleep(SAMPLE_MS);
  }
  return peak;
}

/** @see https://docs.kernel.org/admin-guide/cgroup-v1/memory.html#stat-file and cgroup-v2.html#memory-interface-files */
async function anonymousBytes(groups: readonly string[]): Promise<number> {
  const stat = (await firstOf(groups, 'memory.stat')) ?? '';
  return Number(/^(?:total_rss|anon) (\d+)$/m.exec(stat)?.[1] ?? 0);
}
