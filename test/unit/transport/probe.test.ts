import { describe, expect, it } from 'vitest';

import { type Family, fact } from '#core/fact.ts';
import { sh } from '#core/shell.ts';
import { groupFacts, probeScript } from '#transport/probe.ts';

/** A family that counts how often its program is made. */
function counted(more: Partial<Family<string, string>> = {}): {
  readonly family: Family<string, string>;
  readonly made: string[][];
} {
  const made: string[][] = [];
  const family: Family<string, string> = {
    name: 'counted',
    script: (questions) => {
      made.push([...questions]);
      return sh`printf '%s\n' ${questions} ${made.length}`;
    },
    parse: (output) => [output],
    bare: (question) => question,
    ...more,
  };
  return { family, made };
}

const probe = (family: Family<string, string>, nonce: string, ...questions: readonly string[]): string =>
  probeScript(groupFacts(questions.map((question) => fact(family, question))), nonce);

describe('probe', () => {
  it('has the program of a family made once for hosts that are asked the same, whatever the order', () => {
    const { family, made } = counted();
    const first = probe(family, 'probe-1', 'a', 'b');
    expect(probe(family, 'probe-2', 'b', 'a', 'b')).toBe(first.replaceAll('probe-1', 'probe-2'));
    expect(made).toEqual([['a', 'b']]);
  });

  it('has it made anew for other questions, fewer ones too', () => {
    const { family, made } = counted();
    const asked = [['a', 'b'], ['a'], ['a', 'c'], ['a', 'b']];
    for (const questions of asked)
      expect(probe(family, 'probe', ...questions)).toContain(questions.join(' '));
    expect(made).toEqual(asked);
  });

  it('has it made anew for a family of the same name', () => {
    probe(counted().family, 'probe', 'a');
    const { family, made } = counted({ script: () => sh`echo other` });
    expect(probe(family, 'probe', 'a')).toContain('echo other');
    expect(made).toEqual([]);
  });

  it('has it made anew each time where the time may be in it', () => {
    const { family, made } = counted({ isVolatile: true });
    expect(probe(family, 'probe', 'a')).not.toBe(probe(family, 'probe', 'a'));
    expect(made).toHaveLength(2);
  });
});
