import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { LabError } from './lab-error.ts';
import { labEnvironment } from './run.ts';

/**
 * Runs `body` while holding the lock file at `path`, waiting for it first.
 *
 * The lock is a flock in a child that ends when our end of its pipe closes, so the kernel frees it however
 * this process ends. The child leaves our process group: Ctrl-C must not take the lock away from a clean-up.
 */
export async function exclusively<T>(path: string, body: () => Promise<T>): Promise<T> {
  await mkdir(dirname(path), { recursive: true });
  const holder = spawn('flock', ['--exclusive', '--no-fork', path, 'cat'], {
    stdio: ['pipe', 'pipe', 'ignore'],
    detached: true,
    env: labEnvironment,
  });
  const ended = once(holder, 'exit');
  // cat gives the line back as soon as it runs, and it runs once the lock is ours.
  holder.stdin.write('locked\n');
  const first = await Promise.race([once(holder.stdout, 'data').then(() => 'locked'), ended]);
  if (first !== 'locked') throw new LabError(`cannot lock ${path}`);
  try {
    return await body();
  } finally {
    holder.stdin.end();
    await ended;
  }
}
