import { resolve } from 'node:path';

import { KUBERNETES_MINORS } from '#catalog/kubernetes.ts';
import type { Cluster } from '#core/cluster.ts';

import { parseInventory, type ParseOptions } from './parse-inventory.ts';

/** How a host is logged in to of which no inventory knows. */
export interface Login {
  readonly address: string;
  readonly user?: string | undefined;
  readonly port?: number | undefined;
  readonly identityFile?: string | undefined;
  /** Default: the file that ssh has. */
  readonly knownHosts?: string | undefined;
}

/** An address that can be the name of a host: all but IPv6. */
const NAME = /^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$/;

/** A host as the only one of a cluster of which nothing is known yet, to ask it. It is called by its address, where it can be. */
export async function hostAlone(
  { knownHosts, ...login }: Login,
  options: Pick<ParseOptions, 'env' | 'prompt'>,
): Promise<Cluster> {
  const name = NAME.test(login.address) ? login.address : 'control-plane';
  const inventory = {
    cluster: { name: 'unknown' },
    kubernetes: { version: KUBERNETES_MINORS.at(-1)?.patch },
    ...(knownHosts !== undefined && { ssh: { knownHosts } }),
    hosts: [{ name, role: 'control-plane', ...login }],
  };
  const { cluster } = await parseInventory(JSON.stringify(inventory), {
    path: 'the command line',
    directory: resolve('.'),
    ...options,
  });
  return cluster;
}
