import { describe, expect, test } from 'vitest';

import type { Plan } from '#core/plan.ts';
import { LiveProgress } from '#report/run/live-progress.ts';
import { type PhaseView, viewPhases } from '#report/run/live-view.ts';
import { painter } from '#report/text/paint.ts';
import { refOf, threeHosts, twoHundredHosts } from '../plan/fixture-plan.ts';
import { type Script, scriptedRun } from './scripted-run.ts';

const SECOND_EACH: Script = { elapsedMs: () => 1000 };

interface Look {
  readonly atMs: number;
  readonly rows?: number;
  readonly columns?: number;
}

/** The view at a moment of a scripted run. */
function viewAt(plan: Plan, script: Script, { atMs, rows = 40, columns = 100 }: Look): readonly PhaseView[] {
  const progress = new LiveProgress(plan);
  for (const timed of scriptedRun(plan, script)) {
    if (timed.atMs <= atMs) progress.on(timed.event, timed.atMs);
  }
  return viewOf(progress, atMs, rows, columns);
}

const viewOf = (progress: LiveProgress, nowMs: number, rows = 40, columns = 120): readonly PhaseView[] =>
  viewPhases(progress.phases(), { nowMs, rows, columns, paint: painter(false) });

const asText = (views: readonly PhaseView[]): string =>
  views
    .map(({ state, title, lines }) => [`${state}: ${title}`, ...lines.map((line) => `  ${line}`)].join('\n'))
    .join('\n');

const phase = (views: readonly PhaseView[], name: string): PhaseView | undefined =>
  views.find((view) => view.phase === name);

describe('live view', () => {
  test('at the start has every phase with work waiting, and no other', () => {
    const views = viewAt(threeHosts(), SECOND_EACH, { atMs: -1 });
    expect(views.map(({ phase: name, state }) => `${name} ${state}`)).toEqual([
      'swap waiting',
      'kernel waiting',
      'runtime waiting',
      'nvidia waiting',
      'kubernetes waiting',
      'control-plane waiting',
      'join waiting',
    ]);
  });

  test('half-way shows what is done, what runs on which host, and what waits', () => {
    const script: Script = {
      elapsedMs: ({ host, phase: name }) => (host === 'gpu02' && name === 'kernel' ? 4000 : 1000),
      lines: () => ['Reading', 'Unpacking'],
    };
    expect(`${asText(viewAt(threeHosts(), script, { atMs: 6700 }))}\n`).toMatchInlineSnapshot(`
      "done: swap           3/3 hosts      2s
      running: kernel         2/3 hosts      4s
        gpu02      0s  kernel-module:br_netfilter  load br_netfilter
      running: runtime        0/3 hosts      0s
        cp1        0s  packages:containerd  Unpacking
        gpu01      0s  packages:containerd  Unpacking
      waiting: nvidia         0/2 hosts
      waiting: kubernetes     0/3 hosts
      waiting: control-plane  0/1 host
      waiting: join           0/2 hosts
      "
    `);
  });

  test('of a failure stays, and what needed it is skipped', () => {
    const failure = { message: 'exit code 100\nmore' };
    const views = viewAt(
      threeHosts(),
      {
        elapsedMs: () => 100,
        failure: ({ id }) => (id === 'gpu02/kubernetes/packages:kubernetes' ? failure : undefined),
      },
      { atMs: 3000 },
    );
    expect(phase(views, 'kubernetes')).toMatchObject({
      state: 'failed',
      lines: ['gpu02  packages:kubernetes: exit code 100'],
    });
    expect(phase(views, 'join')).toMatchObject({ state: 'skipped' });
    expect(phase(views, 'join')?.title).toContain('2 skipped');
  });

  test('of many failures shows some and counts the others', () => {
    const views = viewAt(
      twoHundredHosts(),
      {
        elapsedMs: () => 100,
        failure: ({ address }) => (address === 'packages:kubernetes' ? { message: 'no' } : undefined),
      },
      { atMs: 5000 },
    );
    expect(phase(views, 'kubernetes')?.lines).toHaveLength(4);
    expect(phase(views, 'kubernetes')?.lines.at(-1)).toBe('and 197 more failed');
  });

  test.each([
    [24, 80],
    [40, 120],
    [16, 60],
  ])('of 200 hosts fits into %i rows of %i columns at every moment', (rows, columns) => {
    const script: Script = { elapsedMs: ({ id }) => 500 + ((id.length * 7919) % 1300) };
    for (let atMs = 0; atMs < 20_000; atMs += 900) {
      const lines = asText(viewAt(twoHundredHosts(), script, { atMs, rows, columns })).split('\n');
      expect(lines.length).toBeLessThanOrEqual(rows - 5);
      expect(
        Math.max(...lines.filter((line) => line.startsWith(' ')).map((line) => line.length)),
      ).toBeLessThanOrEqual(columns);
    }
  });

  test('of more hosts than lines says how many there are beside those shown', () => {
    const view = phase(viewAt(twoHundredHosts(), SECOND_EACH, { atMs: 500, rows: 24 }), 'swap');
    expect(view?.lines).toHaveLength(11);
    expect(view?.lines.at(-1)).toBe('and 190 more');
  });

  test('of a phase that is skipped on every host before it begins is skipped', () => {
    const progress = new LiveProgress(threeHosts());
    const result = { result: 'skipped', because: 'cp1 could not be reached' } as const;
    for (const node of threeHosts().nodes.filter((own) => own.phase === 'join')) {
      progress.on({ event: 'node-finished', node: refOf(node), result, elapsedMs: 0 }, 100);
    }
    expect(phase(viewOf(progress, 200), 'join')).toMatchObject({
      state: 'skipped',
      title: expect.stringContaining('4 skipped'),
    });
  });

  test('shows what a node waits for when its steps are taken, and how long that may take', () => {
    const progress = new LiveProgress(threeHosts());
    const [node] = threeHosts()
      .nodes.filter(({ phase: name }) => name === 'control-plane')
      .map(refOf);
    if (node === undefined) throw new Error('the fixture has no control plane');
    progress.on({ event: 'node-started', node, summary: 'initialize the control plane' }, 0);
    const what = 'ready is false, wanted true';
    progress.on({ event: 'node-waiting', node, what, timeoutMs: 300_000 }, 100);
    expect(phase(viewOf(progress, 2100), 'control-plane')?.lines).toEqual([
      `cp1      2s  ${node.address}  waits up to 5m 00s: ready is false, wanted true`,
    ]);
  });
});
