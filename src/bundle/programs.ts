import { spawn } from 'node:child_process';

import { SlipwayError } from '#core/slipway-error.ts';

/** Runs programs of this machine. A test gives its own. */
export type RunProgram = (argv: readonly [string, ...string[]]) => Promise<Ran>;

export interface Ran {
  /** Null where it was not there, or a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export const programRunner =
  (signal: AbortSignal): RunProgram =>
  ([program, ...args]) =>
    new Promise((resolve, reject) => {
      const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], signal });
      const said = { stdout: '', stderr: '' };
      for (const stream of ['stdout', 'stderr'] as const)
        child[stream].setEncoding('utf8').on('data', (text: string) => (said[stream] += text));
      child.once('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') resolve({ code: null, ...said, stderr: `there is no ${program}` });
        else reject(error);
      });
      child.once('close', (code) => resolve({ code, ...said }));
    });

/** What a program says where it succeeds. */
export async function outputOf(
  run: RunProgram,
  argv: readonly [string, ...string[]],
  failed: { readonly what: string; readonly hint: string },
): Promise<string> {
  const { code, stdout, stderr } = await run(argv);
  if (code === 0) return stdout;
  const said = stderr
    .split('\n')
    .filter((line) => /\S/.test(line) && !line.startsWith('W: '))
    .slice(-8)
    .join('\n  ');
  throw new SlipwayError(`${failed.what}:\n  ${said === '' ? `exit code ${code}` : said}`, {
    code: 'bundle-packages',
    hint: failed.hint,
  });
}
