import type { ExitCode } from '#core/exit-code.ts';
import type { EnginePort } from './engine-port.ts';

/** A stream that may be a terminal. */
export interface OutputStream extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

/** All that commands know of the world around them; only the composition root knows the process. */
export interface CliContext {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** Asks a person; absent where there is nobody to ask. */
  readonly ask?: Ask | undefined;
  readonly signal: AbortSignal;
  readonly version: string;
  readonly engine: EnginePort;
}

export type Ask = (question: string, options?: { readonly isHidden?: boolean }) => Promise<string>;

/** What an action is given: the world, and a way to say how it ended. */
export interface Cli extends CliContext {
  readonly finish: (code: ExitCode) => void;
}
