import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

import type { Cluster } from '#core/cluster.ts';
import { STANDARD_INPUT } from '#core/standard-input.ts';

import type { LoadOptions } from './load-inventory.ts';

/** Where an inventory is: a file or a directory, or several, of which later ones say more than those before. */
export type InventoryFiles = string | readonly string[];

/** The directory that paths of an inventory are relative to, and its files as absolute paths; undefined where it is in none. */
export async function placeOf(
  inventory: InventoryFiles | Cluster,
): Promise<{ readonly directory: string; readonly files: readonly string[] } | undefined> {
  if (typeof inventory !== 'string' && 'hosts' in inventory) return undefined;
  const [first, ...others] = [inventory]
    .flat()
    .filter((path) => path !== STANDARD_INPUT)
    .map((path) => resolve(path));
  if (first === undefined) return undefined;
  const isDirectory = (await stat(first).catch(() => undefined))?.isDirectory() === true;
  return { directory: isDirectory ? first : dirname(first), files: [first, ...others] };
}

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
