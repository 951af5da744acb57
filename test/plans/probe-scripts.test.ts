import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

import { describe, expect, it, vi } from 'vitest';

import type { Fact } from '#core/fact.ts';
import { buildGraph } from '#engine/build-graph.ts';
import { factsByHost } from '#engine/observe.ts';
import { parseInventory } from '#inventory/parse-inventory.ts';
import { groupFacts, probeScript } from '#transport/probe.ts';
import { applyWorkflow } from '#workflows/apply.ts';
import { resetWorkflow } from '#workflows/reset.ts';

const root = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

/** The example, and the first complete inventory of each page of the documentation. */
const inventories = [
  ['inventory.yaml', read('inventory.yaml')] as const,
  ...readdirSync(new URL('docs/', root))
    .filter((name) => name.endsWith('.md'))
    .flatMap((name) => {
      const [, inventory] = /^```yaml\n(# inventory\.yaml\n[\s\S]*?)^```$/m.exec(read(`docs/${name}`)) ?? [];
      return inventory === undefined ? [] : [[`docs/${name}`, inventory] as const];
    }),
];

/** An offline plan asks nobody: what it would ask is seen here. */
describe('what hosts are asked for the inventory in', () => {
  it.each(inventories)('%s is a program that a shell can read', async (_, inventory) => {
    const { cluster } = await parseInventory(inventory, {
      path: 'inventory.yaml',
      directory: '/nonexistent',
      home: '/nonexistent',
      env: {},
      secrets: 'skip',
    });
    for (const workflow of [applyWorkflow, resetWorkflow]) {
      const { nodes } = buildGraph({ cluster, workflow, artifacts: new Map() });
      const asked = factsByHost(nodes);
      expect(asked.size).toBeGreaterThan(0);
      expect(timesIn([...asked.values()].flat())).toEqual([]);
      // Most hosts are asked the same.
      const scripts = new Set([...asked.values()].map((facts) => probeScript(groupFacts(facts), 'nonce')));
      for (const script of scripts) {
        expect(execFileSync('sh', ['-n'], { input: script, encoding: 'utf8', stdio: 'pipe' })).toBe('');
      }
    }
  });
});

/** Families with the time in their programs, of those that say nothing of it: their programs are made once for many hosts. */
function timesIn(facts: readonly Fact[]): readonly string[] {
  const programsAt = (time: number): readonly string[] => {
    vi.setSystemTime(time);
    return groupFacts(facts).map(({ family, questions }) =>
      family.isVolatile === true ? family.name : family.script(questions as readonly never[]),
    );
  };
  vi.useFakeTimers({ toFake: ['Date'] });
  try {
    const [sooner, later] = [programsAt(Date.UTC(2026, 0)), programsAt(Date.UTC(2030, 6))];
    return groupFacts(facts).flatMap(({ family }, index) =>
      sooner[index] === later[index] ? [] : [family.name],
    );
  } finally {
    vi.useRealTimers();
  }
}
