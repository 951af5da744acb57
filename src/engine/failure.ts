import type { Failure } from '#core/event.ts';
import { ExecutionTimeout } from '#core/execution-error.ts';
import { mask, type Secret } from '#core/secret.ts';
import { SlipwayError } from '#core/slipway-error.ts';
import { scriptOf, type Step } from '#core/step.ts';

const OUTPUT_LINES = 20;

interface StepFailedOptions {
  readonly host: string;
  readonly step: Step;
  readonly why: string;
  readonly output: string;
  readonly secrets: Iterable<Secret>;
  readonly isOverdue?: boolean;
}

/** A step did not do what it was to do. */
export class StepFailed extends SlipwayError {
  readonly failure: Failure;
  readonly step: Step;
  /** All that it printed; the rules of retries look at it. */
  readonly output: string;
  /** Whether nobody waited for its end: the program may still run. */
  readonly isOverdue: boolean;

  constructor({ host, step, why, output, secrets, isOverdue = false }: StepFailedOptions) {
    const failure = {
      message: `${step.summary}: ${why}`,
      command: commandOf(step),
      output: lastLines(mask(output, secrets)),
    };
    super(failure.message, { code: 'step-failed', host });
    this.name = 'StepFailed';
    this.failure = failure;
    this.step = step;
    this.isOverdue = isOverdue;
    this.output = output;
  }
}

/** What was waited for did not come. */
export class WaitedInVain extends SlipwayError {
  constructor(why: string, host: string, hint: string) {
    super(why, { code: 'not-converged', host, hint });
    this.name = 'WaitedInVain';
  }
}

/**
 * Anything thrown, as what the report shows; a bug keeps its stack.
 *
 * @param diagnosis what the host says of it.
 */
export function failureOf(error: unknown, diagnosis = ''): Failure {
  if (error instanceof SlipwayError) {
    const { message, hint } = error;
    const own = error instanceof ExecutionTimeout ? lastLines(error.output) : '';
    const said = mask([own, diagnosis.trimEnd()].filter(Boolean).join('\n'));
    const failure =
      error instanceof StepFailed ? error.failure : { message, ...(hint !== undefined && { hint }) };
    const output = [failure.output ?? '', said].filter(Boolean).join('\n');
    return { ...failure, ...(output !== '' && { output }) };
  }
  if (error instanceof Error && error.name === 'AbortError') {
    return { message: 'interrupted', hint: 'run it again: it goes on from where the hosts are' };
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { message: 'this is a bug in slipway', output: mask(stack) };
}

const lastLines = (text: string): string => text.trimEnd().split('\n').slice(-OUTPUT_LINES).join('\n');

function commandOf(step: Step): string {
  if (step.do === 'detached') return step.argv.join(' ');
  return step.do === 'write' ? `write ${step.path}` : scriptOf(step);
}
