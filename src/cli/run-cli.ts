import { CommanderError } from '@commander-js/extra-typings';

import { EXIT, type ExitCode } from '#core/exit-code.ts';
import { SlipwayError } from '#core/slipway-error.ts';
import { printable } from '#report/text/text-layout.ts';
import type { CliContext, OutputStream } from './cli-context.ts';
import { answerTo, inOwnWords } from './familiar-words.ts';
import { programFor } from './program-for.ts';

/**
 * Runs one command line, and returns the exit code. It never throws: what goes wrong is printed on standard error.
 * When the signal is aborted with a SlipwayError as its reason, that error is printed at the end.
 */
export async function runCli(context: CliContext): Promise<number> {
  const { stdout, stderr, signal } = context;
  const code = await runCommand(context);
  // A stream tells of a failed write later: wait until the last one is done.
  await new Promise<void>((resolve) => stdout.write('', () => resolve()));
  return signal.reason instanceof SlipwayError ? show(signal.reason, stderr) : code;
}

async function runCommand(context: CliContext): Promise<number> {
  let code: number = EXIT.ok;
  const finish = (ended: number): void => {
    code = ended;
  };
  const root = await programFor({ ...context, finish });
  try {
    await root.parseAsync([...inOwnWords(root, context.argv)], { from: 'user' });
    return context.signal.aborted ? EXIT.interrupted : code;
  } catch (error) {
    if (!(error instanceof CommanderError)) return explain(error, context);
    const command = context.argv.find((word) => root.commands.some((one) => one.name() === word));
    return explainUsage(error, command, context);
  }
}

function explain(error: unknown, { stderr, signal }: CliContext): ExitCode {
  if (signal.aborted) {
    if (signal.reason instanceof SlipwayError) return EXIT.failed;
    stderr.write('Interrupted. Running the same command again goes on from where the hosts are.\n');
    return EXIT.interrupted;
  }
  if (error instanceof SlipwayError) return show(error, stderr);
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  stderr.write(`${text}\nThis is a bug in slipway: please report it with the lines above.\n`);
  return EXIT.failed;
}

function show({ message, hint, exitCode }: SlipwayError, stderr: OutputStream): ExitCode {
  stderr.write(`Error: ${printable(message)}\n`);
  if (hint !== undefined) stderr.write(`Hint: ${printable(hint)}\n`);
  return exitCode;
}

/** The parser throws after it has printed help or the version, too; everything else that it throws is wrong usage. */
function explainUsage(
  { code, exitCode, message }: CommanderError,
  command: string | undefined,
  { stderr }: CliContext,
): ExitCode {
  if (exitCode === 0) return EXIT.ok;
  if (code === 'commander.help') return EXIT.usage;
  const [what = '', ...more] = message.replace(/^error: /, '').split('\n');
  const meant = /\(Did you mean (.*)\?\)/.exec(more.join(' '))?.[1];
  const help = command === undefined ? 'slipway --help' : `slipway ${command} --help`;
  const nearest = meant === undefined ? `${help} explains it` : `did you mean ${meant}?`;
  stderr.write(`Error: ${what}\nHint: ${answerTo(what) ?? nearest}\n`);
  return EXIT.usage;
}
