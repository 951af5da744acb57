import { describe, expect, it } from 'vitest';

import type { Outcome } from '../../../src/core/resource.ts';
import type { Step } from '../../../src/core/step.ts';
import type { FileAnswer } from '../../../src/facts/file.ts';
import type { UnitAnswer } from '../../../src/facts/unit.ts';
import { unit } from '../../../src/resources/host/unit.ts';
import { runStep } from './run-step.ts';

import { missingFile } from '../../support/file-answer.ts';

const PATH = '/etc/containerd/config.toml';

const containerd = unit({
  name: 'containerd',
  isEnabled: true,
  isActive: true,
  restartOn: [`file:${PATH}`],
  watches: [PATH],
});

const running: UnitAnswer = {
  load: 'loaded',
  file: 'enabled',
  needsReload: false,
  active: 'active',
  startedAt: '1700000000.500000',
};

const writtenAt = (mtime: string): FileAnswer => ({ ...missingFile, type: 'file', mtime });

const diff = (found: UnitAnswer, mtime: string, changed: readonly string[] = []): Outcome =>
  containerd.diff({ unit: found, [PATH]: writtenAt(mtime) } as never, { host: 'w1', changed });

const summaries = (outcome: Outcome): readonly string[] =>
  outcome.answer === 'change' ? outcome.steps.map(({ summary }) => summary) : [];

describe('a unit that is to run', () => {
  it('needs nothing when its process is younger than its configuration', () => {
    expect(diff(running, '1700000000.499999999')).toEqual({
      answer: 'none',
      why: 'containerd.service is enabled and active',
    });
  });

  it('is restarted when its configuration is younger by a nanosecond', () => {
    expect(diff(running, '1700000000.500000001')).toMatchObject({
      answer: 'change',
      differences: [{ what: 'started', from: `before ${PATH} was written`, to: 'after it' }],
      restarts: ['containerd.service'],
    });
  });

  it.each([
    ['/etc/systemd/system/containerd.service.d/mine.conf', '1700000000.500000001', true],
    ['/etc/systemd/system/containerd.service.d/mine.conf', '1700000000.400000000', false],
    ['/etc/containerd/conf.d/50-mine.toml', '1700000001.000000000', true],
    ['/etc/containerd/conf.d/99-nvidia.toml', '1700000001.000000000', false],
  ])('is restarted for a drop-in that is newer, whoever wrote it: %s of %s: %s', (path, mtime, isCause) => {
    const reading = unit({
      name: 'containerd',
      isEnabled: true,
      isActive: true,
      reads: ['/etc/containerd/conf.d/*.toml'],
      managed: ['/etc/containerd/conf.d/99-nvidia.toml'],
    });
    const outcome = reading.diff({ unit: running, drops: [{ path, mtime }] } as never, {
      host: 'w1',
      changed: [],
    });
    const differences = outcome.answer === 'change' ? outcome.differences : [];
    expect(differences).toEqual(
      isCause ? [{ what: 'started', from: `before ${path} was written`, to: 'after it' }] : [],
    );
  });

  it('tells a cause once, when the file that is newer is the one this plan changes', () => {
    const outcome = diff(running, '1700000001.000000000', [`file:${PATH}`]);
    expect(outcome).toMatchObject({
      differences: [{ what: 'started', from: `before the change of file:${PATH}`, to: 'after it' }],
    });
    expect(outcome.answer === 'change' && outcome.differences).toHaveLength(1);
  });

  it.each<readonly [string, Partial<UnitAnswer>, readonly string[]]>([
    ['is not there yet', { load: 'not-found', file: '', active: 'inactive' }, ['enable', 'start']],
    ['is masked', { load: 'masked', file: 'masked', active: 'inactive' }, ['unmask', 'enable', 'start']],
    ['fails and is tried again', { active: 'activating' }, ['start']],
    ['is not enabled', { file: 'disabled' }, ['enable']],
    ['changed on disk', { needsReload: true }, ['restart']],
    ['is static', { file: 'static' }, []],
  ])('and %s', (_, found, steps) => {
    const outcome = diff({ ...running, ...found }, '1.000000000');
    expect(summaries(outcome)).toEqual(steps.map((verb) => `${verb} containerd.service`));
  });
});

describe('the script that starts a unit', () => {
  const outcome = diff({ ...running, active: 'inactive' }, '1.000000000');
  const start = (outcome.answer === 'change' ? outcome.steps.at(-1) : undefined) as Step;
  it('reads unit files anew, and says nothing itself: its journal is asked for what it says of a failure', () => {
    const { code, calls } = runStep(start, { systemctl: 'case $1 in restart) exit 1;; esac' });
    expect(code).toBe(1);
    expect(calls.slice(-3)).toEqual([
      'systemctl daemon-reload',
      'systemctl reset-failed -- containerd.service',
      'systemctl restart -- containerd.service',
    ]);
  });

  it('is not kept from it by how often others have started it, or by a systemd that knows nothing of it yet', () => {
    const { code, calls } = runStep(start, { systemctl: 'case $1 in reset-failed) exit 1;; esac' });
    expect(code).toBe(0);
    expect(calls.at(-1)).toBe('systemctl restart -- containerd.service');
  });
});

describe('the script that enables a unit', () => {
  const outcome = diff({ ...running, file: 'disabled' }, '1.000000000');
  const enable = (outcome.answer === 'change' ? outcome.steps[0] : undefined) as Step;
  it.each([
    ['enabled', false],
    ['enabled-runtime', true],
    ['disabled', true],
    ['static', true],
    ['', true],
  ])('does so where it is %s by now: %s', (state, isDone) => {
    const { code, calls } = runStep(enable, { systemctl: `case $1 in is-enabled) echo ${state};; esac` });
    expect(code).toBe(0);
    expect(calls).toEqual([
      'systemctl is-enabled -- containerd.service',
      ...(isDone ? ['systemctl enable -- containerd.service'] : []),
    ]);
  });
});

describe('a unit that was started', () => {
  const { settle } = containerd;

  it.each([
    ['waited for while systemd tries it again', 'activating', undefined],
    ['given up when it has failed', 'failed', 'containerd.service has failed'],
  ])('is %s', (_, active, why) => {
    expect(settle.hopeless?.({ unit: { ...running, active } } as never)).toBe(why);
  });

  it('has to be active three times running, and is shown with its journal when it is not', () => {
    expect(settle.looks).toBe(3);
    expect(settle.diagnosis?.family.script([] as never)).toContain('journal_of containerd.service');
  });
});
