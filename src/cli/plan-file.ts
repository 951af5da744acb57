import { EXIT } from '#core/exit-code.ts';
import type { Answers } from '#core/fact.ts';
import type { Plan } from '#core/plan.ts';
import type { SavedPlan } from '#core/saved-plan.ts';
import { SlipwayError } from '#core/slipway-error.ts';
import type { OutputStream } from './cli-context.ts';

/**
 * Reads a saved plan.
 *
 * @throws {SlipwayError} with exit code 3 when the file is no saved plan, or was changed since.
 */
export async function readPlan(path: string): Promise<SavedPlan> {
  const value = await readJson(path, 'saved plan');
  const { format } = value as { readonly format?: unknown };
  if (format === 'slipway-plan/2') {
    const { unedited } = await import('#core/saved-plan.ts');
    return unedited(value as Plan);
  }
  throw new SlipwayError(
    `${path} is not a saved plan of this version: its format is ${JSON.stringify(format)}`,
    {
      code: 'not-a-plan',
      exitCode: EXIT.usage,
      hint: 'make one with: slipway plan --out FILE',
    },
  );
}

/** Reads recorded answers, as `slipway facts` writes them. */
export async function readFacts(path: string): Promise<Answers> {
  return (await readJson(path, 'recording of facts')) as Answers;
}

/** Writes a result to a file the user named. @throws {SlipwayError} when it cannot be written. */
export async function writeResult(path: string, text: string | Iterable<string>): Promise<void> {
  const { writeWhole } = await import('#core/write-whole.ts');
  try {
    await writeWhole(path, text, 0o644);
  } catch (cause) {
    throw new SlipwayError(`cannot write ${path}: ${reasonOf(cause)}`, {
      code: 'output-unwritable',
      exitCode: EXIT.usage,
      cause,
    });
  }
}

/** Prints a result for a program. */
export async function printJson(stream: OutputStream, value: unknown): Promise<void> {
  const { prettyJson } = await import('#report/text/pretty-json.ts');
  for (const piece of prettyJson(value)) stream.write(piece);
}

async function readJson(path: string, what: string): Promise<object> {
  const { readFile } = await import('node:fs/promises');
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    const isTooLong = (cause as NodeJS.ErrnoException).code === 'ERR_STRING_TOO_LONG';
    const hint = isTooLong ? 'make it of fewer hosts at a time with --limit' : undefined;
    throw unreadable(`cannot read the ${what} ${path}: ${reasonOf(cause)}`, cause, hint);
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch (cause) {
    throw unreadable(`${path} is not JSON: ${reasonOf(cause)}`, cause);
  }
  throw unreadable(`${path} is no ${what}`, undefined);
}

const unreadable = (message: string, cause: unknown, hint?: string): SlipwayError =>
  new SlipwayError(message, {
    code: 'input-unreadable',
    exitCode: EXIT.usage,
    cause,
    ...(hint !== undefined && { hint }),
  });

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
