import { readdirSync, readFileSync } from 'node:fs';

import { describe, expect, test } from 'vitest';

import { CHECK_EXPLANATIONS } from '#catalog/check-explanations.ts';
import { CHECK_NAMES } from '#catalog/check-names.ts';
import { RESOURCE_EXPLANATIONS } from '#catalog/resource-explanations.ts';
import { globExpression } from '#core/glob.ts';
import { explanationOf, renderExplanation } from '#report/explain.ts';
import { planInventory } from '../../../src/testing.ts';

const root = new URL('../../../', import.meta.url);

/** Addresses that sources make, with `*` where something is filled in. */
function addressesInSources(): readonly string[] {
  return (
    ['resources', 'phases', 'checks']
      .flatMap((room) => {
        const folder = new URL(`src/${room}/`, root);
        const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
        return files.filter((name) => name.endsWith('.ts')).map((name) => new URL(name, folder));
      })
      .flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/(?<=[ {])address: [`']([^`']+)[`']/g)])
      .map(([, address = '']) => address.replaceAll(/\$\{[^}]*\}/g, 'any'))
      // Of a node there is one for each word, which plans have.
      .filter((address) => !address.includes(' ') && address !== 'node-any:any')
  );
}

describe('an explanation', () => {
  test('is there for every check, and for nothing that is none', () => {
    expect(Object.keys(CHECK_EXPLANATIONS).filter((name) => name !== 'Port')).toEqual(
      CHECK_NAMES.toSorted((left, right) => (left < right ? -1 : 1)),
    );
    expect(explanationOf('Port-6443')?.text).toContain('listens on a port');
  });

  test('is there for every resource that a source or a plan names', async () => {
    const plans = await Promise.all(
      (['apply', 'reset'] as const).map((workflow) =>
        planInventory(new URL('inventory.yaml', root).pathname, { workflow }),
      ),
    );
    const planned = plans.flatMap(({ nodes }) => nodes.map(({ address }) => address));
    const names = [...new Set([...addressesInSources(), ...planned])];
    expect(names.length).toBeGreaterThan(80);
    expect(names.filter((name) => explanationOf(name) === undefined)).toEqual([]);
  });

  test('of what is more particular comes before that of its kind', () => {
    const patterns = Object.keys(RESOURCE_EXPLANATIONS);
    const hidden = patterns.filter((name, index) =>
      patterns.slice(0, index).some((earlier) => globExpression(earlier).test(name.replaceAll('*', 'any'))),
    );
    expect(hidden).toEqual([]);
  });

  test('of nothing is none', () => {
    expect(explanationOf('nonsense')).toBeUndefined();
    expect(explanationOf('Port-x')).toBeUndefined();
  });

  test('of a check says how it is ignored, with or without an inventory', () => {
    const explanation = explanationOf('Mem');
    expect(explanation && renderExplanation('Mem', explanation, { color: false, width: 80 })).toContain(
      'ignoreChecks: [Mem]',
    );
  });
});
