import { describe, expect, test } from 'vitest';

import { renderHtmlRun } from '#report/run/html-run.ts';
import type { RecordedRun, Work } from '#report/run/recorded-run.ts';

import { goodReport } from '../../../cli/fake-cli.ts';
import { hasChromium, openHtml } from '../../../support/chromium.ts';
import { threeHosts } from '../plan/fixture-plan.ts';

const plan = threeHosts();
const work = plan.nodes
  .filter(({ outcome }) => outcome.answer === 'change')
  .map(({ id, host, phase, address }, index): Work => ({
    node: { id, host, phase, address },
    summary: `step ${index}`,
    startMs: index * 900,
    endMs: index * 900 + (index === 3 ? 0 : 1000),
    ...(index % 4 === 1 && { waitingMs: index * 900 + 300 }),
    result:
      index === 5 ? { result: 'failed', failure: { message: 'no' } } : { result: 'changed', restarts: [] },
  }));

const run: RecordedRun = {
  name: 'x',
  head: {
    format: 'slipway-journal/1',
    slipway: '1.2.3',
    command: 'apply',
    cluster: 'lab',
    inventory: 'abc',
    holder: 'me@laptop, pid 7',
    startedAt: '2026-11-28T19:12:00.123Z',
  },
  plan,
  work,
  report: { ...goodReport, criticalPath: work.slice(0, 4).map(({ node }) => ({ node, elapsedMs: 1000 })) },
};

describe.skipIf(!hasChromium)('the page of a run in a real Chromium', () => {
  test.for([
    { width: 1400, scheme: 'light' },
    { width: 390, scheme: 'dark' },
  ] as const)('is read in $scheme, $width wide', { timeout: 120_000 }, async (options) => {
    const page = await openHtml(renderHtmlRun(run), options);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    expect(await page.evaluate('document.querySelectorAll(".timeline li").length')).toBe(work.length);
    const outside = `[...document.querySelectorAll('.bar')].filter((bar) => {
      const [own, track] = [bar, bar.parentElement].map((one) => one.getBoundingClientRect());
      return own.width < 2 || own.left < track.left || own.right > track.right + 2;
    }).length`;
    expect(await page.evaluate(outside)).toBe(0);
    const colours = `new Set(['changed', 'failed'].map((kind) => getComputedStyle(document.querySelector('.bar.' + kind)).backgroundColor)).size`;
    expect(await page.evaluate(colours)).toBe(2);
    expect(page.complaints).toEqual([]);
  });
});
