import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

import type { Environment } from '#core/environment.ts';
import { ExecutionTimeout } from '#core/execution-error.ts';
import { CONTROLLER } from '#core/fact.ts';
import { embed, lines, type Script, sh } from '#core/shell.ts';
import type { Execution, ExecutionResult, Looked } from '#core/transport.ts';

import { follow } from './program.ts';

/** More than any program there has to say to slipway. */
const OUTPUT_LIMIT_CHARACTERS = 8 * 1024 * 1024;

export interface ControllerOptions {
  /** Where programs begin. */
  readonly directory: string;
  /** What they find. */
  readonly env: Environment;
}

/**
 * Runs programs on the machine that slipway runs on, as its own user and with its environment. Each is a process group of
 * its own: Ctrl-C lets it come to its end, as it does programs on hosts, and a timeout ends all that it has started.
 */
export const controller = (options: ControllerOptions): Looked => ({
  host: CONTROLLER,
  execute: (execution) => runHere(execution, options),
});

async function runHere(
  { script, timeoutMs, onLine }: Execution,
  { directory, env }: ControllerOptions,
): Promise<ExecutionResult> {
  const child = spawn('/bin/sh', ['-s'], { cwd: directory, env, detached: true, stdio: 'pipe' });
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      said[stream] = (said[stream] + text).slice(-OUTPUT_LIMIT_CHARACTERS);
    });
  }
  if (onLine !== undefined) createInterface({ input: child.stdout }).on('line', onLine);
  child.stdin.on('error', () => undefined);
  child.stdin.end(supervised(script));
  let isOverdue = false;
  const guard = setTimeout(() => {
    isOverdue = true;
    child.kill('SIGTERM');
  }, timeoutMs);
  try {
    const { ended } = follow(child, [child.stdout, child.stderr], () => undefined);
    const failed = new Promise<never>((_, reject) => child.once('error', reject));
    const ending = await Promise.race([ended, failed]);
    if (isOverdue) throw new ExecutionTimeout(CONTROLLER, timeoutMs, `${said.stdout}\n${said.stderr}`.trim());
    return { code: ending.ended === 'exit' ? ending.code : null, ...said };
  } finally {
    clearTimeout(guard);
  }
}

/**
 * Read whole before any of it runs, so that what it starts finds nothing of it on standard input. Told to end, it ends its
 * process group, and five seconds later what has not listened.
 */
const supervised = (script: Script): string =>
  `${lines(
    sh`slipway_program() {
${embed(script)}
}
slipway_end() {
trap '' TERM; kill -TERM 0
for slipway_i in 1 2 3 4 5 6 7 8 9 10; do kill -0 "$slipway_pid" 2>/dev/null || exit 143; sleep 0.5; done
kill -KILL 0
}
slipway_pid=
trap slipway_end TERM
slipway_program </dev/null & slipway_pid=$!
wait "$slipway_pid"; exit $?`,
  )}\n`;
