import { readFileSync } from 'node:fs';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { compareRpmVersions } from '#distributions/redhat/compare-rpm-versions.ts';

/** Lines `VERSION lt|eq|gt VERSION`, as `rpm.vercmp` of rpm 4.18.0 had it. */
const recorded = readFileSync(new URL('fixtures/rpm-vercmp.txt', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((row) => row.split(' ') as [string, string, string]);

const relation = (left: string, right: string): string =>
  ['lt', 'eq', 'gt'][Math.sign(compareRpmVersions(left, right)) + 1] ?? '';

describe("rpm's order of versions", () => {
  it('is as it was recorded', () => {
    expect(recorded.length).toBeGreaterThan(200);
    expect(recorded.map(([left, , right]) => `${left} ${relation(left, right)} ${right}`)).toEqual(
      recorded.map((row) => row.join(' ')),
    );
  });

  const version = fc.stringMatching(/^([0-3]:)?[0-9]([a-zA-Z0-9._+~^]{0,5})-[a-z0-9._+~^]{1,3}$/);

  it('is an order: the other way round it is the opposite, and what follows from two holds', () => {
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        expect(Math.sign(compareRpmVersions(a, b))).toBe(0 - Math.sign(compareRpmVersions(b, a)));
        const [low, middle, high] = [a, b, c].toSorted(compareRpmVersions);
        expect(compareRpmVersions(low ?? '', middle ?? '')).toBeLessThanOrEqual(0);
        expect(compareRpmVersions(low ?? '', high ?? '')).toBeLessThanOrEqual(0);
      }),
    );
  });

  it('has a build before a tilde last, and one behind a caret later', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9]{1,2}(\.[0-9]{1,2}){0,2}$/), (base) => {
        expect(compareRpmVersions(`${base}~rc1-1`, `${base}-1`)).toBeLessThan(0);
        expect(compareRpmVersions(`${base}^git1-1`, `${base}-1`)).toBeGreaterThan(0);
        expect(compareRpmVersions(`${base}^git1-1`, `${base}.1-1`)).toBeLessThan(0);
        expect(compareRpmVersions(`1:${base}-1`, `9${base}-9`)).toBeGreaterThan(0);
      }),
    );
  });
});
