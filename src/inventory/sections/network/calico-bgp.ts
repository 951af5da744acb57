import { ipFamily } from '#core/ip-family.ts';
import type { BgpRouting } from '#core/network.ts';
import { type Accepted, flag, integer, list, map, required, text, type ValidPart } from '#core/schema.ts';
import { findIf, type Finding, meaningless, type Path, quoteValue } from '#inventory/text/problem.ts';
import { dnsSubdomainFault } from '#inventory/values/kubernetes-name.ts';

import { nodeSelector } from './calico-pools.ts';

/** @see https://docs.tigera.io/calico/latest/reference/resources/bgpconfig (3.32) */
const defaults = { asNumber: 64_512, nodeToNodeMesh: true } as const;

/**
 * The definitions of Calico's objects have an int32 there, and the API server refuses what is larger.
 *
 * @see https://github.com/projectcalico/calico/issues/13494 (3.32)
 */
const AS_NUMBER = { minimum: 1, maximum: 2_147_483_647 } as const;

const peerSchema = map(
  {
    name: required(text('The name of the peer.', { wanted: 'a name in lower case', examples: ['tor-a'] })),
    peerIP: required(
      text('Its address, with a port where it is not 179.', {
        wanted: 'an address such as 10.0.0.1, 10.0.0.1:178 or [fd00::1]:178',
        examples: ['10.0.0.1', '[fd00::1]:178'],
      }),
    ),
    asNumber: required(integer('Its AS number.', AS_NUMBER)),
    nodeSelector: nodeSelector('Nodes whose peer it is, by their labels; by default all.'),
    keepOriginalNextHop: flag('Whether routes keep their next hop on the way to it.'),
  },
  'A router that nodes exchange routes with by BGP.',
);

/** The keys of `network` about BGP beyond the nodes. */
export const bgpFields = {
  asNumber: integer(
    'The AS number of the nodes. Numbers above 2147483647 are refused by the definitions of Calico itself.',
    { ...AS_NUMBER, default: defaults.asNumber },
  ),
  nodeToNodeMesh: flag(
    'Whether every node is a BGP peer of every other. Without it routes between nodes travel by bgpPeers.',
    { default: defaults.nodeToNodeMesh },
  ),
  bgpPeers: list(
    peerSchema,
    'Routers beside the nodes; one that is no longer listed is deleted with prune.',
    {
      wanted: 'a list of peers',
    },
  ),
};

type Written = { readonly [Key in keyof typeof bgpFields]?: Accepted<(typeof bgpFields)[Key]> };

export function bgpRoutingFindings(
  written: ValidPart<Written>,
  bgp: boolean,
  path: Path,
): readonly Finding[] {
  const keys = (Object.keys(bgpFields) as (keyof Written)[]).filter((key) => written[key] !== undefined);
  if (!bgp) return keys.map((key) => meaningless([...path, key], 'without BGP: write bgp: true'));
  const peers = written.bgpPeers ?? [];
  return [
    ...(written.nodeToNodeMesh === false && peers.length === 0
      ? [
          {
            path: [...path, 'nodeToNodeMesh'],
            message: 'must not be false without bgpPeers: nobody would tell a node the routes to the others',
            got: 'false',
          },
        ]
      : []),
    ...peers.flatMap((peer, index) =>
      peer === null ? [] : peerFindings(peer, index, peers, [...path, 'bgpPeers', index]),
    ),
  ];
}

type Peer = ValidPart<Accepted<typeof peerSchema>>;

function peerFindings(
  { name, peerIP }: Peer,
  index: number,
  peers: readonly (Peer | null)[],
  path: Path,
): readonly Finding[] {
  const twin = peers.findIndex((other) => other?.name === name);
  return [
    ...(name === undefined
      ? []
      : [
          ...findIf(dnsSubdomainFault(name), [...path, 'name'], name),
          ...findIf(twin < index ? 'is the name of another peer too' : undefined, [...path, 'name'], name),
        ]),
    ...(peerIP === undefined || isPeerAddress(peerIP)
      ? []
      : [
          {
            path: [...path, 'peerIP'],
            message: 'must be an address such as 10.0.0.1, 10.0.0.1:178 or [fd00::1]:178',
            got: quoteValue(peerIP),
          },
        ]),
  ];
}

/** @see https://docs.tigera.io/calico/latest/reference/resources/bgppeer (3.32: peerIP) */
function isPeerAddress(address: string): boolean {
  if (ipFamily(address) !== 0) return !address.includes('%');
  const [, six, four, port] = /^(?:\[([^\]%]+)\]|([^:]+)):(\d{1,5})$/.exec(address) ?? [];
  const isAddress = six === undefined ? ipFamily(four ?? '') === 4 : ipFamily(six) === 6;
  return isAddress && Number(port) > 0 && Number(port) < 65_536;
}

/** Undefined where nothing is written of it: Calico's own defaults are left alone then, as what others set. */
export function buildBgpRouting({ asNumber, nodeToNodeMesh, bgpPeers }: Written): BgpRouting | undefined {
  if (asNumber === undefined && nodeToNodeMesh === undefined && bgpPeers === undefined) return undefined;
  return {
    asNumber: asNumber ?? defaults.asNumber,
    nodeToNodeMesh: nodeToNodeMesh ?? defaults.nodeToNodeMesh,
    peers: bgpPeers ?? [],
  };
}
