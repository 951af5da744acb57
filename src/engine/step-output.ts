/** What is known of a run of steps from the lines it printed. */
export interface StepOutcome {
  /** Index of the step that failed or was cut off; absent when all ended well. */
  readonly failed?: number;
  /** Its exit code; absent when it was cut off. */
  readonly code?: number;
  /** What the failed step printed on standard output. */
  readonly output: string;
  /** What each step printed that ended well, byte for byte. */
  readonly printed: readonly string[];
}

/** Reads the marker lines of `stepScript` back. What stands before its first step and behind its last is another program's. */
export function readStepOutput(stdout: string, marker: string, count: number): StepOutcome {
  let current = 0;
  let hasBegun = false;
  let output: string[] = [];
  const printed: string[] = [];
  for (const line of stdout.split('\n')) {
    if (!line.startsWith(`${marker} `)) {
      if (hasBegun) output.push(line);
      continue;
    }
    const [, word, index, code] = line.split(' ');
    if (word === 'start') {
      current = Number(index);
      hasBegun = true;
      output = [];
    } else if (code !== '0') {
      return { failed: current, code: Number(code), output: output.join('\n').trim(), printed };
    } else {
      current = Number(index) + 1;
      printed.push(output.join('\n'));
      output = [];
    }
  }
  if (current >= count) return { output: '', printed };
  return { failed: current, output: output.join('\n').trim(), printed };
}
