import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { ExecutionTimeout } from '#core/execution-error.ts';
import { type Script, lines, quote, sh } from '#core/shell.ts';
import { SlipwayError } from '#core/slipway-error.ts';
import type { Connection } from '#core/transport.ts';

import { temporaryDirectory } from './temporary-directory.ts';
import { anyText } from '../support/any-text.ts';

/** For the connections of the contract, which has a program that SIGTERM does not end. */
export const KILL_AFTER_MS = 300;

/**
 * What every connection promises, whatever carries it. The host must be this machine, and programs must be killed
 * after {@link KILL_AFTER_MS}.
 */
export function transportContract(name: string, connect: () => Promise<Connection>): void {
  describe(`${name} transport`, () => {
    const directory = temporaryDirectory();
    let connection: Connection;

    beforeAll(async () => {
      connection = await connect();
    });
    afterAll(() => connection.close());

    const run = (script: Script, via: 'argument' | 'stdin' = 'argument', timeoutMs = 10_000) =>
      connection.execute({ script, via, timeoutMs });

    describe.each(['argument', 'stdin'] as const)('program over %s', (via) => {
      it('keeps every word as it is', async () => {
        await fc.assert(
          fc.asyncProperty(fc.array(hostileWord, { minLength: 6, maxLength: 6 }), async (words) => {
            const { stdout, code } = await run(sh`printf '%s\0' ${words}`, via);
            expect({ words: stdout.split('\0'), code }).toEqual({ words: [...words, ''], code: 0 });
          }),
          { numRuns: 10 },
        );
      });

      it('keeps a program of many lines', async () => {
        const script = lines(
          sh`# a comment's "quotes" and \back\slashes`,
          sh`cat <<'END'
it's $HOME \t !
	tab
END`,
          sh`printf '%s|' "a\\b" 'c\d' \
             e`,
          sh`# the last line`,
        );
        const { stdout } = await run(script, via);
        expect(stdout).toBe("it's $HOME \\t !\n\ttab\na\\b|c\\d|e|");
      });

      it('hands over code and both outputs apart', async () => {
        const result = await run(sh`echo out; echo err >&2; exit 3`, via);
        expect(result).toEqual({ code: 3, stdout: 'out\n', stderr: 'err\n' });
      });

      it('is not eaten by what it starts', async () => {
        const { stdout } = await run(lines(sh`cat; head -c 100; read x; echo "$?"`, sh`echo after`), via);
        expect(stdout).toBe('1\nafter\n');
      });

      it('with a syntax error fails', async () => {
        const { code, stderr } = await run(sh`if then`, via);
        expect(code).toBe(2);
        expect(stderr).toMatch(/syntax error/i);
      });

      it('has a known environment', async () => {
        const { stdout } = await run(sh`echo "$PATH $LC_ALL $(umask) $(pwd)"`, via);
        expect(stdout).toBe('/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin C 0022 /\n');
      });

      it('has no code when a signal killed it', async () => {
        expect(await run(sh`echo last; kill -9 $$`, via)).toEqual({
          code: null,
          stdout: 'last\n',
          stderr: '',
        });
      });
    });

    it('carries a long program', async () => {
      const text = `it's "long" \\ `.repeat(10_000);
      const argument = await run(sh`printf %s ${text} | wc -c`);
      const stdin = await run(
        lines(sh`text=${text}`, sh`printf %s "$text$text$text$text$text" | wc -c`),
        'stdin',
      );
      expect([argument.stdout.trim(), stdin.stdout.trim()]).toEqual([
        String(text.length),
        String(5 * text.length),
      ]);
    });

    it('gives a program what it reads, byte for byte and however long', async () => {
      const chunk = Buffer.from(Array.from({ length: 65_536 }, (_, index) => index % 256));
      async function* input(): AsyncGenerator<Buffer> {
        for (let count = 0; count < 200; count += 1) yield await Promise.resolve(chunk);
      }
      const script = sh`sha256sum; echo over >&2`;
      const { stdout, code } = await connection.execute({
        script,
        via: 'argument',
        timeoutMs: 60_000,
        input: input(),
      });
      const hash = createHash('sha256');
      for (let count = 0; count < 200; count += 1) hash.update(chunk);
      expect({ stdout, code }).toEqual({ stdout: `${hash.digest('hex')}  -\n`, code: 0 });
    });

    it('keeps what it is to read open while there is nothing, and hears it before its end', async () => {
      const heard = Promise.withResolvers<void>();
      const input = (async function* (): AsyncGenerator<Buffer> {
        await heard.promise;
        yield* [];
      })();
      const { stdout, code } = await connection.execute({
        script: sh`echo told; cat; echo over`,
        via: 'argument',
        timeoutMs: 10_000,
        input,
        onLine: () => heard.resolve(),
      });
      expect({ stdout, code }).toEqual({ stdout: 'told\nover\n', code: 0 });
    });

    it('takes it as it is where a program reads no more', async () => {
      const input = (async function* () {
        for (let count = 0; count < 100; count += 1) yield await Promise.resolve(Buffer.alloc(65_536));
      })();
      const { stdout, code } = await connection.execute({
        script: sh`head -c 3 | wc -c; exit 4`,
        via: 'argument',
        timeoutMs: 60_000,
        input,
      });
      expect({ stdout: stdout.trim(), code }).toEqual({ stdout: '3', code: 4 });
    });

    it('fails where what it is to read cannot be had, and does not end the program as if it were whole', async () => {
      const whole = join(directory(), 'whole');
      const input = (async function* () {
        yield await Promise.resolve(Buffer.from('a'));
        throw new Error('altered');
      })();
      const script = sh`cat >/dev/null && sleep 0.3 && : >${whole}`;
      await expect(connection.execute({ script, via: 'argument', timeoutMs: 10_000, input })).rejects.toThrow(
        'altered',
      );
    });

    it('puts characters together that arrive in pieces', async () => {
      const heard: string[] = [];
      const script = sh`printf 'gr\303'; sleep 0.1; printf '\274n\nei'; sleep 0.1; printf 'ns\nlast \342\202'; sleep 0.1; printf '\254'`;
      const { stdout } = await connection.execute({
        script,
        via: 'argument',
        timeoutMs: 10_000,
        onLine: (line) => heard.push(line),
      });
      expect(stdout).toBe('grün\neins\nlast €');
      expect(heard).toEqual(['grün', 'eins', 'last €']);
    });

    it('gives the answer with its last line, and lets the program end in its own time', async () => {
      const [go, gone] = ['go', 'gone'].map((file) => join(directory(), file)) as [string, string];
      const script = sh`echo answer; printf 'the '; sleep 0.1; echo end; until [ -e ${go} ]; do sleep 0.02; done; : >${gone}`;
      const result = await connection.execute({
        script,
        via: 'argument',
        timeoutMs: 10_000,
        lastLine: 'the end',
      });
      expect(result).toEqual({ code: 0, stdout: 'answer\nthe end\n', stderr: '' });
      await writeFile(go, '');
      await expect.poll(() => existsSync(gone)).toBe(true);
    });

    it('waits for the end where the last line does not come', async () => {
      const script = sh`echo the ending; exit 3`;
      const result = await connection.execute({
        script,
        via: 'argument',
        timeoutMs: 10_000,
        lastLine: 'the end',
      });
      expect(result).toEqual({ code: 3, stdout: 'the ending\n', stderr: '' });
    });

    it('tells of a line as soon as it is whole', async () => {
      let heardAt = Infinity;
      await connection.execute({
        script: sh`echo now; sleep 1`,
        via: 'argument',
        timeoutMs: 10_000,
        onLine: () => {
          heardAt = performance.now();
        },
      });
      expect(performance.now() - heardAt).toBeGreaterThan(300);
    });

    it('ends a program whose time is over, with all it started', async () => {
      const seconds = uniqueSeconds();
      const startedAt = performance.now();
      const error = await run(
        sh`echo begun; sleep ${seconds} & sh -c 'sleep "$1"; :' sh ${seconds}`,
        'stdin',
        700,
      ).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(ExecutionTimeout);
      expect(error).toMatchObject({ output: 'begun', message: 'no end after 0.7 s on n1' });
      expect(performance.now() - startedAt).toBeLessThan(5000);
      expect(await processesNaming(seconds)).toEqual([]);
      expect((await run(sh`echo still here`)).stdout).toBe('still here\n');
    });

    it('ends a program that does not want to end', async () => {
      const seconds = uniqueSeconds();
      const error = await run(sh`trap '' TERM; sleep ${seconds}; sleep ${seconds}`, 'argument', 300).catch(
        (reason: unknown) => reason,
      );
      expect(error).toBeInstanceOf(ExecutionTimeout);
      expect(await processesNaming(seconds)).toEqual([]);
      expect((await run(sh`echo still here`)).stdout).toBe('still here\n');
    });

    it('takes a code of 124 for the program’s own while there is time', async () => {
      expect((await run(sh`exit 124`)).code).toBe(124);
    });

    it('does not wait for what a program left in the background', async () => {
      const seconds = uniqueSeconds();
      const { code, stdout } = await run(sh`sleep ${seconds} & echo started $!`);
      expect(code).toBe(0);
      process.kill(Number(stdout.split(' ')[1]));
    });

    it('refuses output without end', async () => {
      const error = await run(sh`yes`, 'argument', 20_000).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(SlipwayError);
      expect(error).toMatchObject({ code: 'output-too-long', host: 'n1' });
      expect((await run(sh`echo still here`)).stdout).toBe('still here\n');
    });

    it('runs thirty programs, eight of them at once', async () => {
      const before = connection.executions;
      const script = sh`cd ${directory()}; mkdir $$; ls | wc -l; sleep 0.15; rmdir $$`;
      const results = await Promise.all(Array.from({ length: 30 }, () => run(script)));
      const counts = results.map(({ stdout }) => Number(stdout));
      expect(Math.max(...counts)).toBeGreaterThan(1);
      expect(Math.max(...counts)).toBeLessThanOrEqual(8);
      expect(connection.executions - before).toBe(30);
    });

    describe('held program', () => {
      it('greets, lives, and ends with its input', async () => {
        const file = join(directory(), 'ended');
        const held = await connection.hold(
          sh`echo one; echo two; echo ready; cat >/dev/null; echo done >${file}`,
          'ready',
          10_000,
        );
        expect(held).toMatchObject({ isHeld: true, greeting: 'one\ntwo\n' });
        expect((await run(sh`echo beside`)).stdout).toBe('beside\n');
        await held.release();
        await held.ended;
        expect(await readFile(file, 'utf8')).toBe('done\n');
      });

      it('hears a line every heartbeat', async () => {
        const file = join(directory(), 'beats');
        const held = await connection.hold(
          sh`echo ready; while IFS= read -r beat; do echo beat >>${file}; done`,
          'ready',
          50,
        );
        await pause(400);
        await held.release();
        expect((await readFile(file, 'utf8')).split('\n').length).toBeGreaterThan(3);
      });

      it('that ends at once is not held', async () => {
        const held = await connection.hold(sh`echo busy; echo somebody; exit 75`, 'ready', 10_000);
        expect(held).toMatchObject({ isHeld: false, greeting: 'busy\nsomebody\n' });
        await held.ended;
        await held.release();
      });

      it('ends when the connection is closed', async () => {
        const file = join(directory(), 'closed');
        const other = await connect();
        const held = await other.hold(sh`echo ready; cat >/dev/null; echo done >${file}`, 'ready', 10_000);
        await other.close();
        await held.ended;
        await expect.poll(() => readFile(file, 'utf8').catch(() => '')).toBe('done\n');
      });
    });
  });
}

/** Words with everything in them that shells and terminals treat as special. */
const hostileWord = fc.oneof(
  anyText({ maxLength: 40 }).filter((word) => !word.includes('\0')),
  fc
    .array(
      fc.constantFrom(
        "'",
        '"',
        '\\',
        '`',
        '$(id)',
        '${x}',
        '\n',
        '\t',
        '\r',
        ' ',
        '!',
        '*',
        '~',
        '#',
        ';',
        '&',
        '\u001b[',
        '%s',
        '\\0',
        '\\n',
        'é',
        '😀',
      ),
      { maxLength: 20 },
    )
    .map((parts) => parts.join('')),
);

/** A time to sleep that no other process names. */
const uniqueSeconds = (): string => `9${Math.floor(Math.random() * 1e6)}.${Math.floor(Math.random() * 1e6)}1`;

async function processesNaming(word: string): Promise<readonly string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const commands = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  return commands.filter((command) => command.includes(quote(word)));
}
