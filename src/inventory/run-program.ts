import { execFile } from 'node:child_process';

import type { Environment } from '#core/environment.ts';

/** Long enough for somebody who has to touch a key. */
const TIMEOUT_MS = 120_000;

/**
 * Runs a program of this machine, and resolves to what it prints. Nobody can type anything for it.
 *
 * @throws {Error} with the last line of its errors, or why it could not be run.
 */
export const runProgram = (
  [program = '', ...args]: readonly string[],
  directory: string,
  env: Environment,
): Promise<string> =>
  new Promise((resolve, reject) => {
    const options = { cwd: directory, env, timeout: TIMEOUT_MS, maxBuffer: 1024 * 1024 };
    const child = execFile(program, args, options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(faultOf(error, stderr), { cause: error.code }));
    });
    child.stdin?.end();
  });

function faultOf(
  { code, killed }: { readonly code?: unknown; readonly killed?: boolean },
  stderr: string,
): string {
  if (code === 'ENOENT') return 'there is no such program here';
  if (code === 'EACCES') return 'it may not be run';
  if (killed === true) return `it had not ended after ${TIMEOUT_MS / 1000} s`;
  const said = stderr.trim().split('\n').at(-1)?.trim() ?? '';
  return said === '' ? `it ended with code ${String(code)}` : said;
}
