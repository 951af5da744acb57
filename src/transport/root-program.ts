import type { Writable } from 'node:stream';

import { ConnectionLost } from '#core/execution-error.ts';
import { mask, type Secret } from '#core/secret.ts';
import { SlipwayError } from '#core/slipway-error.ts';

import { CapturedOutput } from './captured-output.ts';
import type { Ending, Program } from './program.ts';
import type { RootCommand } from './root-command.ts';
import { shellRefusal, sudoRefusal } from './refusals.ts';

/** More than any answer of a host; a program that prints more has gone wrong. */
const OUTPUT_LIMIT_BYTES = 8 * 1024 * 1024;
/** A login shell that takes longer is another program, which a start-up file has put into its place. */
export const SHELL_PATIENCE_MS = 30_000;
/** A sudo that takes longer waits for something that will not come: a directory server, a fingerprint reader. */
const SUDO_PATIENCE_MS = 60_000;

const drained = (stream: Writable): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      stream.off('drain', done).off('close', done);
      resolve();
    };
    stream.once('drain', done).once('close', done);
  });

export interface RootProgramOptions {
  readonly host: string;
  readonly user: string;
  readonly command: RootCommand;
  /** When its launch began, by `performance.now()`. */
  readonly launchedAtMs: number;
  readonly isSudo: boolean;
  /** Sent to sudo when it asks; absent where sudo needs none. */
  readonly password?: Secret | undefined;
  /** True once a program of the connection has run as root: until then, nothing is sent to one that does not run yet. */
  readonly isProven: boolean;
  /** How long the login shell may take. */
  readonly shellPatienceMs: number;
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
  /** What took longer than this, in ms, was given up. */
  #late: number | undefined;
  #hasBegun = false;
  #patience: NodeJS.Timeout | undefined;
  #isPasswordSent = false;
  #isInputSent = false;

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

  /**
   * Sends what the program reads, as fast as it reads it, and then closes its input.
   *
   * @throws what `input` throws; the program is given up then.
   */
  async pour(input: AsyncIterable<Uint8Array>): Promise<void> {
    await this.started;
    const { stdin } = this.#program;
    const over = this.ended.then(
      () => undefined,
      () => undefined,
    );
    try {
      for await (const chunk of input) {
        // A program that has read enough is no fault; how it ends says whether it was.
        if (!stdin.writable) return;
        if (!stdin.write(chunk)) await Promise.race([drained(stdin), over]);
      }
      this.closeInput();
    } catch (error) {
      this.abandon();
      throw error;
    }
  }

  closeInput(): void {
    this.#program.stdin.end();
  }

  abandon(): void {
    this.#program.abandon();
  }

  /** A password or a program in the hands of a shell that does not do as it is told would be run, and be told to all. */
  #feed(): void {
    const { command, password, isProven, shellPatienceMs } = this.#options;
    this.#expectWithin(shellPatienceMs);
    void this.started
      .then(
        () => this.#sendInput(),
        () => this.closeInput(),
      )
      .finally(() => clearTimeout(this.#patience));
    if (password === undefined && (isProven || command.input === '')) this.#sendInput();
  }

  #expectWithin(limitMs: number): void {
    clearTimeout(this.#patience);
    this.#patience = setTimeout(() => {
      this.#late = limitMs;
      this.abandon();
    }, limitMs);
  }

  #sendInput(): void {
    if (this.#isInputSent) return;
    this.#isInputSent = true;
    const { command, isInputKept } = this.#options;
    if (command.input !== '') this.write(command.input);
    if (!isInputKept) this.closeInput();
  }

  #hearStderr(chunk: Buffer): void {
    this.#stderr.push(chunk);
    const { command, isSudo, password } = this.#options;
    if (!isSudo || this.#stdout.isStarted) return;
    const said = this.#stderr.text();
    if (!this.#hasBegun && said.includes(`${command.begun}\n`)) {
      this.#hasBegun = true;
      this.#expectWithin(SUDO_PATIENCE_MS);
    }
    if (password !== undefined) this.#answerSudo(said.split(command.prompt).length - 1, password);
  }

  #answerSudo(questions: number, password: Secret): void {
    const { command, isProven } = this.#options;
    // A second question gets no answer: what would come next on its input is the program, not a password.
    if (questions > 1) this.closeInput();
    if (questions === 0 || this.#isPasswordSent) return;
    this.#isPasswordSent = true;
    this.write(`${password.reveal()}\n`);
    if (isProven || command.input === '') this.#sendInput();
  }

  #judge(ending: Ending): number | null {
    this.#stdout.end();
    const { host, user, password } = this.#options;
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
    const { begun, prompt } = this.#options.command;
    const [own = '', more = ''] = this.stderr.split(`${begun}\n`);
    const secrets = password === undefined ? [] : [password];
    const late = this.#late;
    if (this.#hasBegun) {
      const said = mask(more.replaceAll(`[sudo: ${prompt}] Password:`, '').replaceAll(prompt, ''), secrets);
      throw sudoRefusal({ host, user, said, late });
    }
    const said = mask(`${this.stdout}\n${own}`, secrets);
    throw shellRefusal({ host, user, said, late, code: ending.code });
  }
}
