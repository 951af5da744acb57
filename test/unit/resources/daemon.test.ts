import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { change, none, type Outcome, type Resource, resource } from '#core/resource.ts';
import type { Step } from '#core/step.ts';
import { formerFiles } from '#facts/former-files.ts';
import { changesOf, type DaemonDefinition, restartingPackages } from '#resources/host/daemon.ts';
import { writeStep } from '#resources/files/diff-file.ts';

import { scratchDirectory } from '../../support/scratch-directory.ts';
import { parseText } from '../facts/ask.ts';
import { given } from '../engine/given-answers.ts';
import { runStep } from './run-step.ts';

const ROOT = '/var/lib/slipway/former';

interface Given {
  readonly active?: string;
  readonly health?: string;
  readonly mtime?: string;
  readonly former?: readonly string[];
}

/** A daemon with a file at `path`, and what a host says of it. */
function daemonAt(path: string, record?: string) {
  const daemon: DaemonDefinition = {
    name: 'it',
    units: ['it.service'],
    files: [path],
    ...(record !== undefined && { record }),
    health: given('health') as never,
  };
  const file: Resource = resource({
    address: `file:${path}`,
    facts: {},
    diff: () => change([{ what: 'content', from: 'old', to: 'new' }], [writeStep({ path, content: 'new' })]),
  });
  const asked: Resource = resource({ address: 'asked', facts: {}, diff: () => none('it answers') });
  const [changing, proof] = changesOf(daemon, [file], asked) as [Resource, Resource];
  const answersOf = ({
    active = 'active',
    health = 'answers',
    mtime = '10.000000000',
    former = [],
  }: Given) => {
    const unit = { load: 'loaded', file: 'enabled', needsReload: false, active, startedAt: '20.000000' };
    const times = [{ path, mtime }];
    return {
      'its unit': unit,
      'its health': { state: health },
      'its times': times,
      'of the daemon': former,
      unit,
      health: { state: health },
      times,
      former,
    };
  };
  const decided = (one: Resource, found: Given): Outcome =>
    one.diff(answersOf(found) as never, { host: 'w1', changed: [] });
  return { changing, proof, recovery: changing.daemon?.recovery ?? asked, decided };
}

const RECORD = '/var/lib/slipway/it.json';

const stepsOf = (outcome: Outcome): readonly Step[] => (outcome.answer === 'change' ? outcome.steps : []);
const summaries = (outcome: Outcome): readonly string[] => stepsOf(outcome).map(({ summary }) => summary);

describe('a file that a daemon runs on', () => {
  const { changing, decided } = daemonAt('/etc/it.conf');

  it.each([
    ['is well', {}],
    ['runs, and nobody can ask it yet', { health: 'unasked' }],
  ])('is kept before it is written, where the daemon %s', (_, found) => {
    expect(summaries(decided(changing, found))).toEqual([
      'keep /etc/it.conf as it is, for it',
      'write /etc/it.conf',
    ]);
  });

  it.each([
    ['does not run', { active: 'inactive' }],
    ['does not answer', { health: 'silent' }],
    ['is on its way', { active: 'activating', health: 'unasked' }],
  ])('is no good one where the daemon %s', (_, found) => {
    expect(summaries(decided(changing, found))).toEqual(['write /etc/it.conf']);
  });
});

describe("the record of what is slipway's in such a file", () => {
  const { changing, recovery, decided } = daemonAt('/etc/it.conf', RECORD);

  it('is kept with it, whether it is written as well or not', () => {
    expect(summaries(decided(changing, {}))).toEqual([
      'keep /etc/it.conf as it is, for it',
      `keep ${RECORD} as it is, for it`,
      'write /etc/it.conf',
    ]);
  });

  it('goes back with it, and is no change that anybody is told of', () => {
    const found = { former: ['/etc/it.conf', RECORD], mtime: '21.000000000' };
    expect(decided(recovery, found)).toMatchObject({ differences: [{ what: '/etc/it.conf' }] });
    expect(summaries(decided(recovery, found))).toEqual([
      'put back the former files of it',
      'let go of the former files of it',
    ]);
  });
});

describe('what was kept', () => {
  const { proof, recovery, decided } = daemonAt('/etc/it.conf');

  it('is let go of once the daemon answers', () => {
    expect(decided(proof, {}).answer).toBe('none');
    expect(summaries(decided(proof, { former: ['/etc/it.conf'] }))).toEqual([
      'let go of the former files of it',
    ]);
  });

  it('is put back, and the daemon restarted on it', () => {
    expect(summaries(decided(recovery, { former: ['/etc/it.conf'], health: 'silent' }))).toEqual([
      'put back the former files of it',
      'restart it.service on its former files',
      'let go of the former files of it',
    ]);
  });

  it.each([
    ['has failed', 'failed', [{ what: 'active', from: 'failed', to: 'active' }]],
    ['runs', 'active', undefined],
  ])('needs nobody who asks for a daemon that %s', (_, active, differences) => {
    expect(summaries(decided(recovery, { former: ['/etc/it.conf'], health: 'unasked', active }))).toContain(
      'put back the former files of it',
    );
    expect(decided(recovery, { health: 'unasked', active })).toMatchObject(
      differences === undefined
        ? none('it runs on it, and cannot be asked yet')
        : { answer: 'change', differences },
    );
  });

  it('is put back without a restart where the daemon has not read the new file', () => {
    const found = { former: ['/etc/it.conf'], mtime: '21.000000000' };
    expect(summaries(decided(recovery, found))).toEqual([
      'put back the former files of it',
      'let go of the former files of it',
    ]);
  });

  it('is nothing where nothing was kept: there is no way back', () => {
    expect(stepsOf(decided(recovery, { health: 'silent' }))).toEqual([]);
  });

  it('waits for a daemon that a cut-off run left silent, in place of refusing it', () => {
    const refusing = changesOf(
      { name: 'it', units: ['it.service'], files: [], health: given('health') as never },
      [],
      resource({
        address: 'asked',
        facts: {},
        diff: () => ({ answer: 'refused', check: 'CRI', why: 'it is silent', hint: 'mend it' }),
      }),
    )[0]!;
    const outcome = refusing.diff({ 'of the daemon': ['/etc/it.conf'] } as never, {
      host: 'w1',
      changed: [],
    });
    expect(outcome).toEqual(change([{ what: 'it', from: 'it is silent', to: 'well' }], [], ['it.service']));
    expect(refusing.diff({ 'of the daemon': [] } as never, { host: 'w1', changed: [] }).answer).toBe(
      'refused',
    );
  });
});

/** On this machine, with a scratch directory in the place of slipway's. */
const onThisMachine = async () => {
  const scratch = await scratchDirectory();
  const path = join(scratch, 'etc/it it.conf');
  const root = join(scratch, 'former');
  mkdirSync(dirname(path));
  const { changing, recovery, decided } = daemonAt(path);
  const run = (step: Step): void => {
    if (step.do !== 'run') return writeFileSync(path, 'new');
    const script = step.script.replaceAll(ROOT, root) as typeof step.script;
    expect(runStep({ ...step, script }, { systemctl: ':' })).toMatchObject({ code: 0, stderr: '' });
  };
  const kept = (): readonly string[] => {
    const listed = existsSync(root) ? readdirSync(root, { recursive: true, withFileTypes: true }) : [];
    const files = listed.filter((entry) => !entry.isDirectory());
    const rows = files.map((entry) => join(entry.parentPath, entry.name).replace(root, ROOT));
    return parseText([...rows, 'end\n'].join('\n'), [formerFiles('it')])[0] ?? [];
  };
  const changed = (found: Given = {}) => stepsOf(decided(changing, found)).forEach(run);
  const recovered = () => stepsOf(decided(recovery, { former: kept(), health: 'silent' })).forEach(run);
  return { path, kept, changed, recovered };
};

describe('the scripts', () => {
  it('bring back the file with its mode and its time, and keep nothing', async () => {
    const { path, kept, changed, recovered } = await onThisMachine();
    writeFileSync(path, 'old', { mode: 0o640 });
    const { mtimeMs } = statSync(path);
    changed();
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(kept()).toEqual([path]);
    recovered();
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(statSync(path)).toMatchObject({ mtimeMs });
    expect(statSync(path).mode & 0o777).toBe(0o640);
    expect(kept()).toEqual([]);
  });

  it('take away a file that was not there', async () => {
    const { path, kept, changed, recovered } = await onThisMachine();
    changed();
    expect(kept()).toEqual([path]);
    recovered();
    expect(existsSync(path)).toBe(false);
    expect(kept()).toEqual([]);
  });

  it('keep what the daemon runs on, and not what a cut-off run has written since', async () => {
    const { path, changed, recovered } = await onThisMachine();
    writeFileSync(path, 'old');
    changed();
    changed({ mtime: '21.000000000' });
    recovered();
    expect(readFileSync(path, 'utf8')).toBe('old');
  });

  it('keep the file anew where the daemon runs on it by now', async () => {
    const { path, changed, recovered } = await onThisMachine();
    writeFileSync(path, 'older');
    changed();
    writeFileSync(path, 'old');
    changed();
    recovered();
    expect(readFileSync(path, 'utf8')).toBe('old');
    rmSync(path);
  });
});

const packages = (from: string | null): Resource =>
  restartingPackages(
    resource({
      address: 'packages:it',
      facts: {},
      diff: () => change([{ what: 'it version', from, to: '2' }]),
    }),
    'it.service',
  );

const decidedOf = (from: string | null, active: string): Outcome =>
  packages(from).diff({ 'the daemon': { active } } as never, { host: 'w1', changed: [] });

describe('packages of a daemon', () => {
  it('restart it where they are replaced and it runs', () => {
    expect(decidedOf('1', 'active')).toMatchObject({ restarts: ['it.service'] });
    expect(decidedOf('1', 'inactive')).not.toHaveProperty('restarts');
    expect(decidedOf(null, 'active')).not.toHaveProperty('restarts');
  });
});
