import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import type { RunEvent } from '#core/event.ts';
import type { Phase } from '#core/phase.ts';
import { change, type Lane, none, type Resource, resource } from '#core/resource.ts';
import { sh } from '#core/shell.ts';
import type { RunStep } from '#core/step.ts';
import { fileContent } from '#facts/file.ts';
import { Run } from '#engine/run.ts';

import { scratchDirectory } from '../../support/scratch-directory.ts';
import { smallSession } from '../../support/small-session.ts';

const LANE: Lane = { name: 'l', width: 1, scope: 'host' };

interface Told {
  readonly name: string;
  readonly needs?: readonly string[];
  readonly company?: string;
  readonly words?: string;
  readonly retry?: RunStep['retry'];
}

/** A step that notes its words in a file, all of one run in a line; of the word `bad` it fails. */
const note = (directory: string, { name, words = name, retry }: Told): RunStep => ({
  do: 'run',
  summary: `note ${words}`,
  script: sh`echo "$words" >>${join(directory, 'log')}
case " $words " in *' bad '*) echo 'that is bad'; exit 3;; esac
for word in $words; do echo "$word" >${directory}/"$word"; done`,
  lists: { words },
  ...(retry !== undefined && { retry }),
});

const noting = (directory: string, told: Told): Resource => {
  const { name, company = 'notes', words = name } = told;
  return resource({
    address: name,
    facts: { own: fileContent(join(directory, words.split(' ')[0] ?? '')) },
    lane: LANE,
    company,
    diff: ({ own }) =>
      own.type === 'file'
        ? none('noted')
        : change([{ what: 'note', from: null, to: words }], [note(directory, told)]),
  });
};

/** One phase for each, which needs the phases that it says. */
async function done(...all: readonly Told[]) {
  const directory = await scratchDirectory();
  const phases = all.map((told): Phase => ({
    name: told.name,
    summary: '',
    needs: ({ host }) => (told.needs ?? []).map((phase) => ({ host: host.name, phase })),
    resources: () => [noting(directory, told)],
  }));
  const events: RunEvent[] = [];
  // One place: those of a company must not wait for one another's.
  const session = smallSession({ phases, listener: (event) => events.push(event) });
  const run = new Run(session, { artifacts: new Map() });
  const report = await run.apply(await run.plan());
  await session.close();
  const log = await readFile(join(directory, 'log'), 'utf8').catch(() => '');
  const steps = events.flatMap((event) =>
    event.event === 'node-steps'
      ? [`${event.node.address}: ${event.steps.map(({ summary }) => summary).join()}`]
      : [],
  );
  return { report, log: log.trimEnd().split('\n'), steps };
}

describe('resources of a company', () => {
  it('are done by one run of their script, and each is told of its own steps', async () => {
    const { report, log, steps } = await done(
      { name: 'one' },
      { name: 'two' },
      { name: 'three', words: 'three four' },
    );
    expect(report).toMatchObject({ changed: 3, failed: [], left: [] });
    expect(log).toEqual(['one two three four']);
    expect(steps).toEqual(['one: note one', 'two: note two', 'three: note three four']);
  });

  it('are done in turn where one waits for another', async () => {
    const { report, log } = await done({ name: 'one' }, { name: 'two', needs: ['one'] }, { name: 'three' });
    expect(report).toMatchObject({ changed: 3, failed: [], left: [] });
    expect(log.toSorted()).toEqual(['one three', 'two']);
  });

  it('wait for all that the others need, and not for one whose need has failed', async () => {
    const { report, log } = await done(
      { name: 'first', company: 'other' },
      { name: 'bad', company: 'another' },
      { name: 'one' },
      { name: 'two', needs: ['first'] },
      { name: 'three', needs: ['bad'] },
    );
    expect(report.failed.map(({ node }) => node.address)).toEqual(['bad']);
    expect(log.filter((line) => line !== 'bad')).toEqual(['first', 'one two']);
  });

  it('never wait for themselves, by way of others either', async () => {
    const { report, log } = await done(
      { name: 'a1', company: 'a' },
      { name: 'b1', company: 'b', needs: ['a1'] },
      { name: 'b2', company: 'b' },
      { name: 'c1', company: 'c', needs: ['b2'] },
      { name: 'c2', company: 'c' },
      { name: 'a2', company: 'a', needs: ['c2'] },
      { name: 'a3', company: 'a' },
    );
    expect(report).toMatchObject({ changed: 7, failed: [], left: [] });
    expect(log.toSorted()).toEqual(['a1 a3', 'a2', 'b1 b2', 'c1 c2']);
  });

  it('are done each alone where they fail together, so that just the one that fails has failed', async () => {
    const { report, log } = await done({ name: 'one' }, { name: 'two', words: 'bad' }, { name: 'three' });
    expect(log).toEqual(['one bad three', 'one', 'bad', 'three']);
    expect(report).toMatchObject({ changed: 2 });
    expect(report.failed).toMatchObject([
      { node: { address: 'two' }, failure: { message: 'note bad: exit code 3' } },
    ]);
  });

  it('are not tried again alone where a fault that passes has not passed', async () => {
    const retry = { when: 'that is bad', attempts: 2, pauseMs: 1 };
    const { report, log } = await done({ name: 'one', retry }, { name: 'two', words: 'bad', retry });
    expect(log).toEqual(['one bad', 'one bad']);
    expect(report.failed.map(({ node }) => node.address)).toEqual(['one', 'two']);
  });
});
