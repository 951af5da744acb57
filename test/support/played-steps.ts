import type { Fact, HostAnswers } from '#core/fact.ts';
import { sh } from '#core/shell.ts';
import type { Execution, ExecutionResult, Looked, Observer } from '#core/transport.ts';

/**
 * Plays the steps of a program, and prints what the program would: those of each node up to the first that fails.
 *
 * @param take does a step, given its shell, and returns what it says where it fails.
 */
export function playSteps(
  { script, onLine }: Pick<Execution, 'script' | 'onLine'>,
  take: (shell: string) => string | undefined,
): ExecutionResult {
  const lines: string[] = [];
  const print = (line: string): void => {
    lines.push(line);
    onLine?.(line);
  };
  const failed = new Set<string>();
  const [, ...parts] = script.split(/^printf '%s start %s\\n' (\S+) (\d+)$/m);
  for (let at = 0; at + 2 < parts.length; at += 3) {
    const [marker = '', index, shell = ''] = parts.slice(at, at + 3);
    if (failed.has(marker)) continue;
    print(`${marker} start ${index}`);
    const fault = take(shell);
    if (fault !== undefined) {
      failed.add(marker);
      print(fault);
    }
    print('');
    print(`${marker} end ${index} ${fault === undefined ? 0 : 1}`);
  }
  return { code: 0, stdout: `${lines.join('\n')}\n`, stderr: '' };
}

/** Answers as a model says, after a program of its own: what is to be done before the look is done then. */
export const modelObserver =
  (answersOf: (host: string, facts: readonly Fact[]) => HostAnswers) =>
  ({ host, execute }: Looked): Observer => ({
    ask: async (facts) => {
      await execute({ script: sh`:`, via: 'argument', timeoutMs: 1000 });
      return answersOf(host, facts);
    },
  });
