import { describe, expect, it } from 'vitest';

import { SharedAnswers } from '#engine/shared-answers.ts';

const answers = (): Record<string, Record<string, never>> =>
  JSON.parse('{"file":{"a":{"mode":"0644"},"b":{"mode":"0600"}},"word":{"a":"long enough","b":null,"c":7}}');

describe('shared answers', () => {
  it('are the same answers, and one and the same for hosts that say the same', () => {
    const shared = new SharedAnswers();
    const [one, other] = [shared.of(answers()), shared.of(answers())];
    expect(one).toEqual(answers());
    expect(other).toEqual(answers());
    expect(other['file']?.['a']).toBe(one['file']?.['a']);
    expect(other['file']?.['a']).not.toBe(other['file']?.['b']);
  });

  it('are copies of what they were made of', () => {
    const given = answers();
    expect(new SharedAnswers().of(given)['file']?.['a']).not.toBe(given['file']?.['a']);
  });
});
