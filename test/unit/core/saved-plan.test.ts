import { describe, expect, test } from 'vitest';

import type { Cluster } from '#core/cluster.ts';
import { openSavedPlan, type SavedPlan, savedPlan, unedited } from '#core/saved-plan.ts';
import { prettyJson } from '#report/text/pretty-json.ts';

import { inventory, parse } from '../inventory/inventory-fixture.ts';
import { threeHosts } from '../report/plan/fixture-plan.ts';

const clusterOf = async (...rest: readonly string[]): Promise<Cluster> =>
  (await parse(inventory(...rest), { env: { PASSWORD: 'not-in-a-plan' } })).cluster;

/** As it comes from a file, after somebody has been at it. */
const inFile = (plan: SavedPlan, edit: (text: string) => string = (text) => text): SavedPlan =>
  JSON.parse(edit([...prettyJson(plan)].join(''))) as SavedPlan;

const cluster = await clusterOf();
const saved = savedPlan(threeHosts(), cluster, '1.2.3');

describe('a saved plan', () => {
  test('is the plan again, as it came from the file', () => {
    expect(openSavedPlan(unedited(inFile(saved)), cluster, '1.2.3')).toEqual(threeHosts());
  });

  test.each<[string, (text: string) => string]>([
    ['a step', (text) => text.replace('sysctl -w', 'sysctl -x')],
    ['a host', (text) => text.replaceAll('gpu01', 'gpu03')],
    ['its version', (text) => text.replace('"slipway": "1.2.3"', '"slipway": "1.2.4"')],
    ['its seal', (text) => text.replace(/"digest": "[^"]*"/, '"digest": ""')],
    ['no seal', (text) => text.replace('"saved":', '"save":')],
  ])('in which somebody has changed %s is refused', (_what, edit) => {
    const found = inFile(saved, edit);
    expect(found).not.toEqual(saved);
    expect(() => unedited(found)).toThrow(expect.objectContaining({ code: 'plan-edited', exitCode: 3 }));
  });

  test('of another version of slipway is stale', () => {
    expect(() => openSavedPlan(inFile(saved), cluster, '1.2.4')).toThrow(
      expect.objectContaining({
        exitCode: 4,
        message: expect.stringContaining('slipway 1.2.3, and this is 1.2.4'),
      }),
    );
  });

  test.each(['kubernetes: {version: 1.34.8}', 'policy: {forbid: [drain]}', 'ignoreChecks: [Mem]'])(
    'for an inventory that now says %s is stale',
    async (line) => {
      const other = line.startsWith('kubernetes')
        ? { ...cluster, kubernetes: { ...cluster.kubernetes, version: '1.34.8' } }
        : await clusterOf(line);
      expect(() => openSavedPlan(inFile(saved), other, '1.2.3')).toThrow(
        expect.objectContaining({ exitCode: 4, message: expect.stringContaining('the inventory says') }),
      );
    },
  );

  test.each([
    '# a comment',
    'defaults: {identityFile: /another/key}',
    'ssh: {knownHosts: /another/file}',
    'defaults: {password: {env: PASSWORD}}',
  ])('holds for an inventory that now says %s', async (line) => {
    expect(openSavedPlan(inFile(saved), await clusterOf(line), '1.2.3')).toEqual(threeHosts());
  });

  test('has nothing of a password in it, nor anything made of one', async () => {
    const line = 'defaults: {password: {env: PASSWORD}}';
    const other = (await parse(inventory(line), { env: { PASSWORD: 'another' } })).cluster;
    expect(savedPlan(threeHosts(), other, '1.2.3')).toEqual(
      savedPlan(threeHosts(), await clusterOf(line), '1.2.3'),
    );
  });
});
