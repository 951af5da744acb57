import { CALICO_RELEASES, calicoManifest } from '#catalog/calico.ts';

import type { Check, CheckContext } from './check-context.ts';
import { findIf } from './check-context.ts';
import { parseCidr } from './values/cidr.ts';
import { parseEndpoint } from './values/endpoint.ts';
import { DEFAULTS } from './inventory-default.ts';
import { dnsSubdomainFault } from './values/kubernetes-name.ts';
import { type Finding, type Path, quoteValue } from './text/problem.ts';
import type { SoundDocument } from './sound-document.ts';
import { suggest } from './text/suggestion.ts';

/** The network plugin, the endpoint and the DNS domain; subnets have a check of their own. */
export const checkNetwork: Check = (context) => [
  ...pluginFindings(context),
  ...autodetectionFindings(context.document.network, 'ipAutodetection'),
  ...autodetectionFindings(context.document.network, 'ipv6Autodetection'),
  ...ipv6Findings(context.document),
  ...endpointFindings(context.document.kubernetes?.controlPlaneEndpoint),
  ...findIf(
    dnsSubdomainFault(context.document.kubernetes?.networking?.dnsDomain ?? 'cluster.local'),
    ['kubernetes', 'networking', 'dnsDomain'],
    context.document.kubernetes?.networking?.dnsDomain,
  ),
];

function pluginFindings({ document: { network = {} }, isFaulty }: CheckContext): readonly Finding[] {
  if (network.plugin === 'none') {
    return Object.keys(network)
      .filter((key) => key !== 'plugin')
      .map((key) => ({
        path: ['network', key],
        isKey: true,
        message: `"${key}" has no meaning with plugin: none`,
      }));
  }
  const sources = MANIFESTS[network.install ?? 'manifest'];
  return [
    ...strangerFindings(network),
    ...encapsulationFindings(network),
    ...sources.flatMap((path) => (isFaulty(['network', ...path]) ? [] : sourceFindings(network, path))),
    ...(isFaulty(['network', 'version']) ? [] : versionFindings(network, sources)),
  ];
}

type NetworkDocument = NonNullable<SoundDocument['network']>;

/** Where an inventory names the files that each way of installing takes. */
const MANIFESTS = {
  manifest: [['manifest']],
  operator: [
    ['operator', 'crds'],
    ['operator', 'manifest'],
  ],
} as const;

type SourcePath = (typeof MANIFESTS)[keyof typeof MANIFESTS][number];

const sourceAt = (network: NetworkDocument, path: SourcePath): NetworkDocument['manifest'] =>
  path.length === 1 ? network.manifest : network.operator?.[path[1]];

/** What belongs to the other way of installing. */
function strangerFindings(network: NetworkDocument): readonly Finding[] {
  const [stranger, install] =
    network.install === 'operator'
      ? (['manifest', 'operator'] as const)
      : (['operator', 'manifest'] as const);
  if (network[stranger] === undefined) return [];
  const message = `"${stranger}" has no meaning with install: ${install}`;
  return [{ path: ['network', stranger], isKey: true, message }];
}

/** @see https://github.com/tigera/operator/blob/v1.42.3/pkg/controller/installation/validation.go (IPIP and unencapsulated pools need BGP) */
function encapsulationFindings({
  bgp,
  encapsulation = DEFAULTS.encapsulation,
}: NetworkDocument): readonly Finding[] {
  if (bgp !== false || encapsulation.startsWith('vxlan')) return [];
  const message = `must not be false with encapsulation ${encapsulation}, whose routes travel by BGP; vxlan does without`;
  return [{ path: ['network', 'bgp'], message, got: 'false' }];
}

function sourceFindings(network: NetworkDocument, path: SourcePath): readonly Finding[] {
  const source = sourceAt(network, path);
  if (source === undefined || (source.url === undefined) !== (source.path === undefined)) return [];
  return [{ path: ['network', ...path], message: 'must have either url or path' }];
}

function versionFindings(network: NetworkDocument, sources: readonly SourcePath[]): readonly Finding[] {
  const { version } = network;
  const isGiven = sources.every((path) => sourceAt(network, path) !== undefined);
  if (isGiven || version === undefined || calicoManifest(version.replace(/^v/, '')) !== undefined) return [];
  const wanted = CALICO_RELEASES.map((release) => release.version).join(' or ');
  const places = sources.map((path) => path.join('.')).join(' and ');
  const message = `slipway does not know the digest of Calico ${version}: name its files and their sha256 in ${places}, or take a known version`;
  return [{ path: ['network', 'version'], message, wanted, got: quoteValue(version) }];
}

const METHODS = [
  'first-found',
  'kubernetes-internal-ip',
  'interface=',
  'skip-interface=',
  'can-reach=',
  'cidr=',
];

const WANTED_METHOD =
  'first-found, kubernetes-internal-ip, interface=REGEX, skip-interface=REGEX, can-reach=HOST or cidr=CIDR';

/** @see https://docs.tigera.io/calico/latest/reference/configure-calico-node#ip-autodetection-methods (3.32) */
function autodetectionFindings(
  network: SoundDocument['network'],
  field: 'ipAutodetection' | 'ipv6Autodetection',
): readonly Finding[] {
  const method = network?.[field];
  if (method === undefined || network?.plugin === 'none') return [];
  if (method === 'first-found' || method === 'kubernetes-internal-ip') return [];
  const path: Path = ['network', field];
  const got = quoteValue(method);
  const [, name = method, argument] = /^([^=]*=)(.*)$/s.exec(method) ?? [];
  if (argument === undefined || !METHODS.includes(name)) {
    const suggestion = suggest(name, METHODS);
    const meant = suggestion === undefined ? {} : { suggestion: `${suggestion}${argument ?? ''}` };
    return [{ path, message: `must be ${WANTED_METHOD}`, wanted: WANTED_METHOD, got, ...meant }];
  }
  const parts = argument.split(',').map((part) => part.trim());
  if (parts.includes('')) return [{ path, message: `needs something after ${name} and between commas`, got }];
  if (name === 'cidr=' && parts.some((part) => parseCidr(part) === undefined)) {
    return [{ path, message: 'must have CIDRs such as 10.0.0.0/24 after cidr=', got }];
  }
  return [];
}

function ipv6Findings({ network, kubernetes }: SoundDocument): readonly Finding[] {
  const podSubnet = kubernetes?.networking?.podSubnet ?? DEFAULTS.podSubnet;
  if (network?.ipv6Autodetection === undefined || network.plugin === 'none' || podSubnet.includes(':'))
    return [];
  const message = `"ipv6Autodetection" has no meaning without IPv6 in podSubnet, which is ${podSubnet}`;
  return [{ path: ['network', 'ipv6Autodetection'], isKey: true, message }];
}

function endpointFindings(endpoint: string | undefined): readonly Finding[] {
  if (endpoint === undefined || parseEndpoint(endpoint) !== undefined) return [];
  const isUrl = /^https?:\/\//.test(endpoint);
  return [
    {
      path: ['kubernetes', 'controlPlaneEndpoint'],
      message: `must be host:port${isUrl ? ', without https://' : ''}`,
      wanted: 'host:port',
      got: quoteValue(endpoint),
    },
  ];
}
