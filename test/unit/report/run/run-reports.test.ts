import { describe, expect, test } from 'vitest';

import { renderHtmlRun } from '#report/run/html-run.ts';
import type { RecordedRun, Work } from '#report/run/recorded-run.ts';
import { renderJunitRun, renderRuns, renderTextRun } from '#report/run/run-reports.ts';

import { goodReport } from '../../../cli/fake-cli.ts';
import { threeHosts } from '../plan/fixture-plan.ts';

const plan = threeHosts();
const work: readonly Work[] = plan.nodes
  .filter(({ outcome }) => outcome.answer === 'change')
  .slice(0, 6)
  .map(({ id, host, phase, address }, index) => ({
    node: { id, host, phase, address },
    summary: `step ${index}`,
    // The second begins while the first is under way.
    startMs: index === 1 ? 500 : index * 1000,
    endMs: index * 1000 + 1000,
    ...(index === 2 && { waitingMs: 2400 }),
    result:
      index === 5
        ? { result: 'failed', failure: { message: 'no <space>', hint: 'make room', output: 'a\nb' } }
        : { result: 'changed', restarts: [] },
  }));

const [first, , third] = work;

const run: RecordedRun = {
  name: '2026-11-28T19-12-00.123Z-apply',
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
  report: {
    ...goodReport,
    criticalPath: [first, third].flatMap((one) =>
      one === undefined ? [] : [{ node: one.node, elapsedMs: one.endMs - one.startMs }],
    ),
  },
};
const { report: _report, ...cutOff } = run;
const plain = { color: false, width: 100 };

describe('the report of a run', () => {
  test('as text reads as its golden', async () => {
    await expect(renderTextRun(run, plain)).toMatchFileSnapshot('__snapshots__/run-report.txt');
  });

  test('that was cut off says what to do', () => {
    expect(renderTextRun(cutOff, plain)).toContain('The same command again goes on');
    expect(renderRuns([run, cutOff], plain)).toMatch(
      / done, 3 changed, 0 failed .*\n.* cut off, by me@laptop/,
    );
  });

  test('as JUnit has what took how long, and why it failed', () => {
    const text = renderJunitRun(run);
    expect(text).toContain('tests="6" failures="1" errors="0" skipped="0"');
    expect(text).toContain('time="1.000"');
    expect(text).toContain('<failure message="no &lt;space&gt;">');
  });

  test('as HTML has nothing of what runs said as markup', () => {
    const name = '<script>alert(1)</script>';
    const html = renderHtmlRun({
      ...run,
      head: { ...run.head, holder: name },
      work: work.map((one) => ({ ...one, summary: name })),
    });
    expect(html).not.toContain('<script');
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(html.match(/<li class="critical"/g)).toHaveLength(2);
    expect(html).toContain('class="bar failed"');
  });
});
