import { readdirSync, readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { parseInventory } from '#inventory/parse-inventory.ts';
import { renderTextPlan } from '#report/plan/text-plan.ts';
import { openSlipway } from '#slipway.ts';

const docs = new URL('../../docs/', import.meta.url);

/** The first complete inventory of each page. */
const inventories = readdirSync(docs)
  .filter((name) => name.endsWith('.md'))
  .flatMap((name) => {
    const text = readFileSync(new URL(name, docs), 'utf8');
    const [, inventory] = /^```yaml\n(# inventory\.yaml\n[\s\S]*?)^```$/m.exec(text) ?? [];
    return inventory === undefined ? [] : [{ page: name.replace(/\.md$/, ''), inventory }];
  });

/** Nothing of the machine that runs the test: no file, no home, no cache, no network. */
async function planned(inventory: string): Promise<string> {
  const { cluster } = await parseInventory(inventory, {
    path: 'inventory.yaml',
    directory: '/nonexistent',
    home: '/nonexistent',
    env: { HOME: '/root', REGISTRY_PASSWORD: 'not-in-a-plan' },
    readFile: () => Promise.reject(Object.assign(new Error('ENOENT'), { code: 'ENOENT' })),
  });
  const slipway = await openSlipway(cluster, { env: {}, cacheDirectory: '/nonexistent' });
  const plan = await slipway.offlinePlan();
  return renderTextPlan(plan, { color: false, verbose: false, width: 100 });
}

describe('the offline plan of the inventory in', () => {
  it.each(inventories)('docs/$page.md reads as it did', async ({ page, inventory }) => {
    const text = await planned(inventory);
    expect(text).not.toContain('not-in-a-plan');
    await expect(text).toMatchFileSnapshot(`docs-${page}.plan.txt`);
  });

  it('every page that has one', () => {
    expect(inventories.map(({ page }) => page)).toEqual(
      expect.arrayContaining([
        'addons',
        'gpu',
        'high-availability',
        'kubeconfig',
        'network',
        'nodes',
        'runtimes',
        'verify',
      ]),
    );
  });
});
