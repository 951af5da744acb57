import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A program as a connection runs it, with an input that stays open until somebody ends it. */
export function followed(script: string, env: NodeJS.ProcessEnv) {
  const program = spawn('sh', ['-c', script], { env, stdio: ['pipe', 'pipe', 'ignore'], detached: true });
  const ended = once(program, 'exit');
  const lines: string[] = [];
  const firstLine = new Promise<void>((resolve) => {
    createInterface({ input: program.stdout }).on('line', (line) => {
      lines.push(line);
      resolve();
    });
  });
  return {
    /** What it says first. */
    first: async (): Promise<string | undefined> => {
      await Promise.race([firstLine, ended]);
      return lines[0];
    },
    /** Ends its input, and waits for its end; resolves to the programs of its session that are left then. */
    end: async (): Promise<readonly string[]> => {
      program.stdin.end();
      await ended;
      const { stdout } = spawnSync('ps', ['-s', String(program.pid), '-o', 'args='], { encoding: 'utf8' });
      return stdout.split('\n').filter((line) => line !== '');
    },
  };
}
