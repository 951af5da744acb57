import { SlipwayError } from './slipway-error.ts';
import { EXIT } from './exit-code.ts';

/** The connection went away while a program ran; the program may or may not have gone on. */
export class ConnectionLost extends SlipwayError {
  constructor(host: string, why: string) {
    super(`the connection to ${host} was lost: ${why}`, {
      code: 'connection-lost',
      host,
      exitCode: EXIT.unreachable,
      hint: 'run the same command again: it goes on from the state the host is in',
    });
    this.name = 'ConnectionLost';
  }
}

/** A program took longer than it was given. */
export class ExecutionTimeout extends SlipwayError {
  /** What it had printed until then. */
  readonly output: string;

  constructor(host: string, timeoutMs: number, output: string) {
    super(`no end after ${timeoutMs / 1000} s on ${host}`, { code: 'execution-timeout', host });
    this.name = 'ExecutionTimeout';
    this.output = output;
  }
}
