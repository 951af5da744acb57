import { createHash, type Hash } from 'node:crypto';

import type { Cluster } from './cluster.ts';
import { EXIT } from './exit-code.ts';
import { type Json, stableJson } from './json.ts';
import type { Plan } from './plan.ts';
import { Secret } from './secret.ts';
import { SlipwayError } from './slipway-error.ts';

/** A plan in a file, and what it holds for. */
export interface SavedPlan extends Plan {
  readonly saved: Seal;
}

interface Seal {
  /** The version of slipway that made it. */
  readonly slipway: string;
  /** sha256 of the cluster as the inventory describes it, without its secrets; comments and the order of keys do not matter. */
  readonly inventory: string;
  /** sha256 of the plan, and of the two above. */
  readonly digest: string;
}

export function savedPlan(plan: Plan, cluster: Cluster, slipway: string): SavedPlan {
  const bound = { slipway, inventory: clusterDigest(cluster) };
  return { ...plan, saved: { ...bound, digest: digestOf({ ...plan, saved: bound }) } };
}

/**
 * The plan of a file, as it was saved.
 *
 * @throws {SlipwayError} with exit code 3 where the file was changed.
 */
export function unedited(found: Plan & Partial<SavedPlan>): SavedPlan {
  const { saved, ...plan } = found;
  if (saved?.digest === digestOf({ ...plan, saved: { ...saved, digest: undefined } })) {
    return { ...plan, saved };
  }
  throw new SlipwayError('the saved plan is not as it was saved', {
    code: 'plan-edited',
    exitCode: EXIT.usage,
    hint: 'a plan is changed by changing the inventory: make and review a new one',
  });
}

/**
 * The plan, if it was made by this version, for this cluster.
 *
 * @throws {SlipwayError} with exit code 4 where it was not.
 */
export function openSavedPlan({ saved, ...plan }: SavedPlan, cluster: Cluster, slipway: string): Plan {
  if (saved.slipway !== slipway) {
    throw stale(`it was made by slipway ${saved.slipway}, and this is ${slipway}`);
  }
  if (saved.inventory !== clusterDigest(cluster)) {
    throw stale('the inventory says something else now than when it was made');
  }
  return plan;
}

const stale = (why: string): SlipwayError =>
  new SlipwayError(`the saved plan is stale: ${why}`, {
    code: 'stale-plan',
    exitCode: EXIT.stalePlan,
    hint: 'make and review a new plan',
  });

/** Paths of the machine that slipway runs on: a plan may be applied from another. */
const LOCAL = new Set(['identityFile', 'knownHosts']);

/** sha256 of a cluster, as far as it is the same on every controller and no secret. */
export function clusterDigest(cluster: Cluster): string {
  const text = JSON.stringify(
    cluster,
    function (this: Readonly<Record<string, unknown>>, key, value: unknown) {
      return LOCAL.has(key) || this[key] instanceof Secret ? undefined : value;
    },
  );
  return digestOf(JSON.parse(text) as Json);
}

function digestOf(value: unknown): string {
  const hash = createHash('sha256');
  addTo(hash, value, 2);
  return hash.digest('hex');
}

/** Part by part, as a plan of thousands of hosts is longer than a string can be. */
function addTo(hash: Hash, value: unknown, depth: number): void {
  if (depth === 0 || typeof value !== 'object' || value === null) {
    hash.update(stableJson(JSON.parse(JSON.stringify(value)) as Json));
    return;
  }
  for (const [key, member] of Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1))) {
    if (member === undefined) continue;
    hash.update(`${JSON.stringify(key)}:`);
    addTo(hash, member, depth - 1);
    hash.update(',');
  }
}
