import { ConnectionLost } from '#core/execution-error.ts';
import type { Secret } from '#core/secret.ts';
import { SlipwayError } from '#core/slipway-error.ts';

import { CapturedOutput } from './captured-output.ts';
import type { Ending, Program } from './program.ts';
import type { RootCommand } from './root-command.ts';
import { isAskingAgain, shellRefusal, sudoRefusal } from './sudo-refusal.ts';

/** More than any answer of a host; a program that prints more has gone wrong. */
const OUTPUT_LIMIT_BYTES = 8 * 1024 * 1024;
/** A sudo that takes longer waits for something that will not come: a directory server, a fingerprint reader. */
const SUDO_PATIENCE_MS = 60_000;

export interface RootProgramOptions {
  readonly host: string;
  readonly user: string;
  readonly command: RootCommand;
  /** When its launch began, by `performance.now()`. */
  readonly launchedAtMs: number;
  readonly isSudo: boolean;
  /** Sent to sudo; absent where sudo needs none. */
  readonly password?: Secret | undefined;
  /** False until sudo was seen to take the password: until then nothing but the password is sent. */
  readonly isProven: boolean;
  /** Standard input stays open for the caller. */
  readonly isInputKept: boolean;
  readonly onLine?: ((line: string) => void) | undefined;
  readonly lastLine?: string | undefined;
}

/** A program that was launched, from the command line through sudo to its end. */
export class RootProgram {
  /** Resolves when it runs as root; rejects when it never did. */
  readonly started: Promise<void>;
  /** @throws {ConnectionLost} @throws {SlipwayError} when it never ran, or printed without end. */
  readonly ended: Promise<number | null>;
  readonly #program: Program;
  readonly #options: RootProgramOptions;
  readonly #stdout: CapturedOutput;
  readonly #stderr: CapturedOutput;
  #isLate = false;

  constructor(program: Program, options: RootProgramOptions) {
    const { marker } = options.command;
    this.#program = program;
    this.#options = options;
    const limits = { marker, limitBytes: OUTPUT_LIMIT_BYTES, onOverflow: () => program.abandon() };
    this.#stdout = new CapturedOutput({
      ...limits,
      onLine: options.onLine,
      lastLine: options.lastLine,
    });
    this.#stderr = new CapturedOutput(limits);
    program.stdout.on('data', (chunk: Buffer) => this.#stdout.push(chunk));
    program.stderr.on('data', (chunk: Buffer) => this.#hearStderr(chunk));
    // A program that does not read its input to the end is no fault.
    program.stdin.on('error', () => undefined);
    this.ended = program.ended.then((ending) => this.#judge(ending));
    this.started = Promise.race([this.#stdout.started, this.ended.then(() => undefined)]);
    this.started.catch(() => undefined);
    this.#feed();
  }

  /** Resolves when standard output has come to its last line; never where none is known. */
  get complete(): Promise<void> {
    return this.#stdout.complete;
  }

  get launchedAtMs(): number {
    return this.#options.launchedAtMs;
  }

  get stdout(): string {
    return this.#stdout.text();
  }

  get stderr(): string {
    return this.#stderr.text();
  }

  /** Writes to a kept input. */
  write(text: string): void {
    if (this.#program.stdin.writable) this.#program.stdin.write(text);
  }

  closeInput(): void {
    this.#program.stdin.end();
  }

  abandon(): void {
    this.#program.abandon();
  }

  #feed(): void {
    const { command, password, isProven, isSudo } = this.#options;
    const rest = password === undefined ? command.input : `${command.sentinel}\n${command.input}`;
    if (password !== undefined) this.#program.stdin.write(`${password.reveal()}\n`);
    if (password === undefined || isProven) this.#send(rest);
    else
      this.started.then(
        () => this.#send(rest),
        () => this.closeInput(),
      );
    if (isSudo) this.#limitSudo();
  }

  #limitSudo(): void {
    const timer = setTimeout(() => {
      this.#isLate = true;
      this.abandon();
    }, SUDO_PATIENCE_MS);
    const clear = (): void => clearTimeout(timer);
    this.started.then(clear, clear);
  }

  #send(text: string): void {
    if (text !== '') this.write(text);
    if (!this.#options.isInputKept) this.closeInput();
  }

  #hearStderr(chunk: Buffer): void {
    this.#stderr.push(chunk);
    const { isSudo } = this.#options;
    // A second question of sudo's gets no answer: what would come next on its input is the program, not a password.
    if (isSudo && !this.#stderr.isStarted && isAskingAgain(this.#stderr.text())) this.closeInput();
  }

  #judge(ending: Ending): number | null {
    this.#stdout.end();
    const { host, user, isSudo, password } = this.#options;
    if (this.#stdout.hasOverflowed || this.#stderr.hasOverflowed) {
      throw new SlipwayError(
        `a program on ${host} printed more than ${OUTPUT_LIMIT_BYTES / 1024 / 1024} MiB`,
        {
          code: 'output-too-long',
          host,
        },
      );
    }
    if (ending.ended === 'lost') throw new ConnectionLost(host, ending.why);
    if (this.#stdout.isStarted) return ending.code;
    const said = this.#isLate ? `sudo has not come to an end in ${SUDO_PATIENCE_MS / 1000} s` : this.stderr;
    if (isSudo) throw sudoRefusal(host, user, said, password === undefined ? [] : [password]);
    throw shellRefusal(host, user, `${this.stdout}\n${this.stderr}`, ending.code);
  }
}
