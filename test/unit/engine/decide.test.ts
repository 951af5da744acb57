import { describe, expect, it } from 'vitest';

import { at, CLUSTER } from '#core/fact.ts';
import { change, deferred, none, type Outcome, refused, resource } from '#core/resource.ts';
import { decide } from '#engine/decide.ts';

import { graphNode } from '../../support/graph-node.ts';
import { given } from './given-answers.ts';

const decided = (outcome: Outcome, ignoredChecks: readonly string[]): Outcome =>
  decide(
    graphNode(resource({ address: 'a', facts: {}, diff: () => outcome }), { host: 'w1', phase: 'p' }),
    {},
    { changed: [], ignoredChecks, clusterHost: 'cp2' },
  );

describe('decide', () => {
  it.each([
    ['refuses', refused('NumCPU', 'it has 1 CPU', 'give it more'), 'it has 1 CPU'],
    [
      'waits',
      { ...change([{ what: 'Ready', from: 'False', to: 'True' }]), check: 'NumCPU' },
      'Ready is False, wanted True',
    ],
  ])('ignores a check that %s, by its name alone', (_, outcome, why) => {
    expect(decided(outcome, ['NumCPU'])).toEqual({ answer: 'none', why: `ignored: NumCPU: ${why}` });
    expect(decided(outcome, ['Mem'])).toEqual(outcome);
  });

  it('names the host that stands for the cluster', () => {
    expect(decided(deferred({ host: CLUSTER, phase: 'join' }, 'a token'), [])).toMatchObject({
      waitsFor: { host: 'cp2', phase: 'join' },
    });
  });

  it('foresees nothing to do for what is ignored', () => {
    const wait = { ...change([{ what: 'Ready', from: 'False', to: 'True' }]), check: 'NodeReady' };
    const waiting = deferred({ host: 'w1', phase: 'join' }, 'node w1', wait);
    expect(decided(waiting, [])).toEqual(waiting);
    expect(decided(waiting, ['NodeReady'])).toMatchObject({
      answer: 'deferred',
      forecast: none('ignored: NodeReady: Ready is False, wanted True'),
    });
  });

  it('forecasts no decision that is none', () => {
    const place = { host: 'w1', phase: 'p' };
    expect(deferred(place, 'why', refused('NumCPU', 'it has 1 CPU', 'give it more'))).not.toHaveProperty(
      'forecast',
    );
    expect(deferred(place, 'why', deferred(place, 'more'))).not.toHaveProperty('forecast');
    expect(deferred(place, 'why', none('right'))).toHaveProperty('forecast');
  });

  it('is a bug where a question has no answer', () => {
    const node = graphNode(
      resource({ address: 'a', facts: { x: at('cp1', given('x')) }, diff: () => change([]) }),
      { host: 'w1', phase: 'p' },
    );
    expect(() => decide(node, {}, { changed: [], ignoredChecks: [], clusterHost: 'cp1' })).toThrow(
      'w1/p/a: no answer from cp1 to given "x"',
    );
  });
});
