import { randomUUID } from 'node:crypto';

import { mask, type Secret } from '#core/secret.ts';
import { embed, lines, type Script, sh } from '#core/shell.ts';
import { DEFAULT_STEP_TIMEOUT_MS, type Step } from '#core/step.ts';
import type { Execution, ExecutionResult } from '#core/transport.ts';

import { StepFailed } from './failure.ts';
import { readStepOutput } from './step-output.ts';
import { type FileTexts, isForController, stepScript, timeoutOf } from './step-script.ts';

/** What it takes to end a program beside its steps. */
const SLACK_MS = 10_000;

export interface ErrandOptions {
  /** The host whose steps these are, for errors. */
  readonly host: string;
  readonly steps: readonly Step[];
  readonly secrets: ReadonlyMap<string, Secret>;
  readonly files: FileTexts;
  /** What the program reads on standard input. */
  readonly input?: Execution['input'];
  /** Told what happens: the summary of each step that begins, and what it prints. */
  readonly onProgress: (line: string) => void;
}

/** `done`: all steps ended well. `failed`: one of them did not. */
export type ErrandState = 'not begun' | 'under way' | 'done' | 'failed';

/** Steps on their way to a host and back: their program, and how they have ended by what it printed. */
export class Errand {
  readonly input: Execution['input'];
  readonly #options: ErrandOptions;
  readonly #marker = `slipway-${randomUUID()}`;
  /** The last step that has begun. */
  #current = 0;
  #state: ErrandState = 'not begun';

  constructor(options: ErrandOptions) {
    this.#options = options;
    this.input = options.input;
  }

  /** A host ends each step by itself; the controller does not. */
  get timeoutMs(): number {
    const { steps } = this.#options;
    const [only] = steps;
    return isForController(only)
      ? timeoutOf(only)
      : steps.reduce((sum, step) => sum + timeoutOf(step), SLACK_MS);
  }

  /** Whether others may wait for its end: no step may take longer than most do. */
  get isBrief(): boolean {
    const { steps } = this.#options;
    return this.input === undefined && steps.every((step) => timeoutOf(step) <= DEFAULT_STEP_TIMEOUT_MS);
  }

  /** By what was heard so far. */
  get state(): ErrandState {
    return this.#state;
  }

  /** The steps alone. */
  get program(): Script {
    const { steps, secrets, files } = this.#options;
    return stepScript(steps, this.#marker, secrets, files);
  }

  /** The same as a part of a program, in a shell of its own; what it prints on standard error stands between two markers. */
  get part(): Script {
    return lines(
      sh`echo ${this.#marker} >&2`,
      sh`( ${embed(this.program)}
) && slipway_done=1`,
      sh`echo ${this.#marker} >&2`,
    );
  }

  /** Hears a line of the program's standard output, which others may have printed. */
  hear(line: string): void {
    const { steps, secrets, onProgress } = this.#options;
    if (line.startsWith(`${this.#marker} `)) {
      const [, word, index, code] = line.split(' ');
      if (word === 'start') {
        this.#current = Number(index);
        this.#state = 'under way';
        onProgress(steps[this.#current]?.summary ?? '');
      } else if (code !== '0') {
        this.#state = 'failed';
      } else if (Number(index) === steps.length - 1) {
        this.#state = 'done';
      }
    } else if (this.#state === 'under way' && line.trim() !== '') {
      onProgress(mask(visiblePart(line), secrets.values()));
    }
  }

  /** What each step printed that ended well, and the failure of the one that did not; those after it were not taken. */
  end({ stdout, stderr }: Pick<ExecutionResult, 'stdout' | 'stderr'>): EndedSteps {
    const { steps } = this.#options;
    const { failed, code, output, printed } = readStepOutput(stdout, this.#marker, steps.length);
    if (failed === undefined) return { printed };
    const why = code === 124 ? timedOut(steps[failed]) : `exit code ${code ?? 'unknown'}`;
    const [before = '', own] = stderr.split(`${this.#marker}\n`);
    const complaint = (own ?? before).trim();
    return {
      printed,
      failure: this.#failure(failed, why, [output, complaint].filter(Boolean).join('\n'), false),
    };
  }

  /** The failure of the step that was under way when the time of the program was over. */
  overdue(timeoutMs: number, output: string): StepFailed {
    return this.#failure(this.#current, `no end after ${timeoutMs / 1000} s`, output, true);
  }

  #failure(index: number, why: string, output: string, isOverdue: boolean): StepFailed {
    const { host, steps, secrets } = this.#options;
    const step = steps[index];
    if (step === undefined) throw new TypeError(`${host}: no step ${index}`);
    return new StepFailed({ host, step, why, output, secrets: secrets.values(), isOverdue });
  }
}

export interface EndedSteps {
  readonly printed: readonly string[];
  readonly failure?: StepFailed;
}

/** What a terminal shows of a line that a progress bar has overwritten. */
const visiblePart = (line: string): string => line.trimEnd().split('\r').at(-1) ?? '';

const timedOut = (step: Step | undefined): string =>
  step === undefined ? 'timed out' : `no end after ${timeoutOf(step) / 1000} s`;
