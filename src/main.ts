/** The composition root: the only file that touches the process. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { constants, hostname, userInfo } from 'node:os';

import { runCli } from '#cli/run-cli.ts';
import { EXIT } from '#core/exit-code.ts';
import { packageFile } from '#core/package-file.ts';
import { SlipwayError } from '#core/slipway-error.ts';
import type { Ask } from '#report/terminal-ask.ts';
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

const { version } = JSON.parse(packageFile('../package.json')) as { readonly version: string };

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

const ask: Ask = async (question, options) => {
  const { terminalAsk } = await import('#report/terminal-ask.ts');
  const { stdin: input, stderr: output } = process;
  return terminalAsk({ input, output, signal: controller.signal, interrupt })(question, options);
};

/** In a container, the number of a user may have neither a name nor a home. */
function user(): { readonly username: string; readonly homedir: string } {
  try {
    return userInfo();
  } catch {
    return { username: `uid ${process.getuid?.()}`, homedir: '/' };
  }
}

async function main(): Promise<void> {
  // What is fetched here goes through the proxy of this machine, as with curl. Node before 22.21 cannot.
  if (Object.keys(process.env).some((name) => /^https?_proxy$/i.test(name))) {
    const http: { setGlobalProxyFromEnv?: () => void } = await import('node:http');
    http.setGlobalProxyFromEnv?.();
  }
  const { username, homedir } = user();
  process.exitCode = await runCli({
    argv: process.argv.slice(2),
    env: { HOME: homedir, ...process.env },
    stdout: process.stdout,
    stderr: process.stderr,
    stdin: process.stdin.isTTY
      ? undefined
      : async () => (await import('node:stream/consumers')).text(process.stdin),
    ask: process.stdin.isTTY ? ask : undefined,
    spawn: runProgram,
    signal: controller.signal,
    version,
    holder: `${username}@${hostname()}, pid ${process.pid}`,
    openSlipway,
  });
  // Connections that were under way when the run was interrupted would keep the process alive.
  if (controller.signal.aborted) process.exit();
}

// Not awaited here: the single executable is CommonJS, whose modules cannot wait.
void main();
