import { isIPv4 } from 'node:net';

import { KUBE_VIP_IMAGE } from '#catalog/kube-vip.ts';
import { ipFamily } from '#core/ip-family.ts';
import type { Kubernetes } from '#core/kubernetes.ts';
import { API_SERVER_PORT, type Bgp, type BgpPeer, type LoadBalancer } from '#core/load-balancer.ts';
import { flag, integer, list, map, oneOf, required, text, type ValidPart } from '#core/schema.ts';
import { nodeIpsOf } from '#core/node-ips.ts';
import type { Section, ValidationContext } from '#inventory/section.ts';
import type { ExpandedHost } from '#inventory/sections/hosts/expand-hosts.ts';
import { type Finding, isFirstAtPath, type Path, quoteValue } from '#inventory/text/problem.ts';
import { type Endpoint, parseEndpoint } from '#inventory/values/endpoint.ts';

import { isLoopback, wantedEndpoint } from './control-plane-endpoint.ts';
import { withinFindings } from './networking.ts';

const AS_NUMBER = { minimum: 1, maximum: 4_294_967_295, examples: [65000] };

const ipAddress = (description: string, example: string) =>
  text(description, { wanted: 'an IP address', examples: [example] });

const bgpSchema = map(
  {
    as: required(integer('The number of the autonomous system of the control planes.', AS_NUMBER)),
    peers: required(
      list(
        map(
          {
            address: required(ipAddress('The address of the router.', '10.0.0.1')),
            as: required(integer('The number of its autonomous system.', AS_NUMBER)),
            multihop: flag('Whether it is not in the same network.', { default: false }),
          },
          'A router that learns where the address is.',
        ),
        'Routers that learn where the address is.',
        { wanted: 'a list of peers', minItems: 1 },
      ),
    ),
  },
  'Tells routers where the address is, by BGP, in place of the network by ARP.',
);

const schema = map(
  {
    type: required(
      oneOf(
        ['external', 'local', 'keepalived', 'kube-vip'],
        'external: somebody else makes it, or nobody; local: haproxy on every host, for that host; keepalived: a virtual address, with haproxy behind it; kube-vip: a virtual address by a static pod.',
        { default: 'external' },
      ),
    ),
    address: ipAddress(
      'The virtual address, of keepalived and kube-vip; by default the one in controlPlaneEndpoint.',
      '10.0.0.10',
    ),
    interface: text(
      "What carries the virtual address; by default, for keepalived, what has the host's own address, and for kube-vip what has the default route.",
      { wanted: 'the name of an interface', pattern: '^[^\\s/:]{1,15}$', examples: ['eth0'] },
    ),
    virtualRouterId: integer(
      'Of keepalived: by this number the hosts of one virtual address know each other in their network; by default the last number of the address.',
      { minimum: 1, maximum: 255, examples: [51] },
    ),
    image: text('The image of kube-vip.', {
      wanted: 'an image with a tag or a digest',
      pattern:
        '^[^\\s@:]+(:\\d+)?(/[^\\s@:]+)*(:[\\w.-]+|@sha256:[0-9a-f]{64}|:[\\w.-]+@sha256:[0-9a-f]{64})$',
      default: KUBE_VIP_IMAGE,
    }),
    bgp: bgpSchema,
  },
  'What stands before the API servers, where slipway makes it: needed for several control planes without a load balancer of your own.',
);

type Written = ValidPart<NonNullable<Parameters<NonNullable<typeof loadBalancer.build>>[0]>>;
type Key = keyof Written;

/** What may be said of each type, beside the type. */
const KEYS: Readonly<Record<LoadBalancer['type'], readonly Key[]>> = {
  external: [],
  local: [],
  keepalived: ['address', 'interface', 'virtualRouterId'],
  'kube-vip': ['address', 'interface', 'image', 'bgp'],
};

export const loadBalancer: Section<typeof schema, Pick<Kubernetes, 'loadBalancer'>> = {
  schema,
  validate: (written, context, path) => {
    if (written?.type === undefined) return [];
    const { type } = written;
    const foreign = (Object.keys(written) as Key[]).filter(
      (key) => key !== 'type' && !KEYS[type].includes(key),
    );
    return [
      ...foreign.map((key) => ({
        path: [...path, key],
        isKey: true,
        message: `"${key}" means nothing for ${type}`,
      })),
      ...(type === 'external' ? [] : [...endpointFindings(type, context), ...namedFindings(context.hosts)]),
      ...(type === 'keepalived' || type === 'kube-vip' ? addressFindings(written, context, path) : []),
      ...(type === 'kube-vip' ? kubeVipFindings(written, context, path) : []),
      ...(type === 'external' || (type === 'kube-vip' && written.bgp === undefined)
        ? []
        : healthFindings(type, context)),
    ];
  },
  build: (written, { document, hosts }) => ({
    loadBalancer: build(written ?? { type: 'external' }, wantedEndpoint(document, hosts)),
  }),
};

function build(
  written: Exclude<Parameters<NonNullable<typeof loadBalancer.build>>[0], undefined>,
  endpoint: Endpoint,
): LoadBalancer {
  const {
    type,
    address = endpoint.host,
    interface: on,
    virtualRouterId,
    image = KUBE_VIP_IMAGE,
    bgp,
  } = written;
  const name = ipFamily(endpoint.host) === 0 ? endpoint.host : undefined;
  const own = { port: endpoint.port, ...(name !== undefined && { name }) };
  const virtual = { ...own, address, ...(on !== undefined && { interface: on }) };
  if (type === 'local') return { type, ...own, name: endpoint.host };
  if (type === 'keepalived')
    return { type, ...virtual, virtualRouterId: virtualRouterId ?? lastNumber(address) };
  if (type === 'kube-vip')
    return { type, ...virtual, image, ...(bgp !== undefined && { bgp: buildBgp(bgp) }) };
  return { type };
}

const buildBgp = ({
  as,
  peers,
}: {
  readonly as: number;
  readonly peers: readonly (Omit<BgpPeer, 'multihop'> & Partial<BgpPeer>)[];
}): Bgp => ({
  as,
  peers: peers.map(({ multihop = false, ...peer }) => ({ ...peer, multihop })),
});

/** Of one network, no two hosts have the same; 0 is no number of a router. */
const lastNumber = (address: string): number =>
  (isIPv4(address)
    ? Number(address.split('.').at(-1))
    : Number.parseInt(address.split(':').at(-1) || '0', 16) % 256) || 255;

/** A load balancer knows control planes by their addresses: a name may stand for nothing where it starts, and a loopback for itself. */
const namedFindings = (hosts: readonly ExpandedHost[]): readonly Finding[] =>
  hosts
    .filter(
      ({ settings, nodeIp, address }) =>
        settings.role === 'control-plane' &&
        (ipFamily(nodeIp ?? address) === 0 || isLoopback(nodeIp ?? address)),
    )
    .map(({ entry, name, address }) => ({
      path: ['hosts', entry],
      message: `${name} needs a nodeIp: the load balancer knows control planes by their addresses`,
      got: quoteValue(address),
    }))
    .filter(isFirstAtPath());

/** The endpoint is a name where each host is to find its own balancer, and has a port that nobody else has. */
function endpointFindings(
  type: LoadBalancer['type'],
  { document, hosts, isFaulty }: ValidationContext,
): readonly Finding[] {
  const path: Path = ['kubernetes', 'controlPlaneEndpoint'];
  const written = document.kubernetes?.controlPlaneEndpoint;
  if (written === undefined || isFaulty(path)) return [];
  const endpoint = parseEndpoint(written);
  if (endpoint === undefined) return [];
  const got = quoteValue(written);
  if (type === 'local' && ipFamily(endpoint.host) !== 0) {
    const message = 'must be a name for a local load balancer: every host takes itself for it';
    return [{ path, message, wanted: 'name:port', got }];
  }
  const own = hosts.find((host) => [host.name, host.address, ...nodeIpsOf(host)].includes(endpoint.host));
  if (own === undefined) return [];
  return [
    { path, message: `is the host ${own.name} itself, and is to be whichever control plane there is`, got },
  ];
}

function addressFindings(written: Written, context: ValidationContext, path: Path): readonly Finding[] {
  const { document, hosts, isFaulty } = context;
  const endpoint = parseEndpoint(document.kubernetes?.controlPlaneEndpoint ?? '');
  const at: Path = [...path, 'address'];
  if (isFaulty(at) || isFaulty(['kubernetes', 'controlPlaneEndpoint'])) return [];
  const { address } = written;
  if (address === undefined) {
    if (endpoint !== undefined && ipFamily(endpoint.host) !== 0) return [];
    return [{ path, message: 'the key "address" is missing: the virtual address', wanted: 'an IP address' }];
  }
  const got = quoteValue(address);
  if (ipFamily(address) === 0) return [{ path: at, message: 'must be an IP address', got }];
  const own = hosts.find((host) => [host.address, ...nodeIpsOf(host)].includes(address));
  if (own !== undefined)
    return [{ path: at, message: `is the address of ${own.name}: a virtual address is nobody's own`, got }];
  if (endpoint !== undefined && ipFamily(endpoint.host) !== 0 && endpoint.host !== address) {
    return [{ path: at, message: `is not the one in controlPlaneEndpoint, ${endpoint.host}`, got }];
  }
  return withinFindings([[at, address]], context);
}

/** haproxy asks the API servers whether they are ready, and so does kube-vip before it tells routers: without credentials. */
function healthFindings(
  type: LoadBalancer['type'],
  { document: { kubernetes } }: ValidationContext,
): readonly Finding[] {
  if (kubernetes?.apiServer?.extraArgs?.['anonymous-auth'] !== 'false') return [];
  const message = `the load balancer ${type} asks for /readyz without credentials, as the kubelet does: leave it out, or allow just that in an AuthenticationConfiguration`;
  return [{ path: ['kubernetes', 'apiServer', 'extraArgs', 'anonymous-auth'], message }];
}

/**
 * kube-vip has no port of its own: its address leads to the API server of whoever has it.
 *
 * @see https://kube-vip.io/docs/installation/flags/ (v1.2.3)
 * @see https://github.com/kubernetes-sigs/kubespray/blob/v2.28.0/roles/kubernetes/node/tasks/loadbalancer/kube-vip.yml (strictARP)
 */
function kubeVipFindings(
  { bgp }: Written,
  { document: { kubernetes } }: ValidationContext,
  path: Path,
): readonly Finding[] {
  const endpoint = parseEndpoint(kubernetes?.controlPlaneEndpoint ?? '');
  const { mode, config } = kubernetes?.kubeProxy ?? {};
  const ipvs = config?.['ipvs'] as { readonly strictARP?: unknown } | undefined;
  return [
    ...(endpoint !== undefined && endpoint.port !== API_SERVER_PORT
      ? [
          {
            path: ['kubernetes', 'controlPlaneEndpoint'],
            message: `must have the port ${API_SERVER_PORT}: kube-vip leads to the API server itself`,
            got: quoteValue(kubernetes?.controlPlaneEndpoint),
          },
        ]
      : []),
    ...(mode === 'ipvs' && bgp === undefined && ipvs?.strictARP !== true
      ? [
          {
            path: ['kubernetes', 'kubeProxy', 'mode'],
            message:
              'needs kubeProxy.config.ipvs.strictARP: true beside kube-vip, or every node answers for its address',
          },
        ]
      : []),
    ...(bgp?.peers ?? []).flatMap((peer, index) =>
      peer?.address === undefined || ipFamily(peer.address) !== 0
        ? []
        : [
            {
              path: [...path, 'bgp', 'peers', index, 'address'],
              message: 'must be an IP address',
              got: quoteValue(peer.address),
            },
          ],
    ),
  ];
}
