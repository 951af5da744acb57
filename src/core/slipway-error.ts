import { EXIT, type ExitCode } from './exit-code.ts';

export interface SlipwayErrorOptions {
  /** A stable name, kebab-case, for scripts that react to it. */
  readonly code: string;
  /** What the operator can do about it, as a sentence without a full stop. */
  readonly hint?: string;
  /** Where it happened, when a host is to blame. */
  readonly host?: string;
  readonly exitCode?: ExitCode;
  readonly cause?: unknown;
}

/**
 * An expected failure: shown as message and hint, never with a stack.
 *
 * Anything else that is thrown is a bug, and keeps its stack.
 */
export class SlipwayError extends Error {
  readonly code: string;
  readonly hint: string | undefined;
  readonly host: string | undefined;
  readonly exitCode: ExitCode;

  constructor(message: string, options: SlipwayErrorOptions) {
    super(message, { cause: options.cause });
    this.name = 'SlipwayError';
    this.code = options.code;
    this.hint = options.hint;
    this.host = options.host;
    this.exitCode = options.exitCode ?? EXIT.failed;
  }
}
