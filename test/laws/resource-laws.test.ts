import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { type Json, stableJson } from '#core/json.ts';
import { unit } from '#resources/host/unit.ts';

import { runs } from '../support/runs.ts';

import { cloneModel, type HostModel, outcomeOf } from './host-model.ts';
import { LAWS } from './laws.ts';
import { anyHost, type Law, WATCHED_PATH } from './laws-of-hosts.ts';
import { isOwnWork, perform } from './perform.ts';

describe.each(Object.entries<Law>(LAWS))('%s', (_, { resources, before, runsOn = {} }) => {
  const left = (model: HostModel): readonly string[] =>
    resources.map((resource) => outcomeOf(model, resource).answer).filter((answer) => answer !== 'none');

  /** Processes that run on what was there before a file was written. */
  const old = ({ units, files }: HostModel): readonly string[] =>
    Object.entries(runsOn).flatMap(([name, paths]) =>
      paths.filter((path) => (files.get(path)?.writtenAt ?? 0) > (units.get(name)?.startedAt ?? 0)),
    );

  it('has nothing left to do after its steps', () => {
    fc.assert(
      fc.property(before, (found) => {
        const model = cloneModel(found);
        fc.pre(isOwnWork(perform(model, resources)));
        expect([...left(model), ...old(model)]).toEqual([]);
      }),
      { numRuns: runs(100) },
    );
  });

  it('does what a plan has foretold', () => {
    fc.assert(
      fc.property(before, (found) => {
        expect(perform(cloneModel(found), resources).breaches).toEqual([]);
      }),
      { numRuns: runs(100) },
    );
  });

  it('converges by a second run, wherever the first was cut off', () => {
    fc.assert(
      fc.property(before, fc.nat(), (found, dice) => {
        const whole = perform(cloneModel(found), resources);
        fc.pre(isOwnWork(whole) && whole.taken > 0);
        const model = cloneModel(found);
        perform(model, resources, dice % whole.taken);
        expect(isOwnWork(perform(model, resources))).toBe(true);
        expect([...left(model), ...old(model)]).toEqual([]);
      }),
      { numRuns: runs(100) },
    );
  });

  it('has a step for each change and a difference for each step', () => {
    fc.assert(
      fc.property(before, (found) => {
        const outcomes = resources.map((resource) => outcomeOf(found, resource));
        const changes = outcomes.filter((outcome) => outcome.answer === 'change');
        fc.pre(changes.length > 0);
        for (const { steps, differences } of changes) {
          expect(steps.length).toBeGreaterThan(0);
          expect(differences.length).toBeGreaterThan(0);
          expect(differences.every(({ from, to }) => stableJson(from) !== stableJson(to))).toBe(true);
        }
      }),
      { numRuns: runs(100) },
    );
  });

  it('decides from answers alone: the same ones give the same bytes', () => {
    fc.assert(
      fc.property(before, (found) => {
        for (const resource of resources) {
          const [one, other] = [outcomeOf(found, resource), outcomeOf(cloneModel(found), resource)];
          expect(stableJson(one as unknown as Json)).toBe(stableJson(other as unknown as Json));
          expect(JSON.parse(JSON.stringify(one))).toEqual(one);
        }
      }),
      { numRuns: runs(100) },
    );
  });
});

describe('the laws', () => {
  it('have much that is foretold, of several resources', () => {
    const counts = Object.values<Law>(LAWS).map(({ resources, before }) =>
      fc
        .sample(before, { numRuns: 100, seed: 1 })
        .reduce((sum, found) => sum + perform(cloneModel(found), resources).foretold, 0),
    );
    expect(counts.filter((count) => count > 10).length).toBeGreaterThan(3);
  });
});

describe('a unit', () => {
  const running = unit({
    name: 'containerd',
    isEnabled: true,
    isActive: true,
    restartOn: ['file:x'],
    watches: [WATCHED_PATH],
  });

  it('is restarted by a change of what it runs on, and says so', () => {
    fc.assert(
      fc.property(anyHost, (model) => {
        const outcome = outcomeOf(model, running, ['file:x']);
        expect(outcome.answer).toBe('change');
        const isRunning = model.units.get('containerd.service')?.isActive === true;
        const restarts = outcome.answer === 'change' ? (outcome.restarts ?? []) : [];
        expect(restarts).toEqual(isRunning ? ['containerd.service'] : []);
      }),
    );
  });
});
