import type { Check, CheckContext } from './check-context.ts';
import {
  addressBlock,
  type Cidr,
  formatCidr,
  freeBits,
  hasHostBits,
  masked,
  overlaps,
  parseCidr,
} from './values/cidr.ts';
import { parseEndpoint } from './values/endpoint.ts';
import { DEFAULTS } from './inventory-default.ts';
import { type Finding, type Path, quoteValue } from './text/problem.ts';
import type { SoundDocument } from './sound-document.ts';

/** Pod and service subnets: their form, their size, and what lies within them. */
export const checkSubnets: Check = (context) => {
  const pods = readSubnet(context, 'podSubnet');
  const services = readSubnet(context, 'serviceSubnet');
  return [
    ...pods.findings,
    ...services.findings,
    ...pods.cidrs.flatMap((cidr) => podSizeFindings(cidr, context.document)),
    ...services.cidrs.flatMap(serviceSizeFindings),
    ...familyFindings(pods, services, context.document),
    ...overlapFindings(pods, services),
    ...[pods, services].flatMap((subnet) => addressFindings(subnet, context)),
  ];
};

interface Subnet {
  readonly field: 'podSubnet' | 'serviceSubnet';
  readonly path: Path;
  readonly text: string;
  readonly isDefault: boolean;
  /** One, or one of each family; none where the text is wrong. */
  readonly cidrs: readonly Cidr[];
  readonly findings: readonly Finding[];
}

function readSubnet({ document, isFaulty }: CheckContext, field: Subnet['field']): Subnet {
  const written = document.kubernetes?.networking?.[field];
  const path: Path = ['kubernetes', 'networking', field];
  const text = written ?? DEFAULTS[field];
  const subnet = { field, path, text, isDefault: written === undefined };
  if (isFaulty(path)) return { ...subnet, cidrs: [], findings: [] };

  const parts = text.split(',').map((part) => part.trim());
  const cidrs = parts.map(parseCidr).filter((cidr) => cidr !== undefined);
  const fault = subnetFault(parts, cidrs);
  if (fault === undefined) return { ...subnet, cidrs, findings: [] };
  return { ...subnet, cidrs: [], findings: [{ path, got: quoteValue(text), ...fault }] };
}

function subnetFault(parts: readonly string[], cidrs: readonly Cidr[]): Omit<Finding, 'path'> | undefined {
  if (cidrs.length < parts.length)
    return { message: 'must be a CIDR such as 10.244.0.0/16', wanted: 'a CIDR such as 10.244.0.0/16' };
  if (cidrs.some(hasHostBits)) {
    const suggestion = cidrs.map((cidr) => formatCidr(masked(cidr))).join(',');
    return { message: 'is an address within a block, and not the block', suggestion };
  }
  const isPair = cidrs.length === 1 || (cidrs.length === 2 && cidrs[0]!.family !== cidrs[1]!.family);
  return isPair
    ? undefined
    : { message: 'must be one CIDR, or two for dual stack: one of IPv4 and one of IPv6' };
}

/**
 * kubeadm's own limits: every node gets a block of the pod subnet, at most 16 bits longer than the subnet.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.0/cmd/kubeadm/app/apis/kubeadm/validation/validation.go (ValidatePodSubnetNodeMask)
 */
function podSizeFindings(cidr: Cidr, { kubernetes }: SoundDocument): readonly Finding[] {
  const flags = kubernetes?.controllerManager?.extraArgs ?? {};
  if (flags['allocate-node-cidrs'] === 'false') return [];
  const single = flags['node-cidr-mask-size'];
  const nodePrefix = Number(
    flags[`node-cidr-mask-size-ipv${cidr.family}`] ?? single ?? (cidr.family === 4 ? 24 : 64),
  );
  const path: Path = ['kubernetes', 'networking', 'podSubnet'];
  const got = quoteValue(formatCidr(cidr));
  if (cidr.prefix > nodePrefix) {
    return [{ path, message: `is too small: each node gets a /${nodePrefix} of it`, got }];
  }
  if (nodePrefix - cidr.prefix > 16) {
    const message = `is too large: kubeadm wants /${nodePrefix - 16} or smaller where each node gets a /${nodePrefix}`;
    return [{ path, message, got }];
  }
  return [];
}

/** kubeadm's own limits: at least 10 addresses, at most 20 bits (constants.go, v1.34.0). */
function serviceSizeFindings(cidr: Cidr): readonly Finding[] {
  const path: Path = ['kubernetes', 'networking', 'serviceSubnet'];
  const got = quoteValue(formatCidr(cidr));
  const bits = cidr.family === 4 ? 32 : 128;
  if (freeBits(cidr) > 20)
    return [{ path, message: `is too large: kubeadm wants /${bits - 20} or smaller`, got }];
  if (freeBits(cidr) < 4)
    return [{ path, message: `is too small: kubeadm wants /${bits - 4} or larger`, got }];
  return [];
}

function familyFindings(pods: Subnet, services: Subnet, { network }: SoundDocument): readonly Finding[] {
  if (pods.cidrs.length === 0 || services.cidrs.length === 0) return [];
  const families = new Set(pods.cidrs.map(({ family }) => family));
  const stranger = services.cidrs.find(({ family }) => !families.has(family));
  if (stranger !== undefined && services.isDefault) {
    const message = `needs a serviceSubnet of its family beside it: the default is ${services.text}`;
    return [{ path: pods.path, message }];
  }
  if (stranger !== undefined) {
    return [
      { path: services.path, message: `has IPv${stranger.family}, and podSubnet ${pods.text} has not` },
    ];
  }
  if (network?.encapsulation?.startsWith('ipip') === true && !families.has(4)) {
    const message = 'ipip carries IPv4 only: take vxlan or none';
    return [{ path: ['network', 'encapsulation'], message, got: quoteValue(network.encapsulation) }];
  }
  return [];
}

function overlapFindings(pods: Subnet, services: Subnet): readonly Finding[] {
  const isShared = pods.cidrs.some((pod) => services.cidrs.some((service) => overlaps(pod, service)));
  if (!isShared) return [];
  const [blamed, other] = pods.isDefault ? [services, pods] : [pods, services];
  const byDefault = other.isDefault ? ', the default' : '';
  return [
    {
      path: blamed.path,
      message: `overlaps with ${other.field} ${other.text}${byDefault}`,
      got: quoteValue(blamed.text),
    },
  ];
}

/** No machine may have an address that is a pod's or a service's. */
function addressFindings(
  { cidrs, field, text, isDefault }: Subnet,
  { document, hosts }: CheckContext,
): readonly Finding[] {
  const cure = isDefault ? `, the default: set kubernetes.networking.${field}` : '';
  const endpoint = parseEndpoint(document.kubernetes?.controlPlaneEndpoint ?? '')?.host;
  const addresses: readonly (readonly [Path, string | undefined])[] = [
    [['kubernetes', 'controlPlaneEndpoint'], endpoint],
    ...hosts.flatMap(({ entry, address, nodeIp }) => [
      [['hosts', entry, 'address'], address] as const,
      [['hosts', entry, 'nodeIp'], nodeIp] as const,
    ]),
  ];
  const findings = new Map<string, Finding>();
  for (const [path, address] of addresses) {
    const block = addressBlock(address ?? '');
    const key = path.join('/');
    if (block === undefined || findings.has(key) || !cidrs.some((cidr) => overlaps(cidr, block))) continue;
    findings.set(key, { path, message: `${address} is within ${field} ${text}${cure}` });
  }
  return [...findings.values()];
}
