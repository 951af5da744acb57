import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import type { Phase } from '#core/phase.ts';
import { change, deferred, none, type Resource, resource, sideBySide } from '#core/resource.ts';
import { sh } from '#core/shell.ts';
import { run } from '#core/step.ts';
import { fileContent } from '#facts/file.ts';
import { Run } from '#engine/run.ts';

import { recordingTransport } from '../../support/recording-transport.ts';
import { scratchDirectory } from '../../support/scratch-directory.ts';
import { smallSession } from '../../support/small-session.ts';

interface Told {
  readonly name: string;
  /** It is decided when this one is there, and does nothing then where it only looks. */
  readonly behind?: string;
  readonly onlyLooks?: boolean;
}

/** A file of its own name, which notes that it was made. */
const made = (directory: string, { name, behind = '', onlyLooks = false }: Told): Resource => {
  const steps = [
    run(`make ${name}`, sh`echo ${name} >>${join(directory, 'log')}; touch ${join(directory, name)}`),
  ];
  const differences = [{ what: name, from: null, to: 'there' }];
  return resource({
    address: name,
    facts: { own: fileContent(join(directory, name)), before: fileContent(join(directory, behind)) },
    diff: ({ own, before }, { host }) => {
      const wanted = own.type === 'file' || onlyLooks ? none('it is so') : change(differences, steps);
      if (behind === '' || before.type === 'file') return wanted;
      return deferred({ host, phase: 'p' }, behind, wanted);
    },
  });
};

async function programsOf(resources: (directory: string) => readonly Resource[]) {
  const directory = await scratchDirectory();
  const phase: Phase = {
    name: 'p',
    summary: '',
    needs: () => [],
    resources: () => resources(directory),
  };
  const { transport, scripts } = recordingTransport();
  const session = smallSession({ phases: [phase], transport });
  const own = new Run(session, { artifacts: new Map() });
  const plan = await own.plan();
  const before = scripts.length;
  const report = await own.apply(plan);
  await session.close();
  const log = await readFile(join(directory, 'log'), 'utf8').catch(() => '');
  // The last one is the proof.
  return { report, programs: scripts.length - before - 1, log: log.trim().split('\n') };
}

const inTurn =
  (...told: readonly Told[]) =>
  (directory: string): readonly Resource[] =>
    told.map((one) => made(directory, one));

describe('a run', () => {
  it('does those that stand beside one another with one program, and those behind them with the next', async () => {
    const { report, programs, log } = await programsOf((directory) => {
      const [a, b, c] = ['a', 'b', 'c'].map((name) => made(directory, { name }));
      return [...sideBySide([a!, b!]), c!];
    });
    expect(report).toMatchObject({ changed: 3, failed: [], left: [] });
    expect(log).toEqual(['a', 'b', 'c']);
    expect(programs).toBe(2);
  });

  it('looks for a chain of those that are decided late along with the steps before them', async () => {
    const { report, programs, log } = await programsOf(
      inTurn(
        { name: 'a' },
        { name: 'b', behind: 'a', onlyLooks: true },
        { name: 'c', behind: 'a', onlyLooks: true },
        { name: 'd', behind: 'a' },
      ),
    );
    expect(report).toMatchObject({ changed: 2, failed: [], left: [] });
    expect(log).toEqual(['a', 'd']);
    expect(programs).toBe(2);
  });

  it('takes no look for that of one behind which something was done meanwhile', async () => {
    const { report, programs, log } = await programsOf(
      inTurn({ name: 'a' }, { name: 'b', behind: 'a' }, { name: 'c', behind: 'b' }),
    );
    expect(report).toMatchObject({ changed: 3, failed: [], left: [] });
    expect(log).toEqual(['a', 'b', 'c']);
    expect(programs).toBe(3);
  });
});
