import type { Listener, NodeRef } from '#core/event.ts';
import { CONTROLLER, type Fact, type HostAnswers } from '#core/fact.ts';
import { refOf } from '#core/plan.ts';
import { retry } from '#core/retry.ts';
import { type Secret, secretNames } from '#core/secret.ts';
import type { FileRef, Retry, Step } from '#core/step.ts';

import { Errand } from './errand.ts';
import { StepFailed } from './failure.ts';
import { type OpenPiece, piecesTar } from './pieces-tar.ts';
import type { SecretVault } from './secret-vault.ts';
import { isForController } from './step-script.ts';
import type { Ahead, Visits } from './visits.ts';

export interface StepContext {
  /** Takes programs to hosts. */
  readonly visits: Visits;
  readonly vault: SecretVault;
  readonly listener: Listener;
  readonly signal: AbortSignal;
  /** A file as base64, fetched and checked. */
  readonly fetchFile: (ref: FileRef) => Promise<string>;
  /** A piece of the bundle that the run goes by, checked as it is read; absent where it goes by none. */
  readonly openPiece?: OpenPiece | undefined;
}

/** For what, and on which host, steps are taken. */
interface Place extends NodeRef {
  readonly runsOn: string;
}

/** What a host is asked after steps. */
export interface LookBehind {
  readonly facts: readonly Fact[];
  /** What other nodes are going to ask then. */
  readonly ahead?: Ahead;
}

const NOTHING: LookBehind = { facts: [] };

/** What came of steps. */
export interface Taken {
  /** On standard output. */
  readonly printed: string;
  /** The host's answers right after them; absent where it was not asked, or could not answer. */
  readonly answers?: HostAnswers;
}

/**
 * Sends the steps as one program; after a fault that may pass, sends the failed step and those after it again.
 *
 * @param look what the host is asked when all steps have ended well.
 */
export async function takeSteps(
  node: Place,
  steps: readonly Step[],
  context: StepContext,
  look: LookBehind = NOTHING,
): Promise<Taken> {
  let left = steps;
  const printed: string[] = [];
  let answers: HostAnswers | undefined;
  const tries = new Map<Step, number>();
  await retry(
    async () => {
      const parts = partsOf(left);
      for (const part of parts) {
        answers = await sendSteps(node, part, context, printed, part === parts.at(-1) ? look : NOTHING);
      }
    },
    {
      after: StepFailed,
      pauseMs: (_, error) => {
        const attempt = (tries.get(error.step) ?? 0) + 1;
        tries.set(error.step, attempt);
        left = left.slice(left.indexOf(error.step));
        return pauseAfter(error, attempt);
      },
      onRetry: (error, pauseMs) =>
        retried(node, context, reasonOf(error), pauseMs, (tries.get(error.step) ?? 0) + 1),
      signal: context.signal,
    },
  );
  return { printed: printed.join(''), ...(answers !== undefined && { answers }) };
}

/** What is sent as one program: steps that come one after the other, or one that reads pieces of a bundle. */
function partsOf(steps: readonly Step[]): readonly (readonly Step[])[] {
  const parts: Step[][] = [];
  let last: Step[] | undefined;
  for (const step of steps) {
    const isAlone = readsPieces(step) || isForController(step);
    if (last === undefined || isAlone) parts.push((last = [step]));
    else last.push(step);
    if (isAlone) last = undefined;
  }
  return parts;
}

const readsPieces = (step: Step | undefined): boolean => step?.do === 'run' && step.pieces !== undefined;

/** How long to wait before a step is tried again; undefined where its output names no fault that passes. */
function pauseAfter(failure: StepFailed, attempt: number): number | undefined {
  const rule = ruleFor(failure);
  if (rule === undefined || failure.isOverdue || attempt >= rule.attempts) return undefined;
  return rule.pauseMs * 2 ** (attempt - 1);
}

/** Whether it failed of what passes by itself, however long that was waited for. */
export const isPassing = (failure: StepFailed): boolean => ruleFor(failure) !== undefined;

const ruleFor = ({ step, output }: StepFailed): Retry | undefined =>
  [step.retry ?? []].flat().find(({ when }) => new RegExp(when, 'i').test(output));

/** The line that names the fault: `Could not get lock ... It is held by process 152 (unattended-upgr)`. */
function reasonOf(failure: StepFailed): string {
  const lines = (failure.failure.output ?? failure.message).split('\n');
  const fault = new RegExp(ruleFor(failure)?.when ?? '$^', 'i');
  return lines.find((line) => fault.test(line)) ?? lines.at(-1) ?? '';
}

/**
 * @param printed gets the output of each step that ended well.
 * @returns the answers to the facts, where there are any.
 * @throws {StepFailed} when one fails; those after it are not taken.
 */
async function sendSteps(
  node: Place,
  steps: readonly Step[],
  { visits, vault, listener, fetchFile, openPiece }: StepContext,
  printed: string[],
  { facts, ahead }: LookBehind,
): Promise<HostAnswers | undefined> {
  const secrets = await secretsOf(steps, vault);
  const tell = (line: string): void => listener({ event: 'node-progress', node: refOf(node), line });
  const files = await filesOf(steps, (ref) => {
    tell(`fetching ${ref.url}`);
    return fetchFile(ref);
  });
  listener({ event: 'node-steps', node: refOf(node), steps });
  const [only] = steps;
  const pieces = only?.do === 'run' ? only.pieces : undefined;
  const input = pieces && piecesTar(pieces, openPiece);
  const errand = new Errand({ host: node.runsOn, steps, secrets, files, input, onProgress: tell });
  const { said, answers } = isForController(only)
    ? await visits.send(CONTROLLER, errand, [])
    : await visits.send(node.runsOn, errand, facts, ahead);
  const ended = said && errand.end(said);
  printed.push(...(ended?.printed ?? []));
  if (ended?.failure !== undefined) throw ended.failure;
  return answers;
}

async function secretsOf(steps: readonly Step[], vault: SecretVault): Promise<ReadonlyMap<string, Secret>> {
  const names = steps.flatMap((step) => {
    if (step.do === 'write') return secretNames(step.content);
    if (step.do === 'run') return secretNames(step.stdin ?? '');
    return Object.values(step.files).flatMap(secretNames);
  });
  const values = new Map<string, Secret>();
  for (const name of new Set(names)) values.set(name, await vault.get(name));
  return values;
}

async function filesOf(
  steps: readonly Step[],
  fetchFile: StepContext['fetchFile'],
): Promise<ReadonlyMap<string, string>> {
  const refs = steps.flatMap((step) => (step.do === 'run' && step.file !== undefined ? [step.file] : []));
  return new Map(
    await Promise.all(refs.map(async (ref): Promise<[string, string]> => [ref.sha256, await fetchFile(ref)])),
  );
}

/** Says that something is tried again. */
export function retried(
  node: NodeRef,
  { listener }: StepContext,
  why: string,
  pauseMs: number,
  attempt: number,
): void {
  listener({ event: 'node-retried', node: refOf(node), why, pauseMs, attempt });
}
