import { parseCidr } from '#core/cidr.ts';
import type { Cluster } from '#core/cluster.ts';
import type { CalicoNetwork } from '#core/network.ts';
import { type Accepted, flag, integer, map, oneOf, type ValidPart, text } from '#core/schema.ts';
import type { ValidationContext, BuildContext, Section } from '#inventory/section.ts';
import { type Finding, meaningless, type Path, quoteValue } from '#inventory/text/problem.ts';
import { suggest } from '#inventory/text/suggestion.ts';

import { kubernetesOf } from './kubernetes.ts';
import { networkingDefaults } from './kubernetes/networking.ts';
import { bgpFields, bgpRoutingFindings, buildBgpRouting } from './network/calico-bgp.ts';
import { buildDataplane, dataplaneFields, dataplaneFindings } from './network/calico-dataplane.ts';
import { buildInstall, installFields, installFiles, installFindings } from './network/calico-install.ts';
import { buildPools, ENCAPSULATIONS, poolFields, poolFindings } from './network/calico-pools.ts';

const METHODS = [
  'first-found',
  'kubernetes-internal-ip',
  'interface=',
  'skip-interface=',
  'can-reach=',
  'cidr=',
];

const METHOD =
  'first-found, kubernetes-internal-ip, interface=REGEX, skip-interface=REGEX, can-reach=HOST or cidr=CIDR';

const autodetection = (description: string, examples: readonly string[]) =>
  text(description, { wanted: METHOD, examples });

/** @see https://docs.tigera.io/calico/latest/reference/configure-calico-node#ip-autodetection-methods (3.32) */
function autodetectionFindings(method: string | undefined, path: Path): readonly Finding[] {
  if (method === undefined || method === 'first-found' || method === 'kubernetes-internal-ip') return [];
  const got = quoteValue(method);
  const [, name = method, argument] = /^([^=]*=)(.*)$/s.exec(method) ?? [];
  if (argument === undefined || !METHODS.includes(name)) {
    const suggestion = suggest(name, METHODS);
    const suggested = suggestion === undefined ? {} : { suggestion: `${suggestion}${argument ?? ''}` };
    return [{ path, message: `must be ${METHOD}`, wanted: METHOD, got, ...suggested }];
  }
  const parts = argument.split(',').map((part) => part.trim());
  if (parts.includes('')) {
    return [{ path, message: `needs something after ${name} and between commas`, got }];
  }
  if (name === 'cidr=' && parts.some((part) => parseCidr(part) === undefined)) {
    return [{ path, message: 'must have CIDRs such as 10.0.0.0/24 after cidr=', got }];
  }
  return [];
}

/** @see https://github.com/projectcalico/calico/blob/v3.32.1/manifests/calico.yaml (CALICO_IPV4POOL_IPIP: Always) */
const defaults = { plugin: 'calico', encapsulation: 'ipip' } as const;

const ipAutodetection = autodetection(
  "How Calico picks a node's IPv4 address, in the words of IP_AUTODETECTION_METHOD. By default kubernetes-internal-ip where a host has a nodeIp, else first-found.",
  [
    'first-found',
    'kubernetes-internal-ip',
    'interface=eth.*',
    'skip-interface=docker.*',
    'can-reach=10.0.0.1',
    'cidr=10.0.0.0/24',
  ],
);

const ipv6Autodetection = autodetection(
  'The same for the IPv6 address, where podSubnet has IPv6. By default as ipAutodetection, or first-found where that names an address.',
  ['interface=eth.*', 'cidr=fd00:10::/64'],
);

const schema = map(
  {
    plugin: oneOf(
      ['calico', 'none'],
      'The network plugin; none: you bring your own, and nodes stay NotReady until then.',
      { default: defaults.plugin },
    ),
    ...installFields,
    ipAutodetection,
    ipv6Autodetection,
    mtu: integer('The MTU of pod interfaces; by default Calico finds it out.', {
      minimum: 576,
      maximum: 65_535,
      examples: [1450, 8950],
    }),
    encapsulation: oneOf(
      ENCAPSULATIONS,
      'How pod packets travel between hosts. With cross-subnet only between hosts that do not share a link; none needs hosts that all do, or a network that knows the routes.',
      { default: defaults.encapsulation },
    ),
    bgp: flag(
      'Whether nodes tell each other their routes by BGP, which everything but vxlan needs. By default true, with vxlan false.',
    ),
    registry: text(
      "Where Calico's and the operator's images come from, in place of quay.io; calico/ and tigera/ lie below it.",
      {
        wanted: 'an image registry such as registry.example.com/quay',
        pattern: '^[a-z0-9.-]+(:[0-9]+)?(/[a-z0-9._-]+)*/?$',
        examples: ['registry.example.com/quay'],
      },
    ),
    ...poolFields,
    ...bgpFields,
    ...dataplaneFields,
  },
  'The network between pods.',
);

type NetworkDocument = Accepted<typeof schema>;

/** The network between pods. */
export const network: Section<typeof schema, Pick<Cluster, 'network'>> = {
  schema,
  validate: (written = {}, context, path) => {
    if (written.plugin === 'none') {
      return Object.keys(written)
        .filter((key) => key !== 'plugin')
        .map((key) => meaningless([...path, key], 'with plugin: none'));
    }
    const ipv6Path = [...path, 'ipv6Autodetection'];
    const { encapsulation = defaults.encapsulation, bgp = !encapsulation.startsWith('vxlan') } = written;
    return [
      ...installFindings(written, context.isFaulty, path),
      ...bgpFindings(written, [...path, 'bgp']),
      ...poolFindings(written, bgp, context, path),
      ...bgpRoutingFindings(written, bgp, path),
      ...dataplaneFindings(written, context, path),
      ...autodetectionFindings(written.ipAutodetection, [...path, 'ipAutodetection']),
      ...autodetectionFindings(written.ipv6Autodetection, ipv6Path),
      ...(written.ipv6Autodetection === undefined ? [] : ipv6Findings(context, ipv6Path)),
    ];
  },
  files: (written = {}, path) => installFiles(written, path),
  build: (written = {}, source) => ({
    network: written.plugin === 'none' ? { plugin: 'none' } : buildCalico(written, source),
  }),
};

/** @see https://github.com/tigera/operator/blob/v1.42.3/pkg/controller/installation/validation.go (IPIP and unencapsulated pools need BGP) */
function bgpFindings(
  { bgp, encapsulation = defaults.encapsulation }: ValidPart<NetworkDocument>,
  path: Path,
): readonly Finding[] {
  if (bgp !== false || encapsulation.startsWith('vxlan')) return [];
  const message = `must not be false with encapsulation ${encapsulation}, whose routes travel by BGP; vxlan does without`;
  return [{ path, message, got: 'false' }];
}

function ipv6Findings({ document: { kubernetes } }: ValidationContext, path: Path): readonly Finding[] {
  const { podSubnet } = { ...networkingDefaults, ...kubernetes?.networking };
  if (podSubnet.includes(':')) return [];
  return [meaningless(path, `without IPv6 in podSubnet, which is ${podSubnet}`)];
}

function buildCalico(written: NetworkDocument, source: BuildContext): CalicoNetwork {
  const { podSubnet } = kubernetesOf(source);
  const hasIpv4 = podSubnet.split(',').some((cidr) => parseCidr(cidr)?.family === 4);
  const hasNodeIps = source.hosts.some(({ nodeIp }) => nodeIp !== undefined);
  const bgpRouting = buildBgpRouting(written);
  const {
    ipAutodetection: method = hasNodeIps ? 'kubernetes-internal-ip' : 'first-found',
    encapsulation = hasIpv4 ? defaults.encapsulation : 'vxlan',
    mtu,
    registry,
  } = written;
  // A method that names an address means it of one family.
  const ipv6Method = /^(can-reach|cidr)=/.test(method) ? 'first-found' : method;
  return {
    plugin: 'calico',
    ...buildInstall(written, source.places),
    ipAutodetection: method,
    ipv6Autodetection: written.ipv6Autodetection ?? ipv6Method,
    ...(mtu !== undefined && { mtu }),
    encapsulation,
    bgp: written.bgp ?? !encapsulation.startsWith('vxlan'),
    ...(registry !== undefined && { registry: registry.replace(/\/$/, '') }),
    ...buildPools(written),
    ...buildDataplane(written),
    ...(bgpRouting !== undefined && { bgpRouting }),
  };
}
