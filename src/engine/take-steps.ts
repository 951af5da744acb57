import { randomUUID } from 'node:crypto';

import type { Listener, NodeRef } from '#core/event.ts';
import { ExecutionTimeout } from '#core/execution-error.ts';
import { refOf } from '#core/plan.ts';
import { retry } from '#core/retry.ts';
import { mask, type Secret, secretNames } from '#core/secret.ts';
import type { FileRef, Retry, Step } from '#core/step.ts';

import type { Connections } from './connections.ts';
import { StepFailed } from './failure.ts';
import type { SecretVault } from './secret-vault.ts';
import { type OpenPiece, piecesTar } from './pieces-tar.ts';
import { readStepOutput } from './step-output.ts';
import { isForController, stepScript, timeoutOf } from './step-script.ts';

export interface StepContext {
  readonly connections: Connections;
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

/**
 * Sends the steps as one program; after a fault that may pass, sends the failed step and those after it again.
 *
 * @returns what they printed on standard output.
 */
export async function takeSteps(node: Place, steps: readonly Step[], context: StepContext): Promise<string> {
  let left = steps;
  const printed: string[] = [];
  const tries = new Map<Step, number>();
  await retry(
    async () => {
      for (const part of partsOf(left)) await sendSteps(node, part, context, printed);
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
  return printed.join('');
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
 * @throws {StepFailed} when one fails; those after it are not taken.
 */
async function sendSteps(
  node: Place,
  steps: readonly Step[],
  { connections, vault, listener, fetchFile, openPiece }: StepContext,
  printed: string[],
): Promise<void> {
  const secrets = await secretsOf(steps, vault);
  const files = await filesOf(steps, (ref) => {
    listener({ event: 'node-progress', node: refOf(node), line: `fetching ${ref.url}` });
    return fetchFile(ref);
  });
  listener({ event: 'node-steps', node: refOf(node), steps });
  const marker = `slipway-${randomUUID()}`;
  const [only] = steps;
  const isOurs = isForController(only);
  // A host ends a step by itself.
  const timeoutMs = isOurs ? timeoutOf(only) : steps.reduce((sum, step) => sum + timeoutOf(step), 10_000);
  const fail = (index: number, why: string, output: string, isOverdue: boolean): StepFailed => {
    const step = steps[index];
    if (step === undefined) throw new TypeError(`${node.id}: no step ${index}`);
    return new StepFailed({ host: node.runsOn, step, why, output, secrets: secrets.values(), isOverdue });
  };
  let current = 0;
  try {
    const pieces = only?.do === 'run' ? only.pieces : undefined;
    const connection = isOurs ? connections.controller : await connections.to(node.runsOn);
    const result = await connection.execute({
      script: stepScript(steps, marker, secrets, files),
      ...(pieces === undefined
        ? { via: 'stdin' as const }
        : { via: 'argument' as const, input: piecesTar(pieces, openPiece) }),
      timeoutMs,
      onLine: (line) => {
        if (line.startsWith(`${marker} start `)) {
          current = Number(line.split(' ')[2]);
          listener({ event: 'node-progress', node: refOf(node), line: steps[current]?.summary ?? '' });
        } else if (!line.startsWith(marker) && line.trim() !== '') {
          const shown = mask(visiblePart(line), secrets.values());
          listener({ event: 'node-progress', node: refOf(node), line: shown });
        }
      },
    });
    const { failed, code, output, ...ended } = readStepOutput(result.stdout, marker, steps.length);
    printed.push(...ended.printed);
    if (failed === undefined) return;
    const why = code === 124 ? timedOut(steps[failed]) : `exit code ${code ?? 'unknown'}`;
    throw fail(failed, why, [output, result.stderr.trim()].filter(Boolean).join('\n'), false);
  } catch (error) {
    if (!(error instanceof ExecutionTimeout)) throw error;
    throw fail(current, `no end after ${timeoutMs / 1000} s`, error.output, true);
  }
}

/** What a terminal shows of a line that a progress bar has overwritten. */
const visiblePart = (line: string): string => line.trimEnd().split('\r').at(-1) ?? '';

const timedOut = (step: Step | undefined): string =>
  step === undefined ? 'timed out' : `no end after ${timeoutOf(step) / 1000} s`;

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
