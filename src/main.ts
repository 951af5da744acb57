/** The composition root: the only file that touches the process. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { constants, homedir, hostname, userInfo } from 'node:os';

import { runCli } from '#cli/run-cli.ts';
import { EXIT } from '#core/exit-code.ts';
import { SlipwayError } from '#core/slipway-error.ts';
import { terminalAsk } from '#report/terminal-ask.ts';
import { openSlipway } from '#slipway.ts';

const SHOW_CURSOR = '\u001b[?25h';

const controller = new AbortController();

/** A program that runs on the terminal of this one. For as long as it does, signals are for it to handle. */
let child: ChildProcess | undefined;

/** The first signal lets the run come to a clean end, the second ends the process. */
function interrupt(signal?: NodeJS.Signals): void {
  if (child !== undefined) {
    // A terminal sends Ctrl-C to both programs.
    if (signal === 'SIGTERM') child.kill(signal);
    return;
  }
  if (controller.signal.aborted) {
    if (process.stderr.isTTY) process.stderr.write(SHOW_CURSOR);
    process.exit(EXIT.interrupted);
  }
  controller.abort();
}

process.on('SIGINT', interrupt);
process.on('SIGTERM', interrupt);

process.stdout.on('error', (cause: NodeJS.ErrnoException) => {
  // That a reader stops early ("| head") is no failure, and no reason to leave hosts half-changed.
  if (cause.code === 'EPIPE') return;
  const options = { code: 'output-unwritable', cause } as const;
  controller.abort(new SlipwayError(`cannot write to standard output: ${cause.message}`, options));
});
// Progress that cannot be shown is no reason to stop.
process.stderr.on('error', () => undefined);

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  readonly version: string;
};

/** Resolves to the exit code that a shell gives: 128 and the number of the signal, where a signal ended the program. */
async function runProgram(
  [program = '', ...args]: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<number> {
  const { spawn } = await import('node:child_process');
  child = spawn(program, args, { stdio: 'inherit', env: { ...process.env, ...environment } });
  try {
    const [status, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    return status ?? 128 + (signal === null ? 0 : constants.signals[signal]);
  } finally {
    child = undefined;
  }
}

const env = { HOME: homedir(), ...process.env };

const code = await runCli({
  argv: process.argv.slice(2),
  env,
  stdout: process.stdout,
  stderr: process.stderr,
  ask: process.stdin.isTTY
    ? terminalAsk({ input: process.stdin, output: process.stderr, signal: controller.signal, interrupt })
    : undefined,
  spawn: runProgram,
  signal: controller.signal,
  version,
  holder: `${userInfo().username}@${hostname()}, pid ${process.pid}`,
  openSlipway,
});

process.exitCode = code;
// Connections that were under way when the run was interrupted would keep the process alive.
if (controller.signal.aborted) process.exit();
