import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { Semaphore } from '#core/semaphore.ts';

import type { AskSsh } from './ssh-config.ts';

/** As many programs at once as do not slow each other down. */
const PROGRAMS = 8;

/** Asks the ssh of this machine, which connects to nobody for it. */
export function askSshItself(): AskSsh {
  const room = new Semaphore(PROGRAMS);
  return (file, name) => room.run(() => answerOf(file, name));
}

async function answerOf(file: string, name: string): Promise<string> {
  try {
    return (await promisify(execFile)('ssh', ['-T', '-G', '-F', file, '--', name])).stdout;
  } catch (error) {
    const { code, stderr = '' } = error as { readonly code?: unknown; readonly stderr?: string };
    const why =
      code === 'ENOENT'
        ? 'the program ssh, which has to read it, is not here'
        : stderr.trim().split(/\r?\n/)[0];
    throw new Error(why, { cause: error });
  }
}
