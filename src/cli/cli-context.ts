import type { Environment } from '#core/environment.ts';
import type { TerminalStream } from '#report/run/reporter.ts';
import type { Ask } from '#report/terminal-ask.ts';
import type { openSlipway } from '#slipway.ts';

/** A stream that may be a terminal. */
export type OutputStream = TerminalStream;

/** All that commands know of the process they run in. The composition root (src/main.ts) makes it. */
export interface CliContext {
  readonly argv: readonly string[];
  readonly env: Environment;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** All of standard input; undefined, or absent, where that is a terminal. */
  readonly stdin?: (() => Promise<string>) | undefined;
  /** Asks a person; absent where there is nobody to ask. */
  readonly ask?: Ask | undefined;
  /**
   * Runs a program on the streams of this process, with more variables in its environment, and resolves to its exit
   * code; absent where no program can be run.
   */
  readonly spawn?: Spawn | undefined;
  readonly signal: AbortSignal;
  readonly version: string;
  /** Who holds the hosts' locks, for another run's error. */
  readonly holder: string;
  readonly openSlipway: typeof openSlipway;
}

export type Spawn = (
  argv: readonly string[],
  environment: Readonly<Record<string, string>>,
) => Promise<number>;

/** What the action of a command is given: its context, and a way to set the exit code. */
export interface Cli extends CliContext {
  /** Sets the exit code: one of EXIT, or that of a program that was run. */
  readonly finish: (code: number) => void;
}
