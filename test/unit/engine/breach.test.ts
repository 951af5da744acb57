import { describe, expect, it } from 'vitest';

import { type Change, change, type Forecast, type None, none } from '#core/resource.ts';
import { sh } from '#core/shell.ts';
import { run, type Step, type WriteStep } from '#core/step.ts';
import { unknown } from '#core/unknown.ts';
import { breachOf } from '#engine/breach.ts';

const version = unknown('the index update');

const install = (of: string): Step => run(`install kubelet ${of}`, sh`apt-get install kubelet=${of}`);
const restart = run('restart kubelet', sh`systemctl restart kubelet`);
const keep = run('keep a copy of /etc/x', sh`cp -a /etc/x /etc/x.bak`);
const note: Step = { ...run('let go', sh`rm -rf /var/lib/slipway/x`), isRecord: true };
const written = (content: string, mode = 0o644): WriteStep => ({
  do: 'write',
  summary: 'write /etc/x',
  path: '/etc/x',
  content,
  mode,
  owner: 'root:root',
});

const steps = (...taken: readonly Step[]) => change([{ what: 'a', from: null, to: 'b' }], taken);
const nothing = none('as kubeadm writes it');

type Kept = readonly [string, Forecast, None | Change];

describe('a forecast is kept', () => {
  it.each([
    ['by the same steps', steps(restart), steps(restart)],
    ['with unknown parts filled in', steps(install(`1.34.9${version}`)), steps(install('1.34.9-1.1'))],
    ['by a file that was wholly unknown', steps(written(version)), steps(written('a = 1\n'))],
    ['where nothing is left to do', steps(restart), none('it runs')],
    ['where it is only waited for', nothing, steps()],
    ['by what only slipway itself remembers', nothing, steps(note)],
    ['with a step that may be needed', steps({ ...keep, onlyIf: 'x' }, restart), steps(keep, restart)],
    ['without one that may be needed', steps({ ...keep, onlyIf: 'x' }, restart), steps(restart)],
    ['by nothing but steps that may be needed', steps({ ...keep, onlyIf: 'x' }), steps(keep)],
    ['by what is done otherwise', { ...nothing, otherwise: steps(restart) }, steps(restart)],
    ['by the restart that it names', change([], [restart], ['kubelet']), change([], [restart], ['kubelet'])],
    ['without the restart that it names', change([], [restart], ['kubelet']), change([], [restart])],
  ] satisfies readonly Kept[])('%s', (_, forecast, decided) => {
    expect(breachOf(forecast, decided)).toBeUndefined();
  });
});

describe('a forecast is broken', () => {
  it.each([
    ['by a step where there was to be none', nothing, steps(restart), 'it would also: restart kubelet'],
    ['by a further step', steps(restart), steps(restart, keep), 'it would also: keep a copy of /etc/x'],
    [
      'by a copy of a foreign file that came to light',
      steps(written('a')),
      steps(keep, written('a')),
      'it would keep a copy of /etc/x, in place of: write /etc/x',
    ],
    [
      'by another version',
      steps(install(`1.34.9${version}`)),
      steps(install('1.35.0-1.1')),
      'it would install kubelet 1.35.0-1.1, in place of: install kubelet 1.34.9 (known after the index update)',
    ],
    [
      'by other text in a file',
      steps(written('a = 1\nb = 2\n')),
      steps(written('a = 1\nb = 3\n')),
      'write /etc/x: it was to be "b = 2", and is "b = 3"',
    ],
    [
      'by another mode',
      steps(written('a', 0o600)),
      steps(written('a', 0o644)),
      'write /etc/x: it was to be "384", and is "420"',
    ],
    [
      'by another mode of a file that was wholly unknown',
      steps(written(version, 0o600)),
      steps(written('a\nb\n', 0o644)),
      'write /etc/x: it was to be "384", and is "420"',
    ],
    [
      'by steps in another order',
      steps(keep, restart),
      steps(restart, keep),
      'it would restart kubelet, in place of: keep a copy of /etc/x',
    ],
    ['by a step that is left out', steps(keep, restart), steps(keep), 'it would not: restart kubelet'],
    [
      'by the restart of a unit',
      steps(restart),
      change([], [restart], ['kubelet.service']),
      'it would restart kubelet.service',
    ],
    [
      'by what is lost for good',
      steps(restart),
      { ...steps(restart), effects: { destroys: ['cluster lab'] } },
      'it would destroy cluster lab',
    ],
    [
      'by more than what is done otherwise',
      { ...nothing, otherwise: steps(restart) },
      steps(restart, keep),
      'it would also: keep a copy of /etc/x',
    ],
    ['by a drain', steps(restart), { ...steps(restart), effects: { drains: ['w1'] } }, 'it would drain w1'],
  ] satisfies readonly (readonly [...Kept, string])[])('%s', (_, forecast, decided, breach) => {
    expect(breachOf(forecast, decided)).toBe(breach);
  });
});
