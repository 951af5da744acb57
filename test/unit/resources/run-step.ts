import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { scriptOf, type Step } from '../../../src/core/step.ts';

export interface RunResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Each program that was called, with its arguments, in order. */
  readonly calls: readonly string[];
}

/** Runs a step's script by a real shell, where the programs named are stand-ins that note their calls. */
export function runStep(step: Step, programs: Readonly<Record<string, string>>): RunResult {
  if (step.do !== 'run') throw new TypeError(`cannot run a ${step.do} step`);
  const directory = mkdtempSync(join(tmpdir(), 'slipway-step-'));
  try {
    for (const [name, body] of Object.entries(programs)) {
      const path = join(directory, name);
      writeFileSync(path, `#!/bin/sh\necho "${name} $*" >>'${directory}/calls'\n${body}\n`);
      chmodSync(path, 0o755);
    }
    writeFileSync(join(directory, 'calls'), '');
    const { status, stdout, stderr } = spawnSync('sh', ['-ec', scriptOf(step)], {
      env: { PATH: `${directory}:/usr/bin:/bin`, LC_ALL: 'C.UTF-8', STATE: join(directory, 'state') },
      input: typeof step.stdin === 'string' ? step.stdin : '',
      encoding: 'utf8',
    });
    const calls = readFileSync(join(directory, 'calls'), 'utf8').trimEnd().split('\n');
    return { code: status, stdout, stderr, calls };
  } finally {
    rmSync(directory, { recursive: true });
  }
}
