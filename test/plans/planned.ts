import type { Plan } from '#core/plan.ts';
import { parseInventory } from '#inventory/parse-inventory.ts';
import { openSlipway } from '#slipway.ts';

/** The offline plan of an inventory: no host, no helm, no network, no file beside it. */
export async function planned(text: string): Promise<Plan> {
  const { cluster } = await parseInventory(text, {
    path: 'inventory.yaml',
    directory: '/nonexistent',
    home: '/nonexistent',
    env: {},
    readFile: () => Promise.reject(new Error('ENOENT')),
  });
  const slipway = await openSlipway(cluster, { env: {}, cacheDirectory: '/nonexistent' });
  return slipway.offlinePlan();
}
