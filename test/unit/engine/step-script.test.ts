import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { Secret } from '#core/secret.ts';
import { sh } from '#core/shell.ts';
import type { Step } from '#core/step.ts';
import { readStepOutput } from '#engine/step-output.ts';
import { stepScript } from '#engine/step-script.ts';

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
