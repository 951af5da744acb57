import { readFileSync } from 'node:fs';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { compareDebVersions } from '#distributions/debian/compare-deb-versions.ts';

/** Lines `VERSION lt|eq|gt VERSION`, as `dpkg --compare-versions` of dpkg 1.21.22 had it. */
const recorded = readFileSync(new URL('fixtures/dpkg-compare-versions.txt', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((row) => row.split(' ') as [string, string, string]);

const relation = (left: string, right: string): string =>
  ['lt', 'eq', 'gt'][Math.sign(compareDebVersions(left, right)) + 1] ?? '';

describe("dpkg's order of versions", () => {
  it('is as it was recorded', () => {
    expect(recorded.length).toBeGreaterThan(200);
    expect(recorded.map(([left, , right]) => `${left} ${relation(left, right)} ${right}`)).toEqual(
      recorded.map((row) => row.join(' ')),
    );
  });

  const version = fc.stringMatching(/^([0-3]:)?[0-9]([a-zA-Z0-9.+~]{0,5})(-[a-z0-9.+~]{1,3})?$/);

  it('is an order: the other way round it is the opposite, and what follows from two holds', () => {
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        expect(Math.sign(compareDebVersions(a, b))).toBe(0 - Math.sign(compareDebVersions(b, a)));
        const [low, middle, high] = [a, b, c].toSorted(compareDebVersions);
        expect(compareDebVersions(low ?? '', middle ?? '')).toBeLessThanOrEqual(0);
        expect(compareDebVersions(low ?? '', high ?? '')).toBeLessThanOrEqual(0);
      }),
    );
  });
});
