import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import type { Phase } from '#core/phase.ts';
import { change, none, type Outcome, type Resource, resource } from '#core/resource.ts';
import { Run } from '#engine/run.ts';
import { fileContent } from '#facts/file.ts';
import { swapState } from '#facts/swap.ts';

import { recordingTransport } from '../../support/recording-transport.ts';
import { scratchDirectory } from '../../support/scratch-directory.ts';
import { smallSession } from '../../support/small-session.ts';

/** Asks for swap, a family that no other here asks, only where its file is missing. */
const asking = (address: string, file: string): Resource =>
  resource({
    address,
    facts: { own: fileContent(file), swap: swapState() },
    further: { names: ['swap'], isNeeded: ({ own }) => own.type === 'absent' },
    diff: ({ own, swap }): Outcome =>
      own.type === 'absent'
        ? change([{ what: 'swap', from: swap.active.length, to: null }])
        : none(`${swap.active.length} areas`),
  });

/** Plans two such resources on this machine, and tells whether each of its programs asked for swap. */
async function planned({ path, isWanted = path }: { readonly path: string; readonly isWanted?: string }) {
  const phase: Phase = {
    name: 'p',
    summary: '',
    needs: () => [],
    resources: () => [asking('one', path), asking('other', isWanted)],
  };
  const { transport, scripts } = recordingTransport();
  const session = smallSession({ phases: [phase], transport });
  const plan = await new Run(session, { artifacts: new Map() }).plan();
  await session.close();
  return { plan, asksSwap: scripts.map((script) => script.includes('/proc/swaps')) };
}

describe('what a resource wants to know further', () => {
  it('is not asked where its other facts are as wanted, and counts as on a bare machine', async () => {
    const { plan, asksSwap } = await planned({ path: '/etc/hostname' });
    expect(asksSwap).toEqual([false]);
    expect(plan.nodes.map(({ outcome }) => outcome)).toEqual([none('0 areas'), none('0 areas')]);
    const [facts] = Object.values(plan.facts ?? {});
    expect(facts).toHaveProperty('swap', { null: { active: [], units: [] } });
  });

  it('is asked by a second program where they are not', async () => {
    const { plan, asksSwap } = await planned({ path: join(await scratchDirectory(), 'none') });
    expect(asksSwap).toEqual([false, true]);
    expect(plan.nodes.map(({ outcome }) => outcome.answer)).toEqual(['change', 'change']);
  });

  it('is asked once for all that want to know, and known to those that do not', async () => {
    const { plan, asksSwap } = await planned({
      path: '/etc/hostname',
      isWanted: join(await scratchDirectory(), 'none'),
    });
    expect(asksSwap).toEqual([false, true]);
    expect(plan.nodes.map(({ outcome }) => outcome.answer)).toEqual(['none', 'change']);
  });
});
