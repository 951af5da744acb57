import { type Cidr, formatCidr, masked, overlaps, parseCidr } from '#core/cidr.ts';
import type { CalicoNetwork, CalicoPool, Encapsulation } from '#core/network.ts';
import {
  type Accepted,
  flag,
  integer,
  list,
  map,
  oneOf,
  required,
  text,
  type ValidPart,
} from '#core/schema.ts';
import type { ValidationContext } from '#inventory/section.ts';
import { networkingDefaults } from '#inventory/sections/kubernetes/networking.ts';
import { findIf, type Finding, meaningless, type Path, quoteValue } from '#inventory/text/problem.ts';
import { dnsSubdomainFault } from '#inventory/values/kubernetes-name.ts';

export const ENCAPSULATIONS = [
  'ipip',
  'ipip-cross-subnet',
  'vxlan',
  'vxlan-cross-subnet',
  'none',
] as const satisfies readonly Encapsulation[];

/** @see https://github.com/tigera/operator/blob/v1.42.3/pkg/controller/ippool/validation.go (the API server of Calico holds to the same) */
const BLOCKS = { 4: { smallest: 32, largest: 20 }, 6: { smallest: 128, largest: 116 } } as const;

/** @see https://github.com/tigera/operator/blob/v1.42.3/api/v1/installation_types.go (IPPools: MaxItems) */
const MOST_POOLS = 25;

/** Calico's selectors compare with == and !=, and ask with has(). */
export const nodeSelector = (description: string) =>
  text(description, {
    wanted: "a selector in Calico's words, such as rack == 'a' or has(gpu)",
    pattern: '^[^=]*([!=]=[^=]*)*$',
    examples: ["rack == 'a'", 'has(nvidia.com/gpu.present)'],
  });

const poolSchema = map(
  {
    name: required(text('The name of the pool.', { wanted: 'a name in lower case', examples: ['rack-a'] })),
    cidr: required(
      text('Its addresses: a part of podSubnet.', { wanted: 'a CIDR', examples: ['10.244.0.0/18'] }),
    ),
    blockSize: integer(
      'The prefix length of the blocks that nodes get out of it; by default that of the network.',
      { minimum: 20, maximum: 128, examples: [24] },
    ),
    encapsulation: oneOf(
      ENCAPSULATIONS,
      'How packets between its pods travel; by default as encapsulation says.',
    ),
    natOutgoing: flag(
      'Whether pods have the address of their node for whoever is outside of all pools. By default true for IPv4, and false for IPv6.',
    ),
    nodeSelector: nodeSelector('Nodes whose pods have addresses of it, by their labels; by default all.'),
  },
  'A pool of addresses.',
);

/** The keys of `network` about the pools that pods have their addresses from. */
export const poolFields = {
  pools: list(
    poolSchema,
    'Pools in place of one pool for all of podSubnet, with at least one for each family. A pool of a cluster that runs keeps its addresses and its block size.',
    { wanted: 'a list of pools', minItems: 1 },
  ),
  blockSize: integer(
    'The prefix length of the blocks of IPv4 addresses that nodes get; a node takes further ones when its pods need them. Not to be changed on a cluster that runs.',
    { minimum: BLOCKS[4].largest, maximum: BLOCKS[4].smallest, default: 26 },
  ),
  ipv6BlockSize: integer('The same for IPv6, where podSubnet has it.', {
    minimum: BLOCKS[6].largest,
    maximum: BLOCKS[6].smallest,
    default: 122,
  }),
};

type Written = { readonly [Key in keyof typeof poolFields]?: Accepted<(typeof poolFields)[Key]> };

export function poolFindings(
  written: ValidPart<Written>,
  bgp: boolean,
  { document: { kubernetes }, isFaulty }: ValidationContext,
  path: Path,
): readonly Finding[] {
  const { podSubnet } = { ...networkingDefaults, ...kubernetes?.networking };
  const subnets = isFaulty(['kubernetes', 'networking', 'podSubnet'])
    ? []
    : podSubnet.split(',').flatMap((part) => parseCidr(part.trim()) ?? []);
  if (subnets.length === 0) return [];
  return [
    ...sizeFindings('blockSize', 4, written, subnets, path),
    ...sizeFindings('ipv6BlockSize', 6, written, subnets, path),
    ...(written.pools === undefined || isFaulty([...path, 'pools'])
      ? []
      : poolsFindings(written.pools, bgp, subnets, [...path, 'pools'])),
  ];
}

function sizeFindings(
  field: 'blockSize' | 'ipv6BlockSize',
  family: 4 | 6,
  written: ValidPart<Written>,
  subnets: readonly Cidr[],
  path: Path,
): readonly Finding[] {
  const size = written[field];
  if (size === undefined) return [];
  const subnet = subnets.find((one) => one.family === family);
  const at = [...path, field];
  if (subnet === undefined) return [meaningless(at, `without IPv${family} in podSubnet`)];
  return written.pools === undefined ? blockFindings(size, subnet, 'podSubnet', at) : [];
}

function blockFindings(size: number, cidr: Cidr, of: string, path: Path): readonly Finding[] {
  if (size >= cidr.prefix) return [];
  const message = `is larger than ${of}, which is ${formatCidr(cidr)}: write ${cidr.prefix} or more`;
  return [{ path, message, got: String(size) }];
}

type Pool = ValidPart<Accepted<typeof poolSchema>> | null;

function poolsFindings(
  pools: readonly Pool[],
  bgp: boolean,
  subnets: readonly Cidr[],
  path: Path,
): readonly Finding[] {
  const read = pools.map((pool) => parseCidr(pool?.cidr ?? ''));
  const uncovered = subnets.find(({ family }) => !read.some((cidr) => cidr?.family === family));
  return [
    ...(pools.length > MOST_POOLS
      ? [{ path, message: `must be at most ${MOST_POOLS}`, got: String(pools.length) }]
      : []),
    ...(uncovered === undefined || read.includes(undefined)
      ? []
      : [{ path, message: `needs a pool of IPv${uncovered.family} too: podSubnet has it` }]),
    ...pools.flatMap((pool, index) =>
      pool === null ? [] : onePoolFindings(pool, index, { pools, read, subnets, bgp }, [...path, index]),
    ),
  ];
}

interface Others {
  readonly pools: readonly Pool[];
  readonly read: readonly (Cidr | undefined)[];
  readonly subnets: readonly Cidr[];
  readonly bgp: boolean;
}

function onePoolFindings(
  { name, cidr, blockSize, encapsulation }: NonNullable<Pool>,
  index: number,
  { pools, read, subnets, bgp }: Others,
  path: Path,
): readonly Finding[] {
  const twin = pools.findIndex((other) => other?.name === name);
  const names =
    name === undefined
      ? []
      : [
          ...findIf(dnsSubdomainFault(name), [...path, 'name'], name),
          ...findIf(twin < index ? 'is the name of another pool too' : undefined, [...path, 'name'], name),
        ];
  if (cidr === undefined) return names;
  const at = [...path, 'cidr'];
  const got = quoteValue(cidr);
  const own = read[index];
  if (own === undefined)
    return [...names, { path: at, message: 'must be a CIDR such as 10.244.0.0/18', got }];
  const block = formatCidr(masked(own));
  if (block !== formatCidr(own)) {
    return [
      ...names,
      { path: at, message: 'is an address within a block, and not the block', got, suggestion: block },
    ];
  }
  const subnet = subnets.find((one) => one.family === own.family);
  const isWithin = subnet !== undefined && overlaps(subnet, own) && own.prefix >= subnet.prefix;
  const earlier = read.findIndex((other) => other !== undefined && overlaps(other, own));
  return [
    ...names,
    ...(isWithin
      ? []
      : [{ path: at, message: `must lie within podSubnet, ${subnets.map(formatCidr).join(',')}`, got }]),
    ...(earlier < index
      ? [{ path: at, message: `has addresses in common with ${pools[earlier]?.cidr}`, got }]
      : []),
    ...(blockSize === undefined ? [] : ownBlockFindings(blockSize, own, [...path, 'blockSize'])),
    ...(encapsulation === undefined
      ? []
      : encapsulationFindings(encapsulation, own, bgp, [...path, 'encapsulation'])),
  ];
}

function ownBlockFindings(size: number, cidr: Cidr, path: Path): readonly Finding[] {
  const { smallest, largest } = BLOCKS[cidr.family];
  if (size < largest || size > smallest) {
    const message = `must be an integer from ${largest} to ${smallest} for IPv${cidr.family}`;
    return [{ path, message, got: String(size) }];
  }
  return blockFindings(size, cidr, 'its pool', path);
}

function encapsulationFindings(
  encapsulation: Encapsulation,
  { family }: Cidr,
  bgp: boolean,
  path: Path,
): readonly Finding[] {
  const got = quoteValue(encapsulation);
  if (family === 6 && encapsulation.startsWith('ipip')) {
    return [{ path, message: 'ipip carries IPv4 only: take vxlan or none', got }];
  }
  if (bgp || encapsulation.startsWith('vxlan')) return [];
  return [{ path, message: 'needs network.bgp: true: its routes travel by BGP', got }];
}

export const buildPools = ({
  pools,
  blockSize,
  ipv6BlockSize,
}: Written): Pick<CalicoNetwork, 'pools' | 'blockSize' | 'ipv6BlockSize'> => ({
  ...(pools !== undefined && { pools: pools satisfies readonly CalicoPool[] }),
  ...(blockSize !== undefined && { blockSize }),
  ...(ipv6BlockSize !== undefined && { ipv6BlockSize }),
});
