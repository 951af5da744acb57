import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { lines, sh } from '#core/shell.ts';
import { type RootCommand, rootCommand } from '#transport/root-command.ts';

import { runs } from '../../support/runs.ts';
import { anyText } from '../../support/any-text.ts';

/** What users log in with; those that this machine has. */
const LOGIN_SHELLS = ['/bin/sh', '/bin/bash', '/bin/zsh', '/usr/bin/fish', '/bin/tcsh', '/bin/mksh'].filter(
  (shell) => existsSync(shell),
);

function start({ line, input }: RootCommand, shell = '/bin/sh', sent = input) {
  const { status, stdout, stderr } = spawnSync(shell, ['-c', line], { input: sent, encoding: 'utf8' });
  return { status, stdout, stderr };
}

describe('root command', () => {
  it.each(LOGIN_SHELLS)('means the same to %s', (shell) => {
    fc.assert(
      fc.property(anyText(), (word) => {
        fc.pre(!word.includes('\0'));
        const hostile = `${word}'"\\!$(id)\`\n`;
        for (const via of ['argument', 'stdin'] as const) {
          const command = rootCommand({
            script: sh`printf %s ${hostile}`,
            via,
            escalation: 'none',
            timeoutMs: 5000,
          });
          expect(start(command, shell).stdout).toBe(`${command.marker}\n${hostile}`);
        }
      }),
      { numRuns: runs(25) },
    );
  });

  it('has no character in its quotes that a shell interprets, but for escapes that printf alone knows', () => {
    fc.assert(
      fc.property(anyText(), (word) => {
        fc.pre(!word.includes('\0'));
        const script = sh`sh -c ${sh`printf %s ${`${word}'!`}`}`;
        const { line } = rootCommand({ script, via: 'argument', escalation: 'none', timeoutMs: 5000 });
        const program = line.slice(line.lastIndexOf(" '") + 2, -1);
        expect(program.replaceAll(/\\n|\\0[0-7]{2,3}/g, '')).not.toMatch(/[\n'!\\\u0001-\u0008\u007f]/);
        const decoded = program.replaceAll(/\\n|\\0([0-7]{1,3})/g, (_, octal?: string) =>
          octal === undefined ? '\n' : String.fromCharCode(Number.parseInt(octal, 8)),
        );
        expect(decoded.endsWith(`\n${script}`)).toBe(true);
      }),
      { numRuns: runs(100) },
    );
  });

  it('runs nothing of a program that did not arrive whole', () => {
    const script = lines(sh`echo one`, sh`echo two`);
    const command = rootCommand({ script, via: 'stdin', escalation: 'none', timeoutMs: 5000 });
    const whole = command.input.trimEnd().length;
    for (let length = 0; length < whole; length += 1) {
      const { status, stdout, stderr } = start(command, '/bin/sh', command.input.slice(0, length));
      expect({ status, stdout }).toEqual({ status: 255, stdout: `${command.marker}\n` });
      expect(stderr).toContain('the program did not arrive whole');
    }
    expect(start(command).stdout).toBe(`${command.marker}\none\ntwo\n`);
  });

  it('keeps a program that is to go over standard input out of the command line', () => {
    const { line } = rootCommand({
      script: sh`echo token`,
      via: 'stdin',
      escalation: 'sudo',
      timeoutMs: 5000,
    });
    expect(line).not.toContain('token');
  });

  it('sends a program over standard input that is too long for an argument once it is quoted', () => {
    const script = sh`printf %s ${"'".repeat(20_000)} | wc -c`;
    const command = rootCommand({ script, via: 'argument', escalation: 'none', timeoutMs: 5000 });
    expect(command.line.length).toBeLessThan(131_072);
    expect(start(command).stdout).toBe(`${command.marker}\n20000\n`);
  });

  it('refuses a NUL byte', () => {
    expect(() =>
      rootCommand({
        script: sh`echo \0`.concat('\0') as never,
        via: 'argument',
        escalation: 'none',
        timeoutMs: 1,
      }),
    ).toThrow('a shell program cannot hold a NUL byte');
  });
});
