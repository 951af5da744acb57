import type { Host } from '#core/cluster.ts';
import type { Phase } from '#core/phase.ts';
import type { Outcome, Resource } from '#core/resource.ts';
import { breachOf } from '#engine/breach.ts';

import { parse } from '../inventory/inventory-fixture.ts';
import { NEW } from './upgrade-model.ts';

const inventoryOf = (more: string): string => `
kubernetes:
  version: ${NEW}
  ${more}
hosts:
  - {name: cp1, address: 10.0.0.1, role: control-plane, kubelet: {podPidsLimit: 100}}
  - {name: cp2, address: 10.0.0.2, role: control-plane}
  - {name: w1, address: 10.0.0.3, kubeletExtraArgs: {v: "2"}}
`;

const { cluster } = await parse(
  inventoryOf(
    'kubelet: {maxPods: 50}\n  loadBalancer: {type: kube-vip, address: 10.0.0.99, interface: eth0}\n  kubeProxy: {mode: nftables, config: {metricsBindAddress: "0.0.0.0:10249"}}\n  apiServer: {certSANs: [api.example.net]}',
  ),
);
const hostOf = (name: string): Host => cluster.hosts.find((one) => one.name === name)!;

/** A resource of a phase, by its address. */
export function resourceOf(phase: Phase, address: string, name = 'cp1'): Resource {
  const host = hostOf(name);
  const context = { cluster, host, isClusterHost: name === 'cp1', artifacts: new Map() };
  const common = phase.common?.(context) ?? [];
  const all = [...(phase.resources?.(context, common) ?? common), ...(phase.forCluster?.(context) ?? [])];
  const found = all
    .map((one) => ('resource' in one ? one.resource : one))
    .find((one) => one.address === address);
  if (found === undefined) throw new Error(`${phase.name} has no ${address}`);
  return found;
}

export type Given = Readonly<Record<string, unknown>>;

/** What a resource decides where its host says this, and for the rest what a bare one says. */
export function decided(one: Resource, given: Given, written: readonly string[] = [], host = 'cp1'): Outcome {
  const bare = Object.fromEntries(
    Object.entries(one.facts).map(([name, { family, question }]) => [
      name,
      (family.bare as (asked: unknown) => unknown)(question),
    ]),
  );
  const planned = (path: string): string | undefined => (written.includes(path) ? '' : undefined);
  const changed = one.restartOn.filter((address) => written.includes(address.replace('file:', '')));
  return one.diff({ ...bare, ...given } as never, { host, changed, planned });
}

export interface Case {
  readonly before: Given;
  readonly after: Given;
  /** Files that the plan has written before it. */
  readonly written?: readonly string[];
}

/** How what is decided later breaks what was foretold; undefined where it keeps it. */
export function broken(one: Resource, { before, after, written }: Case): string | undefined {
  const first = decided(one, before, written);
  if (first.answer !== 'deferred' || first.forecast === undefined)
    throw new Error(`nothing is foretold: ${JSON.stringify(first)}`);
  const later = decided(one, after);
  if (later.answer !== 'none' && later.answer !== 'change') throw new Error(JSON.stringify(later));
  return breachOf(first.forecast, later);
}
