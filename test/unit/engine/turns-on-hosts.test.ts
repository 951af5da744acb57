import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it, type TestContext } from 'vitest';

import type { RunEvent } from '#core/event.ts';
import type { Phase } from '#core/phase.ts';
import type { Resource } from '#core/resource.ts';
import { Run } from '#engine/run.ts';
import { file } from '#resources/files/file.ts';
import { changesOf, type DaemonDefinition } from '#resources/host/daemon.ts';
import { unit } from '#resources/host/unit.ts';
import { criAnswers } from '#resources/runtime/cri-answers.ts';
import { runtimeDaemon } from '#resources/runtime/runtime-daemon.ts';

import { testHost } from '../../contracts/test-host.ts';
import { scratchDirectory } from '../../support/scratch-directory.ts';
import { smallSession } from '../../support/small-session.ts';
import { STAND_IN_UNIT, standInHosts, standInState } from '../../support/stand-in-daemon.ts';

const HOSTS = ['cp1', 'w1', 'w2', 'w3'] as const;
const OTHERS = ['cp1', 'w2', 'w3'] as const;

/** Stand-ins are what they will be at once. */
const settlesSoon = (resource: Resource): Resource => ({
  ...resource,
  settle: { ...resource.settle, pauseMs: 100, patienceMs: 250 },
});

/** Hosts with a daemon of stand-ins, and runs that give it a configuration. */
async function cluster({ onTestFinished }: TestContext) {
  const root = await scratchDirectory(onTestFinished);
  const transport = await standInHosts(root, HOSTS);
  const pathOn = (host: string): string => join(root, host, 'it.conf');
  const begin = async (content: string, listener: (event: RunEvent) => void = () => undefined) => {
    const phase: Phase = {
      name: 'runtime',
      summary: '',
      needs: () => [],
      resources: ({ host }) => {
        const path = pathOn(host.name);
        const daemon: DaemonDefinition = {
          ...runtimeDaemon(host.runtime),
          units: [STAND_IN_UNIT],
          files: [path],
        };
        const running = unit({
          name: STAND_IN_UNIT,
          isEnabled: true,
          isActive: true,
          restartOn: [`file:${path}`],
          watches: [path],
        });
        const answers = criAnswers(host, { restartOn: [running.address] });
        return changesOf(
          daemon,
          [file({ path, content, isOwn: () => true }), running].map(settlesSoon),
          settlesSoon(answers),
        );
      },
    };
    const hosts = HOSTS.map((name) => testHost({ name, role: name === 'cp1' ? 'control-plane' : 'worker' }));
    const signal = new AbortController();
    const session = smallSession({
      phases: [phase],
      hosts,
      transport,
      listener,
      signal: signal.signal,
      concurrency: 10,
    });
    const run = new Run(session, { artifacts: new Map() });
    return { session, plan: await run.plan(), apply: run.apply.bind(run), signal };
  };
  const apply = async (content: string) => {
    const { session, plan, apply: go } = await begin(content);
    const report = await go(plan);
    await session.close();
    return { plan, report };
  };
  const states = async () =>
    Object.fromEntries(await Promise.all(HOSTS.map(async (host) => [host, await standInState(root, host)])));
  const texts = (): Promise<readonly string[]> =>
    Promise.all(HOSTS.map(async (host) => (await readFile(pathOn(host), 'utf8')).trim()));
  return { root, begin, apply, states, texts, pathOn };
}

describe('a daemon on four hosts', { timeout: 120_000, concurrent: true }, () => {
  it('is started on all of them at once, and restarted on one after the other', async (context) => {
    const { apply, states } = await cluster(context);
    const first = await apply('good\n');
    expect(first.plan.rollouts).toBeUndefined();
    expect(first.report).toMatchObject({ failed: [], left: [] });
    const second = await apply('better\n');
    expect(second.plan.rollouts).toEqual([
      { daemon: 'containerd', batches: [['w1'], ['w2'], ['w3'], ['cp1']] },
    ]);
    expect(second.report).toMatchObject({ failed: [], skipped: [], left: [] });
    for (const state of Object.values(await states()))
      expect(state).toEqual({ starts: 2, active: 'active', loaded: 'better' });
  });

  it.for(['dies', 'mute'])(
    'is touched on one host by a setting of which it %s, and is well again there on what it had',
    async (bad, context) => {
      const { apply, states, texts, root } = await cluster(context);
      await apply('good\n');
      const before = await states();
      const { report } = await apply(`${bad}\n`);
      expect(report.failed).toMatchObject([
        {
          node: { host: 'w1' },
          failure: { recovery: `${root}/w1/it.conf is as before again, and containerd is well on it` },
        },
      ]);
      expect(JSON.stringify(report.failed)).toContain('it cannot bear this');
      expect(await texts()).toEqual(['good', 'good', 'good', 'good']);
      const after = await states();
      expect(after['w1']).toEqual({ starts: 3, active: 'active', loaded: 'good' });
      for (const host of OTHERS) expect(after[host]).toEqual(before[host]);
      const { report: mended } = await apply('better\n');
      expect(mended).toMatchObject({ failed: [], skipped: [], left: [] });
      expect(await texts()).toEqual(['better', 'better', 'better', 'better']);
    },
  );

  it.for([
    ['the file is written', 'file:', 'dies', 'good'],
    ['the restart', 'unit:', 'mute', 'mute'],
  ] as const)(
    'of which a run was cut off after %s gets its file back in the next one',
    async ([, address, bad, loaded], context) => {
      const { begin, apply, states, texts } = await cluster(context);
      await apply('good\n');
      const cut = await begin(`${bad}\n`, (event) => {
        if (event.event === 'node-finished' && event.node.address.startsWith(address)) cut.signal.abort();
      });
      await cut.apply(cut.plan);
      await cut.session.close();
      expect(await texts()).toEqual(['good', bad, 'good', 'good']);
      expect((await states())['w1']).toMatchObject({ active: 'active', loaded });
      const { report } = await apply(`${bad}\n`);
      expect(report.failed).toMatchObject([
        { node: { host: 'w1' }, failure: { recovery: expect.any(String) as string } },
      ]);
      expect(await texts()).toEqual(['good', 'good', 'good', 'good']);
      expect((await states())['w1']).toMatchObject({ active: 'active', loaded: 'good' });
    },
  );

  it('that was silent before has nothing to go back to, and is left as the inventory wants it', async (context) => {
    const { apply, texts, pathOn } = await cluster(context);
    await apply('good\n');
    await writeFile(pathOn('w1'), 'mute of a person\n');
    const { report } = await apply('good\n');
    expect(report).toMatchObject({ failed: [], left: [] });
    expect(await texts()).toEqual(['good', 'good', 'good', 'good']);
  });
});
