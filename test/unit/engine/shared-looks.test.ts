import { describe, expect, it } from 'vitest';

import { at } from '#core/fact.ts';
import { none, resource } from '#core/resource.ts';
import { SharedLooks } from '#engine/shared-looks.ts';

import { graphNode } from '../../support/graph-node.ts';
import { given, givenObserver } from './given-answers.ts';

const waitingOn = (host: string, name: string) =>
  graphNode(resource({ address: name, facts: { x: at(host, given(name)) }, diff: () => none('') }), {
    host: name,
    phase: 'p',
  });

describe('looks of nodes that wait', () => {
  it('at one host go together: one is under way, and all that is asked meanwhile is in the next', async () => {
    const { looks, observerOf } = givenObserver((_host, question) => question);
    const shared = new SharedLooks(observerOf);
    const names = Array.from({ length: 100 }, (_, index) => `w${index}`);
    const answers = await Promise.all(names.map((name) => shared.ask(waitingOn('cp1', name))));
    const isAnswered = (name: string, index: number): boolean =>
      answers[index]?.['cp1']?.['given']?.[`"${name}"`] === `"${name}"`;
    expect(names.every(isAnswered)).toBe(true);
    expect(looks.length).toBeLessThanOrEqual(2);
  });

  it('at a host that could not be asked are tried again by the next', async () => {
    let isAway = true;
    const { observerOf } = givenObserver(() => 'there');
    const shared = new SharedLooks((host) => (isAway ? Promise.reject(new Error('away')) : observerOf(host)));
    await expect(shared.ask(waitingOn('cp1', 'w1'))).rejects.toThrow('away');
    isAway = false;
    expect(await shared.ask(waitingOn('cp1', 'w1'))).toEqual({ cp1: { given: { '"w1"': 'there' } } });
  });
});
