import { spawnSync } from 'node:child_process';

import { describe, expect, it, vi } from 'vitest';

import { type Family, fact, type Queue } from '#core/fact.ts';
import { lines, type Script, sh } from '#core/shell.ts';
import type { Execution, ExecutionResult } from '#core/transport.ts';
import { localTransport } from '#transport/local-transport.ts';
import { observer } from '#transport/observer.ts';
import { bareAnswers } from '#transport/probe.ts';

import { testHost } from '../../contracts/test-host.ts';

const family = (name: string, script: (questions: readonly string[]) => Script): Family<string, string> => ({
  name,
  script,
  parse: (output) => output.split('\n').slice(0, -1),
  bare: (question) => `bare ${question}`,
});

const words = family('words', (questions) => sh`printf '%s\n' ${questions}`);
const raw = (name: string, text: string): Family<string, string> => ({
  ...words,
  name,
  script: () => sh`printf %s ${text}`,
  parse: (output) => [output],
});
const ask = async (...facts: Parameters<ReturnType<typeof observer>['ask']>[0]) =>
  observer(await localTransport().connect(testHost())).ask(facts);

/** Asks a host that has a text of its own to say, as $said. */
const askSaying = async (text: string, asked: Family<string, string>, ...questions: readonly string[]) => {
  const connection = await localTransport().connect(testHost());
  const execute = (execution: Execution): Promise<ExecutionResult> =>
    connection.execute({ ...execution, script: lines(sh`said=${text}`, execution.script) });
  return observer({ host: 'n1', execute }).ask(questions.map((question) => fact(asked, question)));
};

describe('observer', () => {
  it('asks each question once, in an order of its own', async () => {
    const asked: (readonly string[])[] = [];
    const spied = family('spied', (questions) => {
      asked.push(questions);
      return sh`printf '%s\n' ${questions}`;
    });
    const answers = await ask(fact(spied, 'b'), fact(words, 'z'), fact(spied, 'a'), fact(spied, 'b'));
    expect(JSON.stringify(answers)).toBe('{"spied":{"\\"a\\"":"a","\\"b\\"":"b"},"words":{"\\"z\\"":"z"}}');
    expect(asked).toEqual([['a', 'b']]);
  });

  it('asks nobody when there is nothing to ask', async () => {
    expect(await observer({ host: 'n1', execute: vi.fn<() => Promise<ExecutionResult>>() }).ask([])).toEqual(
      {},
    );
  });

  it('hands over output as it is, with and without a last newline', async () => {
    const texts = ['', '\n', 'a', 'a\n', '\n\na\n\n', 'probe-0123 x\n'];
    const facts = texts.map((text, index) => fact(raw(`f${index}`, text), 'q'));
    expect(Object.values(await ask(...facts))).toEqual(texts.map((text) => ({ '"q"': text })));
  });

  it('keeps families apart: directory, variables, exit, standard input', async () => {
    const rude = family('a-rude', () => sh`cd /tmp; words=gone; PATH=; set -eu; echo x; exit 0`);
    const greedy = family('b-greedy', () => sh`cat; echo y`);
    const calm = family('c-calm', () => sh`pwd; echo "[$words]" | tr -d '\n'; echo`);
    expect(await ask(fact(rude, 'q'), fact(greedy, 'q'), fact(calm, 'p'), fact(calm, 'q'))).toEqual({
      'a-rude': { '"q"': 'x' },
      'b-greedy': { '"q"': 'y' },
      'c-calm': { '"p"': '/', '"q"': '[]' },
    });
  });

  it.each([
    {
      broken: sh`echo half; echo oops >&2; exit 3`,
      why: /^cannot read broken of n1: its script ended with code 3\nhalf\noops$/,
    },
    { broken: sh`if then`, why: /^cannot read broken of n1: its script ended with code 2\n.*syntax error/i },
    { broken: sh`cat <<'END'`, why: /^cannot read broken of n1: 0 answers to 1 questions$/ },
    { broken: sh`printf '1\n2\n3\n'`, why: /^cannot read broken of n1: 3 answers to 1 questions\n1\n2\n3$/ },
    { broken: sh`kill -9 $$`, why: /^cannot read broken of n1: the probe ended before it answered$/ },
  ])('names the family of $broken', async ({ broken, why }) => {
    const error = await ask(
      fact(words, 'z'),
      fact(
        family('broken', () => broken),
        'q',
      ),
    ).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'fact-unreadable', host: 'n1', message: expect.stringMatching(why) });
  });

  it('names the family that took all the time, and what it had said', async () => {
    const connection = await localTransport().connect(testHost());
    const hasty = (execution: Execution): Promise<ExecutionResult> =>
      connection.execute({ ...execution, timeoutMs: 500 });
    const slow = family('slow', () => sh`echo at it; sleep 60`);
    const facts = [
      fact(words, 'z'),
      fact(slow, 'q'),
      fact(
        family('zz', () => sh`echo`),
        'q',
      ),
    ];
    const error: unknown = await observer({ host: 'n1', execute: hasty })
      .ask(facts)
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: 'fact-unreadable',
      host: 'n1',
      message: expect.stringMatching(/^cannot read slow of n1: no end after 60 s\nat it\nTerminated$/),
    });
  });

  it('takes a fault of the parser for the family’s', async () => {
    const picky: Family<string, string> = {
      ...words,
      parse: () => {
        throw new Error('no number: x');
      },
    };
    await expect(ask(fact(picky, 'x'))).rejects.toMatchObject({
      message: 'cannot read words of n1: no number: x\nx',
      hint: 'see on n1 what hangs or fails there, then run the same command again',
    });
  });

  it('shows only the last lines, and no token', async () => {
    const broken = family('broken', () => sh`seq 20; echo abcdef.0123456789abcdef; exit 1`);
    await expect(ask(fact(broken, 'q'))).rejects.toThrow(/ended with code 1\n17\n18\n19\n20\n\(secret\)$/);
  });

  it('takes an answer without its end for none', async () => {
    const connection = await localTransport().connect(testHost());
    const execute = async (execution: Execution): Promise<ExecutionResult> => {
      const result = await connection.execute(execution);
      return { ...result, stdout: result.stdout.replace(/\S+ end\n$/, '') };
    };
    await expect(observer({ host: 'n1', execute }).ask([fact(words, 'x')])).rejects.toMatchObject({
      code: 'fact-unreadable',
      message: 'cannot read the probe of n1: it ended early with code 0',
    });
  });

  it('reads the output of a family once where hosts say the same', async () => {
    const read: string[] = [];
    const spied: Family<string, string> = {
      ...words,
      name: 'spied',
      script: () => sh`printf '%s' "$said"`,
      parse: (output, questions) => {
        read.push(output);
        return questions.map((question) => `${question}: ${output}`);
      },
    };
    const first = await askSaying('x', spied, 'a', 'b');
    expect(first['spied']).toEqual({ '"a"': 'a: x', '"b"': 'b: x' });
    expect((await askSaying('x', spied, 'b', 'a'))['spied']).toBe(first['spied']);
    expect((await askSaying('y', spied, 'a', 'b'))['spied']).toEqual({ '"a"': 'a: y', '"b"': 'b: y' });
    expect((await askSaying('y', spied, 'a'))['spied']).toEqual({ '"a"': 'a: y' });
    expect(read).toEqual(['x', 'y', 'y']);
    const moving = { ...spied, isVolatile: true };
    await askSaying('x', moving, 'a');
    await askSaying('x', moving, 'a');
    expect(read.slice(3)).toEqual(['x', 'x']);
  });

  it.each([
    { count: 1000, via: 'argument' },
    { count: 9000, via: 'stdin' },
  ])('asks $count questions over $via', async ({ count, via }) => {
    const connection = await localTransport().connect(testHost());
    const used: string[] = [];
    const execute = (execution: Execution): Promise<ExecutionResult> => {
      used.push(execution.via);
      return connection.execute(execution);
    };
    const facts = Array.from({ length: count }, (_, index) => fact(words, `/etc/file-${index}`));
    const answers = await observer({ host: 'n1', execute }).ask(facts);
    expect(Object.keys(answers['words'] ?? {})).toHaveLength(count);
    expect(answers['words']?.['"/etc/file-7"']).toBe('/etc/file-7');
    expect(used).toEqual([via]);
  });
});

const queued = (name: string, queue: Queue, script: Script): Family<string, string> => ({
  ...raw(name, ''),
  queue,
  script: () => script,
});
const of = (...families: readonly Family<string, string>[]) => families.map((each) => fact(each, 'q'));

describe('families of queues', () => {
  const one: Queue = { name: 'one' };
  const two: Queue = { name: 'two' };
  it('are asked beside the others, and one after the other among themselves', async () => {
    const clock = sh`date +%s%N; sleep 0.4; date +%s%N`;
    const answers = await ask(
      ...of(queued('a', one, clock), queued('b', two, clock), queued('c', one, clock)),
      fact(words, 'z'),
    );
    const [a, b, c] = ['a', 'b', 'c'].map((name) => {
      const said = JSON.stringify(answers[name]?.['"q"'] ?? '').match(/\d{10,}/g) ?? [];
      const [start = 0, end = 0] = said.map(Number);
      return { start, end };
    });
    expect(b!.start).toBeLessThan(a!.end);
    expect(c!.start).toBeGreaterThanOrEqual(a!.end);
    expect(answers['words']).toEqual({ '"z"': 'z' });
  });

  it('harm one another in nothing, and may say more than a pipe holds', async () => {
    const long = 'x'.repeat(300_000);
    const answers = await ask(
      ...of(
        queued('a', one, sh`cat; head -c 300000 /dev/zero | tr '\0' x`),
        queued('b', one, sh`cat; cd /tmp; exit 0`),
        queued('c', two, sh`cat; head -c 300000 /dev/zero | tr '\0' x`),
        { ...queued('d', two, sh`pwd`), sharesShell: true },
        raw('e', long),
      ),
    );
    expect(answers).toEqual({
      a: { '"q"': long },
      b: { '"q"': '' },
      c: { '"q"': long },
      d: { '"q"': '/\n' },
      e: { '"q"': long },
    });
  });

  it('are named where one fails', async () => {
    const families = of(queued('a', one, sh`echo oops >&2; exit 3`), queued('b', two, sh`:`), raw('c', ''));
    await expect(ask(...families)).rejects.toThrow(
      /^cannot read a of n1: its script ended with code 3\noops$/,
    );
  });

  it.each([one, two])('are named where one takes all the time: $name', async (queue) => {
    const connection = await localTransport().connect(testHost());
    let answer = '';
    const hasty = async (execution: Execution): Promise<ExecutionResult> => {
      answer = execution.script;
      return connection.execute({ ...execution, timeoutMs: 500 });
    };
    const families = of(
      queued('a', one, sh`echo a is there`),
      queued('b', two, sh`head -c 100000 /dev/zero | tr '\0' x`),
      queued('slow', queue, sh`echo at it; sleep 60; echo never`),
      queued('z-later', queue, sh`echo never`),
      raw('c', ''),
    );
    const asked = observer({ host: 'n1', execute: hasty }).ask(families);
    await expect(asked).rejects.toThrow(/^cannot read slow of n1: no end after 60 s\n/);
    // What the others had answered by then is printed.
    const { status, stdout } = spawnSync('timeout', ['-k', '5', '1', 'sh', '-c', answer], {
      encoding: 'utf8',
    });
    expect(status).toBe(124);
    expect(stdout).toContain('a is there');
    expect(stdout).toContain('x'.repeat(100_000));
    expect(stdout).toContain('at it');
    expect(stdout).not.toContain('never');
    expect(stdout).toMatch(/ failed\n$/);
  });

  it('ask together for what two of them or more want, each thing once', async () => {
    const joint: Queue = { name: 'joint', before: (wants) => sh`together=${wants.join(' ')}` };
    const wanting = (name: string, ...wants: readonly string[]): Family<string, string> => ({
      ...queued(name, joint, sh`printf %s "$together"`),
      wants: () => wants,
    });
    expect(await ask(...of(wanting('a', 'x', 'y'), wanting('b', 'y', 'z'), wanting('c')))).toEqual({
      a: { '"q"': 'x y z' },
      b: { '"q"': 'x y z' },
      c: { '"q"': 'x y z' },
    });
    expect(await ask(...of(wanting('a', 'x', 'y'), wanting('c')))).toEqual({
      a: { '"q"': '' },
      c: { '"q"': '' },
    });
  });
});

it('bare answers are those of a fresh machine, in the same form', () => {
  expect(bareAnswers([fact(words, 'z'), fact(words, 'a'), fact(words, 'z')])).toEqual({
    words: { '"a"': 'bare a', '"z"': 'bare z' },
  });
});
