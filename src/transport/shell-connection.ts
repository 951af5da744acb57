import type { Duplex } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';

import type { Host } from '#core/cluster.ts';
import { ExecutionTimeout } from '#core/execution-error.ts';
import { EXIT } from '#core/exit-code.ts';
import { mask } from '#core/secret.ts';
import { retry } from '#core/retry.ts';
import { Semaphore } from '#core/semaphore.ts';
import type { Script } from '#core/shell.ts';
import { SlipwayError } from '#core/slipway-error.ts';
import type { Connection, Execution, ExecutionResult, Held } from '#core/transport.ts';

import { type Attempt, EscalationGate } from './escalation-gate.ts';
import { type Launcher, NoMoreSessions, type Program } from './program.ts';
import { type Escalation, KILL_AFTER_MS, type RootCommand, rootCommand } from './root-command.ts';
import { SHELL_PATIENCE_MS, RootProgram } from './root-program.ts';

/** sshd allows 10 by default. @see https://man.openbsd.org/sshd_config#MaxSessions (OpenSSH 10.0) */
const SESSIONS = 8;
/** How long to wait for the end of a program after the time at which the host should have ended it. */
const GRACE_MS = 5000;
/** How long an sshd that opens no session is asked again while no other program of ours is running. */
const SESSION_PATIENCE_MS = 3000;
/** A longer timer would fire at once. @see https://nodejs.org/api/timers.html#settimeoutcallback-delay-args (24.21) */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
const TAIL_CHARACTERS = 4000;
/** How `timeout` ends when the time is over: by itself, or with the program that had to be killed. */
const TIMEOUT_CODES: ReadonlySet<number | null> = new Set([124, 137, null]);

export interface Patience {
  /** How long a program that ignores SIGTERM has before SIGKILL; default: 5 seconds. */
  readonly killAfterMs?: number | undefined;
  /** How long the login shell may take until it runs what it is told to; default: 30 seconds. */
  readonly shellPatienceMs?: number | undefined;
}

/** A connection over whatever can start a command line on a machine. */
export class ShellConnection implements Connection {
  readonly host: string;
  executions = 0;
  readonly #target: Host;
  readonly #launcher: Launcher;
  readonly #escalation: Escalation;
  readonly #gate: EscalationGate;
  readonly #killAfterMs: number;
  readonly #shellPatienceMs: number;
  readonly #sessions = new Semaphore(SESSIONS);
  /** Programs that will end by themselves; held ones do not count. */
  #running = 0;

  constructor(
    host: Host,
    launcher: Launcher,
    { killAfterMs = KILL_AFTER_MS, shellPatienceMs = SHELL_PATIENCE_MS }: Patience = {},
  ) {
    this.host = host.name;
    this.#shellPatienceMs = shellPatienceMs;
    this.#target = host;
    this.#launcher = launcher;
    this.#escalation = escalationOf(host);
    this.#killAfterMs = killAfterMs;
    this.#gate = new EscalationGate(this.#escalation !== 'none');
  }

  get isOpen(): boolean {
    return this.#launcher.lostBecause === undefined;
  }

  async execute(execution: Execution): Promise<ExecutionResult> {
    const { script, via, timeoutMs, onLine, lastLine, input } = execution;
    this.executions += 1;
    const command = rootCommand({
      script,
      via,
      timeoutMs,
      hasInput: input !== undefined,
      escalation: this.#escalation,
      killAfterMs: this.#killAfterMs,
    });
    await this.#sessions.enter();
    let over: Promise<ExecutionResult> | undefined;
    try {
      return await this.#gate.pass((isProven) => {
        const launched = this.#launch(command, {
          isProven,
          isInputKept: input !== undefined,
          onLine,
          lastLine,
        });
        return attemptOf(launched, (program) => {
          const finished = this.#finish(program, timeoutMs);
          over = finished;
          if (input !== undefined)
            return Promise.all([finished, program.pour(input)]).then(([result]) => result);
          return lastLine === undefined ? finished : Promise.race([finished, completed(program)]);
        });
      });
    } finally {
      // A program that has printed its last line keeps its session until it has ended.
      const leave = (): void => this.#sessions.leave();
      if (over === undefined) leave();
      else over.then(leave, leave);
    }
  }

  async hold(script: Script, until: string, heartbeatMs: number): Promise<Held> {
    this.executions += 1;
    const command = rootCommand({ script, via: 'argument', escalation: this.#escalation });
    await this.#sessions.enter();
    const greeting: string[] = [];
    let isHeld = false;
    const { promise: held, resolve: announce } = Promise.withResolvers<void>();
    const onLine = (line: string): void => {
      if (isHeld) return;
      isHeld = line === until;
      if (isHeld) announce();
      else greeting.push(`${line}\n`);
    };
    const program = await this.#gate
      .pass((isProven) => {
        const launched = this.#launch(command, { isProven, isInputKept: true, onLine });
        return attemptOf(launched, (running) => Promise.resolve(running));
      })
      .catch((error: unknown) => {
        this.#sessions.leave();
        throw error;
      });
    const ended = this.#beat(program, heartbeatMs);
    await Promise.race([held, program.ended]);
    return { isHeld, greeting: greeting.join(''), ended, release: () => release(program, ended) };
  }

  async forward(address: string, port: number): Promise<Duplex> {
    try {
      return await this.#launcher.forward(address, port);
    } catch (error) {
      if (error instanceof SlipwayError) throw error;
      const why = error instanceof Error ? error.message : String(error);
      throw new SlipwayError(`${this.host} opens no way to ${address}:${port}: ${why}`, {
        code: 'forward-refused',
        host: this.host,
        hint: 'is something listening there, and does its sshd_config have AllowTcpForwarding yes or local',
        cause: error,
      });
    }
  }

  async close(): Promise<void> {
    await this.#launcher.close();
  }

  async #launch(
    command: RootCommand,
    options: {
      readonly isProven: boolean;
      readonly isInputKept: boolean;
      readonly onLine?: ((line: string) => void) | undefined;
      readonly lastLine?: string | undefined;
    },
  ): Promise<RootProgram> {
    const { program, launchedAtMs } = await this.#open(command.line);
    const isSudo = this.#escalation !== 'none';
    const { name: host, user } = this.#target;
    const password = this.#escalation === 'sudo-with-password' ? this.#target.becomePassword : undefined;
    const shellPatienceMs = this.#shellPatienceMs;
    const known = { launchedAtMs, host, user, command, isSudo, password, shellPatienceMs };
    return new RootProgram(program, { ...options, ...known });
  }

  /**
   * Opens a channel. Where sshd's MaxSessions allows fewer than we want, tries again until another one of ours has
   * ended; sshd needs a moment to notice that.
   */
  async #open(line: string): Promise<{ readonly program: Program; readonly launchedAtMs: number }> {
    let idleMs = 0;
    const launch = async () => {
      const launchedAtMs = performance.now();
      return { program: await this.#launcher.launch(line), launchedAtMs };
    };
    return retry(launch, {
      after: NoMoreSessions,
      pauseMs: (attempt, error) => {
        const pauseMs = Math.min(10 * 2 ** attempt, 200);
        idleMs = this.#running > 0 ? 0 : idleMs + pauseMs;
        if (idleMs > SESSION_PATIENCE_MS) throw noSession(this.host, error);
        return pauseMs;
      },
    });
  }

  async #finish(program: RootProgram, timeoutMs: number): Promise<ExecutionResult> {
    this.#running += 1;
    const limitMs = Math.min(timeoutMs + this.#killAfterMs + GRACE_MS, LONGEST_TIMER_MS);
    const { promise: overdue, resolve } = Promise.withResolvers<'overdue'>();
    const guard = setTimeout(resolve, limitMs, 'overdue');
    try {
      const code = await Promise.race([program.ended, overdue]);
      const isOver = performance.now() - program.launchedAtMs >= timeoutMs;
      if (code === 'overdue') program.abandon();
      if (code === 'overdue' || (isOver && TIMEOUT_CODES.has(code))) {
        throw new ExecutionTimeout(this.host, timeoutMs, this.#tailOf(program));
      }
      return { code, stdout: program.stdout, stderr: program.stderr };
    } finally {
      this.#running -= 1;
      clearTimeout(guard);
    }
  }

  #tailOf({ stdout, stderr }: RootProgram): string {
    const { becomePassword } = this.#target;
    const tail = `${stdout.slice(-TAIL_CHARACTERS)}\n${stderr.slice(-TAIL_CHARACTERS)}`.trim();
    return mask(tail, becomePassword === undefined ? [] : [becomePassword]);
  }

  /** Sends a line now and then until the program ends, and gives its session back. */
  async #beat(program: RootProgram, heartbeatMs: number): Promise<void> {
    let heart: NodeJS.Timeout | undefined;
    try {
      // Until it runs, who reads its input may be sudo.
      await program.started;
      heart = setInterval(() => program.write('\n'), heartbeatMs);
      await program.ended;
    } catch {
      // The caller learns that it has ended; the reason will show in the next program it runs.
    } finally {
      clearInterval(heart);
      this.#sessions.leave();
    }
  }
}

async function completed(program: RootProgram): Promise<ExecutionResult> {
  await program.complete;
  return { code: 0, stdout: program.stdout, stderr: program.stderr };
}

function attemptOf<T>(launched: Promise<RootProgram>, use: (program: RootProgram) => Promise<T>): Attempt<T> {
  const started = launched.then((program) => program.started);
  started.catch(() => undefined);
  return { started, result: launched.then(use) };
}

function escalationOf({ user, become, becomePassword }: Host): Escalation {
  if (user === 'root' || !become) return 'none';
  return becomePassword === undefined ? 'sudo' : 'sudo-with-password';
}

async function release(program: RootProgram, ended: Promise<void>): Promise<void> {
  program.closeInput();
  const patience = new AbortController();
  const giveUp = pause(GRACE_MS, undefined, { signal: patience.signal }).then(() => program.abandon());
  giveUp.catch(() => undefined);
  await ended;
  patience.abort();
}

const noSession = (host: string, cause: Error): SlipwayError =>
  new SlipwayError(`${host} opens no further session on the connection`, {
    code: 'no-session',
    host,
    exitCode: EXIT.unreachable,
    hint: "MaxSessions in the host's sshd_config must be 2 or more",
    cause,
  });
