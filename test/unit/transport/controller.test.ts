import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { ExecutionTimeout } from '#core/execution-error.ts';
import { CONTROLLER } from '#core/fact.ts';
import type { Script } from '#core/shell.ts';
import { hookCheck } from '#facts/hook-check.ts';
import { controller } from '#transport/controller.ts';
import { observer } from '#transport/observer.ts';

import { scratchDirectory } from '../../support/scratch-directory.ts';

const PATH = process.env['PATH'];

const run = (script: string, directory: string, timeoutMs = 20_000) =>
  controller({ directory, env: { PATH, HOME: '/home/me', WHO: 'me' } }).execute({
    script: script as Script,
    via: 'stdin',
    timeoutMs,
  });

describe('a program on the controller', { timeout: 60_000 }, () => {
  it('has the environment and the directory that it is given, and nothing to read', async () => {
    const directory = await scratchDirectory();
    expect(await run('pwd; echo "$WHO $HOME"; cat; echo no >&2; exit 3', directory)).toEqual({
      code: 3,
      stdout: `${directory}\nme /home/me\n`,
      stderr: 'no\n',
    });
  });

  it('says each line as it comes', async () => {
    const heard: string[] = [];
    const onLine = (line: string): void => void heard.push(line);
    const script = "printf 'one\\ntwo\\nthree'" as Script;
    await controller({ directory: '/', env: { PATH } }).execute({
      script,
      via: 'stdin',
      timeoutMs: 9000,
      onLine,
    });
    expect(heard).toEqual(['one', 'two', 'three']);
  });

  it('that takes too long is ended with all that it has started, and what it said is kept', async () => {
    const directory = await scratchDirectory();
    await writeFile(join(directory, 'late.sh'), 'sleep 3; echo late >"$1"\n');
    const script = `echo begun; sh ${join(directory, 'late.sh')} ${join(directory, 'late')} & sh -c 'sleep 60'`;
    const failure = await run(script, directory, 500).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ExecutionTimeout);
    expect((failure as ExecutionTimeout).output).toContain('begun');
    await new Promise((resolve) => setTimeout(resolve, 3500));
    await expect(readFile(join(directory, 'late'))).rejects.toThrow('ENOENT');
  });

  it('answers as hosts do', async () => {
    const facts = ['test -e here', 'test "$WHO" = me', 'false'].map(hookCheck);
    const directory = await scratchDirectory();
    await writeFile(join(directory, 'here'), '');
    const here = controller({ directory, env: { PATH, WHO: 'me' } });
    expect(here.host).toBe(CONTROLLER);
    const answers = (await observer(here).ask(facts))['hook-check'];
    expect(facts.map(({ key }) => answers?.[key])).toEqual([true, true, false]);
  });
});
