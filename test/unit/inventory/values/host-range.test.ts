import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { expandRange } from '#inventory/values/host-range.ts';

const valuesOf = (text: string): readonly string[] => {
  const expansion = expandRange(text);
  if ('fault' in expansion) throw new Error(expansion.fault);
  return expansion.values;
};

describe('range', () => {
  test.each([
    ['cp1', ['cp1']],
    ['gpu[1:3]', ['gpu1', 'gpu2', 'gpu3']],
    ['gpu[08:11]', ['gpu08', 'gpu09', 'gpu10', 'gpu11']],
    ['gpu[8:11]', ['gpu8', 'gpu9', 'gpu10', 'gpu11']],
    ['gpu[0:1].lab', ['gpu0.lab', 'gpu1.lab']],
    ['r[1:2]n[1:2]', ['r1n1', 'r1n2', 'r2n1', 'r2n2']],
    ['10.0.0.[9:11]', ['10.0.0.9', '10.0.0.10', '10.0.0.11']],
    ['fd00::[1:2]', ['fd00::1', 'fd00::2']],
  ])('%s is counted out', (text, values) => {
    expect(valuesOf(text)).toEqual(values);
  });

  test.each([
    ['gpu[16:1]', 'has [16:1], which runs backwards'],
    ['gpu[01:100]', 'has [01:100], whose ends are not equally long, although one starts with 0'],
    ['gpu[a:f]', 'has [a:f], which is not a range of numbers such as [01:16]'],
    ['gpu[1:9:2]', 'has [1:9:2], which is not a range of numbers such as [01:16]'],
    ['gpu[]', 'has [], which is not a range of numbers such as [01:16]'],
    ['gpu[1:2', 'has a bracket without its partner'],
    ['gpu1:2]', 'has a bracket without its partner'],
    ['gpu[1:100000000]', 'has [1:100000000], which stands for more than 5000 hosts'],
    ['r[1:100]n[1:100]', 'stands for 10000 hosts, more than 5000'],
  ])('%s is refused with a reason', (text, fault) => {
    expect(expandRange(text)).toEqual({ fault });
  });
});

const plain = fc.stringMatching(/^[a-z.-]{0,6}$/);

test('range has as many different values as it counts, in order', () => {
  fc.assert(
    fc.property(plain, fc.nat(500), fc.nat(200), plain, (before, from, more, after) => {
      const values = valuesOf(`${before}[${from}:${from + more}]${after}`);
      expect(values).toEqual(
        Array.from({ length: more + 1 }, (_, index) => `${before}${from + index}${after}`),
      );
    }),
  );
});

test('padded range keeps its width', () => {
  fc.assert(
    fc.property(fc.integer({ min: 3, max: 6 }), fc.nat(99), fc.nat(99), (width, from, more) => {
      const [start, end] = [from, from + more].map((number) => String(number).padStart(width, '0'));
      const values = valuesOf(`[${start}:${end}]`);
      expect(new Set(values.map(({ length }) => length))).toEqual(new Set([width]));
      expect(values.map(Number)).toEqual(Array.from({ length: more + 1 }, (_, index) => from + index));
    }),
  );
});

test('several ranges have the product of their values, the last one fastest', () => {
  const range = fc.tuple(fc.nat(20), fc.nat(8));
  fc.assert(
    fc.property(range, range, ([a, m], [b, n]) => {
      const inner = valuesOf(`[${b}:${b + n}]`);
      const outer = valuesOf(`x[${a}:${a + m}]y`);
      const product = outer.flatMap((head) => inner.map((tail) => head + tail));
      expect(valuesOf(`x[${a}:${a + m}]y[${b}:${b + n}]`)).toEqual(product);
    }),
  );
});

test('any text is either counted out or refused with a reason', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-c0-3[\]:]{0,12}$/), (text) => {
      const expansion = expandRange(text);
      const answer = 'fault' in expansion ? expansion.fault : `stands for ${expansion.values.join()}`;
      expect(answer).toMatch(/^(has .*|stands for [^[\]]*)$/);
    }),
  );
});
