import { describe, expect, it, vi } from 'vitest';

import { ExecutionTimeout } from '#core/execution-error.ts';
import { type Fact, fact } from '#core/fact.ts';
import { type Script, sh } from '#core/shell.ts';
import { run, type Step } from '#core/step.ts';
import type { Execution, ExecutionResult } from '#core/transport.ts';
import { Errand } from '#engine/errand.ts';
import { Visits } from '#engine/visits.ts';
import { localTransport } from '#transport/local-transport.ts';
import { observer } from '#transport/observer.ts';

import { testHost } from '../../contracts/test-host.ts';

/** What a piece of shell prints; where it fails, the answer cannot be read. */
const printed = (name: string, script: Script): Fact =>
  fact({ name, script: () => script, parse: (output) => [output.trim()], bare: () => '' }, name);

const said = (name: string, text: string) => ({ [name]: { [`"${name}"`]: text } });

async function visiting() {
  const connection = await localTransport().connect(testHost());
  const programs: Execution[] = [];
  const lookable = () =>
    Promise.resolve({
      host: 'n1',
      execute: (execution: Execution): Promise<ExecutionResult> => {
        programs.push(execution);
        return connection.execute(execution);
      },
    });
  return { visits: new Visits({ connections: { lookable }, observe: observer }), programs };
}

const step = (script: Script, more: Pick<Step, 'timeoutMs'> = {}): Step => ({
  ...run('step', script),
  ...more,
});

function errandOf(steps: readonly Step[], heard: string[] = []): Errand {
  return new Errand({
    host: 'n1',
    steps,
    secrets: new Map(),
    files: new Map(),
    onProgress: (line) => heard.push(line),
  });
}

describe('steps that are taken at the same moment', () => {
  it('are one program, in which each stand or fall by themselves', async () => {
    const { visits, programs } = await visiting();
    const scripts = [
      sh`echo one; echo 'one complains' >&2`,
      sh`echo two; echo 'two complains' >&2; exit 3`,
      sh`echo three`,
    ];
    const heard: string[][] = [[], [], []];
    const errands = scripts.map((script, index) =>
      errandOf([step(script), step(sh`echo behind`)], heard[index]),
    );
    const ended = await Promise.all(
      errands.map(async (errand) => errand.end((await visits.send('n1', errand, [])).said!)),
    );
    expect(programs).toHaveLength(1);
    expect(ended.map((each) => each.printed.map((text) => text.trim()))).toEqual([
      ['one', 'behind'],
      [],
      ['three', 'behind'],
    ]);
    expect(ended.map(({ failure }) => failure?.failure)).toMatchObject([
      undefined,
      { message: 'step: exit code 3', output: 'two\ntwo complains' },
      undefined,
    ]);
    expect(heard).toEqual([
      ['step', 'one', 'step', 'behind'],
      ['step', 'two'],
      ['step', 'three', 'step', 'behind'],
    ]);
  });

  it('wait for none that may take long', async () => {
    const { visits, programs } = await visiting();
    await Promise.all([
      visits.send('n1', errandOf([step(sh`:`)]), []),
      visits.send('n1', errandOf([step(sh`:`, { timeoutMs: 600_000 })]), []),
      visits.send('n1', errandOf([step(sh`:`)]), []),
    ]);
    expect(programs).toHaveLength(2);
  });
});

describe('a look behind steps', () => {
  it('is in their program, sees what they did, and is no progress', async () => {
    const { visits, programs } = await visiting();
    const heard: string[] = [];
    const errand = errandOf([step(sh`export word=lost; cd /usr; echo done`)], heard);
    const { answers } = await visits.send('n1', errand, [printed('place', sh`echo "$PWD $word"`)]);
    expect(answers).toEqual(said('place', '/'));
    expect(programs).toHaveLength(1);
    expect(heard).toEqual(['step', 'done']);
  });

  it('is not taken where the steps fail', async () => {
    const { visits, programs } = await visiting();
    const errand = errandOf([step(sh`exit 1`)]);
    const sent = await visits.send('n1', errand, [printed('x', sh`echo x`)]);
    expect(errand.end(sent.said!).failure?.message).toBe('step: exit code 1');
    expect(sent.answers).toBeUndefined();
    expect(programs).toHaveLength(1);
  });

  it('that cannot be read does no harm to the steps', async () => {
    const { visits } = await visiting();
    const errand = errandOf([step(sh`echo done`)]);
    const sent = await visits.send('n1', errand, [printed('x', sh`exit 4`)]);
    expect(sent.answers).toBeUndefined();
    expect(errand.end(sent.said!)).toEqual({ printed: ['done\n'] });
  });

  it('that has no end does no harm to steps that have ended, and those not yet begun are sent again', async () => {
    const sends: number[] = [];
    const ends = async (script: Script, ended: number): Promise<readonly string[]> => {
      const markers = [
        ...new Set([...script.matchAll(/printf '%s start %s\\n' (\S+) /g)].map(([, one]) => one)),
      ];
      sends.push(markers.length);
      return markers.slice(0, ended).flatMap((marker) => [`${marker} start 0`, `${marker} end 0 0`]);
    };
    const lookable = () =>
      Promise.resolve({
        host: 'n1',
        execute: async ({ script, onLine }: Execution): Promise<ExecutionResult> => {
          const lines = await ends(script, sends.length === 0 ? 1 : 2);
          for (const line of lines) onLine?.(line);
          if (sends.length === 1) throw new ExecutionTimeout('n1', 1000, '');
          return { code: 0, stdout: `${lines.join('\n')}\n`, stderr: '' };
        },
      });
    const visits = new Visits({ connections: { lookable }, observe: observer });
    const [first, second] = [errandOf([step(sh`:`)]), errandOf([step(sh`:`)])];
    const [one, two] = await Promise.all([visits.send('n1', first, []), visits.send('n1', second, [])]);
    expect(one).toEqual({});
    expect(second.end(two.said!)).toEqual({ printed: [''] });
    expect(sends).toEqual([2, 1]);
  });
});

describe('looks at the same moment', () => {
  it('are one, and alone where one of them cannot be read', async () => {
    const { visits, programs } = await visiting();
    const [x, y] = [printed('x', sh`echo x`), printed('y', sh`echo y`)];
    expect(await Promise.all([visits.ask('n1', [x]), visits.ask('n1', [y])])).toEqual([
      { ...said('x', 'x'), ...said('y', 'y') },
      { ...said('x', 'x'), ...said('y', 'y') },
    ]);
    expect(programs).toHaveLength(1);
    const [good, bad] = await Promise.allSettled([
      visits.ask('n1', [x]),
      visits.ask('n1', [printed('bad', sh`exit 1`)]),
    ]);
    expect(good).toMatchObject({ status: 'fulfilled', value: said('x', 'x') });
    expect(bad).toMatchObject({ status: 'rejected', reason: { code: 'fact-unreadable' } });
  });
});

describe('what was asked ahead', () => {
  const [x, y] = [printed('x', sh`echo x`), printed('y', sh`echo y`)];
  const ahead = new Map([['who', [y]]]);

  it('is known at once, behind a look and behind steps', async () => {
    const { visits, programs } = await visiting();
    await visits.ask('n1', [x], 'other', ahead);
    expect(await visits.ask('n1', [y], 'who')).toMatchObject(said('y', 'y'));
    expect(programs).toHaveLength(1);
    await visits.send('n1', errandOf([step(sh`:`)]), [x], ahead);
    expect(await visits.ask('n1', [y], 'who')).toMatchObject(said('y', 'y'));
    expect(programs).toHaveLength(2);
  });

  it('is asked anew for others, who may wait for something else', async () => {
    const { visits, programs } = await visiting();
    await visits.ask('n1', [x], 'other', ahead);
    await visits.ask('n1', [y], 'third');
    expect(programs).toHaveLength(2);
  });

  it('is asked anew once other steps have begun, and when it is to be forgotten', async () => {
    const { visits, programs } = await visiting();
    await visits.ask('n1', [x], 'other', ahead);
    await visits.send('n1', errandOf([step(sh`:`)]), []);
    await visits.ask('n1', [y], 'who');
    expect(programs).toHaveLength(3);
    await visits.ask('n1', [x], 'other', ahead);
    visits.forget('n1');
    await visits.ask('n1', [y], 'who');
    expect(programs).toHaveLength(5);
  });

  it('is asked anew after a second', async () => {
    const { visits, programs } = await visiting();
    await visits.ask('n1', [x], 'other', ahead);
    const now = vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 1001);
    await visits.ask('n1', [y], 'who');
    now.mockRestore();
    expect(programs).toHaveLength(2);
  });

  it('does no harm where it cannot be read', async () => {
    const { visits, programs } = await visiting();
    const unreadable = new Map([['who', [printed('bad', sh`exit 1`)]]]);
    expect(await visits.ask('n1', [x], 'other', unreadable)).toEqual(said('x', 'x'));
    expect(programs).toHaveLength(2);
  });
});
