import { describe, expect, it } from 'vitest';

import { cannotEndPods } from '#catalog/containerd.ts';
import type { Fact } from '#core/fact.ts';
import type { Outcome } from '#core/resource.ts';
import { runtime } from '#phases/runtime.ts';

import { inventory, parse } from '../inventory/inventory-fixture.ts';

interface Machine {
  readonly id?: string;
  readonly versionId?: string;
}

/** The check on a host that has a containerd of the distribution. */
async function judged(kubernetes: string, installed: string | null, machine: Machine = {}): Promise<Outcome> {
  const { cluster } = await parse(inventory().replace('1.34.9', kubernetes));
  const [host] = cluster.hosts;
  const table = runtime.common?.({ cluster, host: host!, artifacts: new Map() }) ?? [];
  const found = table.find(({ address }) => address === 'check:ContainerRuntimeVersion');
  if (found === undefined) throw new Error('there is no such check');
  const answers = Object.entries<Fact>(found.facts).map(([name, { family, question }]) => {
    const bare = family.bare(question as never) as object;
    const has = { installed, offered: null, isHeld: false };
    const answer = family.name === 'package' ? has : family.name === 'os' ? { ...bare, ...machine } : bare;
    return [name, answer];
  });
  return found.diff(Object.fromEntries(answers) as never, { host: 'cp1', changed: [] });
}

describe('the version of containerd', () => {
  it.each([
    ['1.36.4', '1.7.24~ds1-6', { answer: 'none', why: 'containerd 1.7.24~ds1-6' }],
    ['1.37.1', '2.2.1', { answer: 'none', why: 'containerd 2.2.1' }],
    [
      '1.37.1',
      '1.7.24~ds1-6',
      {
        answer: 'none',
        notes: [expect.stringMatching(/^Kubernetes 1\.38 wants containerd 2\.0 or newer, .* 1\.7\.24/)],
      },
    ],
    ['1.37.1', null, { answer: 'none' }],
    ['1.36.4', null, { answer: 'none' }],
  ])('for Kubernetes %s, %s', async (kubernetes, installed, outcome) => {
    expect(await judged(kubernetes, installed)).toMatchObject(outcome);
  });

  it('under which AppArmor 4 lets no pod end is refused', async () => {
    const ubuntu = { id: 'ubuntu', versionId: '24.04' };
    expect(await judged('1.36.4', '1.7.12-0ubuntu4', ubuntu)).toMatchObject({
      answer: 'refused',
      check: 'ContainerRuntimeVersion',
      why: expect.stringContaining('pods would never end'),
    });
    expect(await judged('1.36.4', '2.2.1-0ubuntu1~24.04.3', ubuntu)).toMatchObject({ answer: 'none' });
  });

  it.each([
    ['1.7.15', 'ubuntu', '23.10', true],
    ['1.7.16', 'ubuntu', '24.04', false],
    ['1.7.12', 'ubuntu', '22.04', false],
    ['1.7.12', 'debian', '13', false],
    ['2.2.1', 'ubuntu', '24.04', false],
    ['1.6.20', 'ubuntu', '24.04', false],
  ])('%s on %s %s ends no pods: %s', (version, id, versionId, expected) => {
    expect(cannotEndPods(version, { id, versionId })).toBe(expected);
  });
});
