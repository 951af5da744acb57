import { describe, expect, it } from 'vitest';

import { KUBERNETES_MINORS } from '#catalog/kubernetes.ts';
import { supportWarning } from '#report/support-warning.ts';
import { renderTextVersions, versions } from '#report/versions.ts';

const DAY = new Date('2026-10-27T23:59:59Z');
const NEXT_DAY = new Date('2026-10-28T00:00:00Z');

const supported = (now: Date): readonly string[] =>
  versions(now).kubernetes.flatMap(({ minor, isSupported }) => (isSupported ? [minor] : []));

describe('the versions that slipway knows', () => {
  it('are out of support from the day after the last', () => {
    expect(supported(DAY)).toContain('1.34');
    expect(supported(NEXT_DAY)).not.toContain('1.34');
    expect(supportWarning('1.34.9', DAY)).toBeUndefined();
    expect(supportWarning('1.34.9', NEXT_DAY)).toBe(
      'Kubernetes 1.34 has been out of support since 2026-10-27 (https://kubernetes.io/releases/); see slipway versions',
    );
    expect(supportWarning('1.99.0', NEXT_DAY)).toBe(
      'Kubernetes 1.99.0 is of a minor that slipway was not tried with: it is done as 1.37; see slipway versions',
    );
  });

  it('end their support in the order of their minors', () => {
    const days = KUBERNETES_MINORS.map(({ supportedUntil }) => supportedUntil);
    expect(days).toEqual(days.toSorted());
    for (const day of days) expect(day).toMatch(/^20\d\d-\d\d-\d\d$/);
  });

  it('have a source each', () => {
    const { software, rules, kubernetes, refusedDistributions } = versions(DAY);
    for (const { source } of [...software, ...rules, ...kubernetes, ...refusedDistributions])
      expect(source).toMatch(/^https:\/\/[^ ]+$/);
    expect(software.every(({ versions: known }) => known.length > 0)).toBe(true);
  });

  it('read as a table', () => {
    const text = renderTextVersions(versions(NEXT_DAY), { color: false, width: 100 });
    expect(text).toMatch(/^1\.34 +1\.34\.11 +2026-10-27: ended +pause:3\.10\.1 +v1beta4$/m);
    expect(text).toMatch(/^debian 12$/m);
    expect(text).toMatch(/^refused: Debian 11 and older: it has had no security updates since 2026-08-31/m);
    expect(text.split('\n').filter((line) => line.length > 200)).toEqual([]);
  });
});
