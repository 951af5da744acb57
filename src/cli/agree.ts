import { EXIT } from '#core/exit-code.ts';
import { SlipwayError } from '#core/slipway-error.ts';

import type { Cli } from './cli-context.ts';

/** @throws {SlipwayError} where a question would have to be asked, and nobody is there. Called before anything is done. */
export function refuseWithoutAnswer({ ask }: Cli, yes: true | undefined, instead: string): void {
  if (yes === true || ask !== undefined) return;
  throw new SlipwayError('nobody is there to ask: standard input is not a terminal', {
    code: 'nobody-to-ask',
    exitCode: EXIT.usage,
    hint: instead,
  });
}

/** Whether a person says yes, or has said so on the command line. If not, the command ends with `otherwise`. */
export async function isAgreed(
  cli: Cli,
  yes: true | undefined,
  question: string,
  otherwise: string,
): Promise<boolean> {
  if (yes === true || (await cli.ask?.(`\n${question} (yes/no) `))?.trim() === 'yes') return true;
  endUndone(cli, otherwise);
  return false;
}

/**
 * Whether a person has typed the name of what is destroyed, or has given it on the command line.
 *
 * @param what `the name of the cluster`
 */
export async function isNamed(cli: Cli, what: string, name: string, given?: string): Promise<boolean> {
  if (given !== undefined) return given === name;
  return (await cli.ask?.(`\nTo destroy it, type ${what} (${name}): `))?.trim() === name;
}

/** Ends a command to which a person did not agree: `Nothing was applied.` */
export function endUndone(cli: Cli, otherwise: string): void {
  cli.stderr.write(`${otherwise}\n`);
  cli.finish(EXIT.failed);
}
