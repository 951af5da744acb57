import { overlaps, parseCidr } from '#core/cidr.ts';
import type { Cluster } from '#core/cluster.ts';
import {
  changeOr,
  type Difference,
  foretold,
  type Outcome,
  type Resource,
  resource,
} from '#core/resource.ts';
import { command, embed, lines, type Script, sh } from '#core/shell.ts';
import { run, type Step } from '#core/step.ts';
import { chainRemoval, type NetworkLeftover, networkLeftovers } from '#facts/network-leftovers.ts';

import { ifLeft, LEFT } from './kubeadm-reset.ts';

const NOUNS: Readonly<Record<NetworkLeftover['kind'], string>> = {
  service: 'virtual services of kube-proxy',
  interface: 'interfaces',
  address: 'address of tunl0',
  route: 'routes',
  chains: 'chains and rules of kube-proxy, the kubelet and Calico',
  set: 'ipsets',
  table: 'tables of nftables',
};

const NAMED = 4;

/** Nothing of the pod network and of Services is left in the kernel. All goes by its name: what others have set stays. */
export const noNetworkLeftovers = (cluster: Cluster): Resource =>
  resource({
    address: 'network-leftovers',
    facts: { found: networkLeftovers },
    diff: ({ found }) => {
      const own = found.filter((one) => one.kind !== 'route' || isOwnRoute(one.name, cluster));
      const byKind = Map.groupBy(own, ({ kind }) => kind);
      return changeOr(
        'nothing of a pod network is left in the kernel',
        Object.entries(NOUNS).flatMap(([kind, what]): readonly Difference[] => {
          const names = byKind.get(kind as NetworkLeftover['kind'])?.map(({ name }) => name) ?? [];
          return names.length === 0 ? [] : [{ what, from: listed(names), to: null }];
        }),
        () => [removalStep(removal(byKind))],
      );
    },
  });

const removalStep = (script: Script): Step =>
  run('remove what the pod network left in the kernel, by its names', script);

/** Pods come and go until `kubeadm reset` stops them, and take their interfaces and routes along. */
export const foreseenNetwork = (now: Outcome) => foretold(now, [ifLeft(removalStep(sh`${LEFT}`))]);

function listed(names: readonly string[]): string {
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
  return names.slice(0, NAMED).join(', ') + more;
}

/** Felix' own routes, and those of BIRD to pods: a BIRD of the host's own has others. */
function isOwnRoute(route: string, { kubernetes: { podSubnet } }: Cluster): boolean {
  if (route.endsWith(' proto 80')) return true;
  const block = route
    .split(' ')
    .flatMap((word) => parseCidr(word) ?? [])
    .at(0);
  const pods = podSubnet.split(',').flatMap((subnet) => parseCidr(subnet) ?? []);
  return block !== undefined && pods.some((subnet) => overlaps(subnet, block));
}

const words = (name: string): readonly string[] => name.split(' ');

/** In an order in which nothing is used any more when it goes. */
function removal(found: ReadonlyMap<NetworkLeftover['kind'], readonly NetworkLeftover[]>): Script {
  const each = (kind: NetworkLeftover['kind'], make: (name: string) => Script): readonly Script[] =>
    (found.get(kind) ?? []).map(({ name }) => make(name));
  return lines(
    ...each('service', (name) => command('ipvsadm', '-D', ...words(name))),
    // An interface takes its routes along, and a pod's may go by itself meanwhile.
    ...each(
      'route',
      (name) => sh`ip ${words(name)[0] ?? ''} route del ${words(name).slice(1)} 2>/dev/null || :`,
    ),
    ...each('interface', (name) => sh`if ip link show ${name} >/dev/null 2>&1; then ip link del ${name}; fi`),
    ...each('address', (name) => sh`ip addr del ${name} dev tunl0; ip link set tunl0 down`),
    ...(found.has('chains') ? [chainRemoval] : []),
    ...each('chains', (name) => {
      const program = words(name)[0] ?? '';
      return sh`rules=$(removal ${program}); printf '%s\n' "$rules" | ${embed(command(`${program}-restore`, '--noflush'))}`;
    }),
    ...each('set', (name) => command('ipset', 'destroy', name)),
    ...each('table', (name) => command('nft', 'delete', 'table', ...words(name))),
  );
}
