import type { Environment } from '#core/environment.ts';
import type { Ask } from '#report/terminal-ask.ts';
import type { openSlipway } from '#slipway.ts';

/** A stream that may be a terminal. */
export interface OutputStream extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

/** All that commands know of the world around them; only the composition root knows the process. */
export interface CliContext {
  readonly argv: readonly string[];
  readonly env: Environment;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** Asks a person; absent where there is nobody to ask. */
  readonly ask?: Ask | undefined;
  /** Runs a program with our own streams and more environment, to its exit code; absent where there can be none. */
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

/** What an action is given: the world, and a way to say how it ended. */
export interface Cli extends CliContext {
  /** With one of ours, or with that of a program that was run in our place. */
  readonly finish: (code: number) => void;
}
