import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { Secret } from '#core/secret.ts';
import { sh } from '#core/shell.ts';
import type { Step } from '#core/step.ts';
import { readStepOutput } from '#engine/step-output.ts';
import { RUN_DIRECTORY, stepScript } from '#engine/step-script.ts';

import { runs } from '../../support/runs.ts';
import { anyText } from '../../support/any-text.ts';

const MARKER = 'marker-1';
const owner = execFileSync('id', ['-un'], { encoding: 'utf8' }).trim();

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'slipway-steps-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const write = (name: string, content: string): Step => ({
  do: 'write',
  summary: `write ${name}`,
  path: join(directory, name),
  content,
  mode: 0o640,
  owner,
});

function take(steps: readonly Step[], secrets = new Map<string, Secret>()) {
  const { stdout, stderr } = spawnSync('sh', ['-s'], {
    input: stepScript(steps, MARKER, secrets),
    encoding: 'utf8',
    // The list of all processes may have more than a MB.
    maxBuffer: 64 * 1024 * 1024,
  });
  return { ...readStepOutput(stdout, MARKER, steps.length), stderr };
}

describe('stepScript', () => {
  it('writes any content to any name, byte for byte, with its mode', () => {
    const name = anyText({ minLength: 1, maxLength: 30 }).filter((text) => !/[/\0]|^\.\.?$/.test(text));
    const content = anyText().filter((text) => !text.includes('\0'));
    fc.assert(
      fc.property(name, content, (file, text) => {
        expect(take([write(file, text)])).toMatchObject({ output: '' });
        expect(readFileSync(join(directory, file), 'utf8')).toBe(text);
        expect(statSync(join(directory, file)).mode & 0o777).toBe(0o640);
      }),
      { numRuns: runs(40) },
    );
  });

  it('writes text of another encoding byte for byte', () => {
    const bytes = fc.uint8Array().filter((all) => !all.includes(0));
    fc.assert(
      fc.property(bytes, (wanted) => {
        const content = Buffer.from(wanted).toString('latin1');
        take([{ ...write('latin1', content), encoding: 'latin1' } as Step]);
        expect(readFileSync(join(directory, 'latin1'))).toEqual(Buffer.from(wanted));
      }),
      { numRuns: runs(10) },
    );
  });

  it('stops at the first step that fails, and says which and how', () => {
    const steps: Step[] = [
      write('first', '1'),
      { do: 'run', summary: 'fail', script: sh`echo heard; false; echo never` },
      write('last', '3'),
    ];
    expect(take(steps)).toMatchObject({ failed: 1, code: 1, output: 'heard' });
    expect(() => readFileSync(join(directory, 'last'))).toThrow('ENOENT');
  });

  it('ends a step that takes too long with exit code 124', () => {
    const outcome = take([{ do: 'run', summary: 'sleep', script: sh`sleep 30`, timeoutMs: 200 }]);
    expect(outcome).toMatchObject({ failed: 0, code: 124 });
  });

  it('gives a secret to the program that reads it and to nobody else', () => {
    const path = join(directory, 'seen');
    const steps: Step[] = [
      {
        do: 'run',
        summary: 'read',
        script: sh`cat >${path}; ps -ef >&2`,
        stdin: ['password=', { secret: 'key' }],
      },
    ];
    const { stderr } = take(steps, new Map([['key', new Secret('s3cr3t"\'$x')]]));
    expect(readFileSync(path, 'utf8')).toBe('password=s3cr3t"\'$x');
    expect(stderr).toContain('ps -ef');
    expect(stderr).not.toContain('s3cr3t');
  });

  it('keeps a step from reading the steps after it', () => {
    const steps: Step[] = [{ do: 'run', summary: 'greedy', script: sh`cat` }, write('after', 'there')];
    expect(take(steps)).toMatchObject({ output: '' });
    expect(readFileSync(join(directory, 'after'), 'utf8')).toBe('there');
  });

  it('writes over what a killed run left behind', () => {
    take([
      { do: 'run', summary: 'leave', script: sh`printf half >${join(directory, '.file.slipway')}` },
      write('file', 'whole'),
    ]);
    expect(readFileSync(join(directory, 'file'), 'utf8')).toBe('whole');
  });
});

/** Its parent waits for it, as systemd does, so that it is gone when it has ended. */
const inBackground = (program: string): string =>
  `(${program} & echo $! >pid.new; mv pid.new pid; wait) >/dev/null 2>&1 & while ! [ -e pid ]; do sleep 0.01; done`;

/** @param programs stand-ins for the two programs of systemd's. */
function follow(program: string, programs: Readonly<Record<'systemctl' | 'systemd-run', string>>) {
  for (const [name, body] of Object.entries(programs)) {
    writeFileSync(join(directory, name), `#!/bin/sh\ncd ${directory}\n${body}\n`);
    chmodSync(join(directory, name), 0o755);
  }
  const step: Step = {
    do: 'detached',
    summary: 'init',
    unit: 'slipway-init',
    argv: ['sh', '-c', program],
    files: {},
  };
  const input = stepScript([step], MARKER, new Map()).replaceAll(RUN_DIRECTORY, directory);
  const env = { PATH: `${directory}:/usr/bin:/bin` };
  const { stdout, stderr } = spawnSync('sh', ['-s'], { input, encoding: 'utf8', env });
  return { ...readStepOutput(stdout, MARKER, 1), stderr };
}

describe('what follows a detached program', () => {
  const started = `for program; do :; done; ${inBackground('sh -c "$program"')}`;
  const systemctl = `case $1 in is-active) exit 3;; show) cat pid;; esac`;

  it('prints what it says to the end, and has its exit code', () => {
    const seen = follow('echo one; sleep 0.3; echo two; exit 3', { systemctl, 'systemd-run': started });
    expect(seen).toMatchObject({ failed: 0, code: 3, output: 'one\ntwo' });
  });

  it('waits for the exit code of one that has just ended', () => {
    const late = { systemctl: systemctl.replace('cat pid', 'echo 0'), 'systemd-run': started };
    expect(follow('sleep 0.5; exit 4', late)).toMatchObject({ failed: 0, code: 4 });
  });

  it('fails where there is none, as after a kill', () => {
    const killed = { systemctl, 'systemd-run': inBackground('sleep 0.2') };
    expect(follow('exit 0', killed)).toMatchObject({
      failed: 0,
      code: 1,
      stderr: 'slipway-init ended without an exit code\n',
    });
  });
});
