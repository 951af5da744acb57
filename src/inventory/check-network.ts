import { CALICO_RELEASES, calicoManifest } from '#catalog/calico.ts';

import type { Check, CheckContext } from './check-context.ts';
import { findIf } from './check-context.ts';
import { parseCidr } from './cidr.ts';
import { parseEndpoint } from './endpoint.ts';
import { dnsSubdomainFault } from './kubernetes-name.ts';
import { type Finding, type Path, quoteValue } from './problem.ts';
import type { SoundDocument } from './sound-document.ts';
import { suggest } from './suggestion.ts';

/** The network plugin, the endpoint and the DNS domain; subnets have a check of their own. */
export const checkNetwork: Check = (context) => [
  ...pluginFindings(context),
  ...autodetectionFindings(context.document.network),
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
  if (isFaulty(['network', 'manifest']) || isFaulty(['network', 'version'])) return [];
  const { manifest, version } = network;
  if (manifest !== undefined) {
    const isOne = (manifest.url === undefined) !== (manifest.path === undefined);
    return isOne ? [] : [{ path: ['network', 'manifest'], message: 'must have either url or path' }];
  }
  if (version === undefined || calicoManifest(version.replace(/^v/, '')) !== undefined) return [];
  const wanted = CALICO_RELEASES.map((release) => release.version).join(' or ');
  const message = `slipway does not know the digest of Calico ${version}: name its manifest and sha256, or take a known version`;
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
function autodetectionFindings(network: SoundDocument['network']): readonly Finding[] {
  const method = network?.ipAutodetection;
  if (method === undefined || network?.plugin === 'none') return [];
  if (method === 'first-found' || method === 'kubernetes-internal-ip') return [];
  const path: Path = ['network', 'ipAutodetection'];
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
