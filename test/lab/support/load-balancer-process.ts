import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import type { Lab } from '../../../scripts/lab/lab.ts';

const BALANCER = join(import.meta.dirname, 'load-balancer.ts');

/** Stands before the API servers of all hosts, at the lab's gateway. */
export async function loadBalancer(
  lab: Lab,
  servers: readonly string[] = lab.hosts.map(({ address }) => address),
): Promise<ChildProcess> {
  const [program = '', ...args] = lab.inNetwork([
    process.execPath,
    BALANCER,
    lab.gateway,
    '6443',
    ...servers,
  ]);
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return child;
}
