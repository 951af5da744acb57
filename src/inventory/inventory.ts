import type { Cluster } from '#core/cluster.ts';
import type { Accepted } from '#core/schema.ts';

import { type BuildContext, sectionOf } from './section.ts';
import { addons } from './sections/addons.ts';
import { certificates } from './sections/certificates.ts';
import { cluster } from './sections/cluster.ts';
import { etcd } from './sections/etcd.ts';
import { gpu } from './sections/gpu.ts';
import { defaults, groups, hosts } from './sections/hosts.ts';
import { hooks } from './sections/hooks.ts';
import { ignoreChecks } from './sections/ignore-checks.ts';
import { kubernetes } from './sections/kubernetes.ts';
import { mirrors } from './sections/mirrors.ts';
import { names } from './sections/names.ts';
import { network } from './sections/network.ts';
import { policy } from './sections/policy.ts';
import { proxy } from './sections/proxy.ts';
import { registries } from './sections/registries.ts';
import { runtime } from './sections/runtime.ts';
import { ssh } from './sections/ssh.ts';
import { upgrade } from './sections/upgrade.ts';
import { verify } from './sections/verify.ts';

/** The inventory: the table of its sections, in the order in which they are described, validated and built. */
export const inventory = sectionOf(
  {
    cluster,
    kubernetes,
    runtime,
    registries,
    proxy,
    mirrors,
    network,
    addons,
    verify,
    upgrade,
    etcd,
    certificates,
    gpu,
    ssh,
    hooks,
    ignoreChecks,
    policy,
    names,
    defaults,
    groups,
    hosts,
  },
  'A cluster as slipway is to make it.',
);

export type InventoryDocument = Accepted<typeof inventory.schema>;

/** The cluster that a valid inventory describes; the same for any order of keys. */
export const buildCluster = (context: BuildContext): Cluster => inventory.build(context.document, context);
