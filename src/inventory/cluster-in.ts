import type { Cluster } from '#core/cluster.ts';

import type { LoadOptions } from './load-inventory.ts';

/** Where an inventory is: a file or a directory, or several, of which later ones say more than those before. */
export type InventoryFiles = string | readonly string[];

/** The cluster of an inventory, or one that was read before. */
export async function clusterIn(
  inventory: InventoryFiles | Cluster,
  {
    env,
    prompt,
    secrets = 'read',
    warn,
  }: Pick<LoadOptions, 'env' | 'prompt' | 'warn'> & {
    readonly secrets?: LoadOptions['secrets'] | undefined;
  },
): Promise<Cluster> {
  if (typeof inventory !== 'string' && 'hosts' in inventory) return inventory;
  const { loadInventory } = await import('./load-inventory.ts');
  return (await loadInventory(inventory, { env, prompt, secrets, warn })).cluster;
}
