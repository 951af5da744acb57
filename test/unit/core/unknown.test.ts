import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';

import type { Json } from '#core/json.ts';
import { quote } from '#core/shell.ts';
import { hasUnknown, isInstance, unknown, withUnknown } from '#core/unknown.ts';

const later = unknown('containerd is installed');

describe('what is not known yet', () => {
  it('is one plain word for a shell and in YAML', () => {
    const path = unknown('/etc/containerd/config.toml is written, and 1.7.24+ds1-6 runs');
    for (const word of [later, path]) {
      expect(quote(word)).toBe(word);
      expect(stringify({ a: word })).toBe(`a: ${word}\n`);
      expect(parse(stringify([word]))).toEqual([word]);
    }
  });

  it('is told in words, alone and as a part of a text', () => {
    expect(withUnknown(later)).toBe('(known after containerd is installed)');
    expect(withUnknown(`kubelet 1.34.9${later}, kubeadm ${later}`)).toBe(
      'kubelet 1.34.9 (known after containerd is installed), kubeadm (known after containerd is installed)',
    );
    expect(withUnknown('nothing of the kind')).toBe('nothing of the kind');
  });

  it('is told in words of which a shell and YAML make nothing else', () => {
    for (const words of ["it's there", 'a@b', 'a: b', '$(x)', 'one_two', '']) {
      expect(() => unknown(words), words).toThrow(TypeError);
    }
  });

  it('is found at any depth', () => {
    expect(hasUnknown({ a: [{ b: `x${later}` }] })).toBe(true);
    expect(hasUnknown({ a: [{ b: 'known' }], c: null, d: 1 })).toBe(false);
  });
});

describe('a value is an instance', () => {
  it.each<[Json, Json]>([
    [later, 'anything'],
    [later, null],
    [later, ['a', 1]],
    [`1.34.9${later}`, '1.34.9-1.1'],
    [`1.34.9${later}`, '1.34.9'],
    [`a=${later} b=${later}.`, 'a=1 b=2.'],
    [`a${later}`, 'a\nwith more\nlines'],
    [
      { a: [1, later], b: 'x' },
      { a: [1, { deep: true }], b: 'x' },
    ],
    [
      ['a', { secret: 'join-token' }],
      ['a', { secret: 'join-token' }],
    ],
  ])('of %j: %j', (foreseen, value) => {
    expect(isInstance(foreseen, value)).toBe(true);
  });

  it.each<[Json, Json]>([
    [`1.34.9${later}`, '1.34.8-1.1'],
    [`a=${later} b=${later}.`, 'a=1 c=2.'],
    [`a${later}aba`, 'aba'],
    [`x${later}`, null],
    [{ a: later }, {}],
    [{ a: 1 }, { a: 1, b: 2 }],
    [{ a: 1, b: 2 }, { a: 1 }],
    [[later], []],
    [[later], ['a', 'b']],
    ['a', 'b'],
    [1, '1'],
    [
      ['a', { secret: 'join-token' }],
      ['a', 'token'],
    ],
  ])('not of %j: %j', (foreseen, value) => {
    expect(isInstance(foreseen, value)).toBe(false);
  });

  it('of any text with parts of it left open, and of itself', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), fc.array(fc.string()), (parts, fillings) => {
        const filled = parts.map((part, index) => (index === 0 ? part : `${fillings[index] ?? ''}${part}`));
        expect(isInstance(parts.join(later), filled.join(''))).toBe(true);
        expect(isInstance(filled.join(''), filled.join(''))).toBe(true);
      }),
    );
  });
});
