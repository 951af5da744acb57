import { addressBlock, type Cidr, formatCidr, masked, overlaps, parseCidr } from '#core/cidr.ts';
import type { Kubernetes } from '#core/kubernetes.ts';
import { flagValue } from '#core/flags.ts';
import { map, text } from '#core/schema.ts';
import type { ValidationContext, Section, ValidDocument } from '#inventory/section.ts';
import { findIf, type Finding, isFirstAtPath, type Path, quoteValue } from '#inventory/text/problem.ts';
import { withoutFaults } from '#inventory/values/flag-finding.ts';
import { dnsSubdomainFault } from '#inventory/values/kubernetes-name.ts';

export const networkingDefaults = {
  /** kubeadm has none; Calico's, 192.168.0.0/16, is the network of many a building. */
  podSubnet: '10.244.0.0/16',
  /** @see https://kubernetes.io/docs/reference/config-api/kubeadm-config.v1beta4/ (v1.34) */
  serviceSubnet: '10.96.0.0/12',
  dnsDomain: 'cluster.local',
};

const schema = map(
  {
    podSubnet: text(
      'Addresses of pods; two with a comma for dual stack. It must not overlap with any network of yours.',
      {
        wanted: 'a CIDR such as 10.244.0.0/16',
        default: networkingDefaults.podSubnet,
        examples: ['10.244.0.0/16', '10.244.0.0/16,fd00:10:244::/56'],
      },
    ),
    serviceSubnet: text('Addresses of services; two with a comma for dual stack.', {
      wanted: 'a CIDR such as 10.96.0.0/12',
      default: networkingDefaults.serviceSubnet,
      examples: ['10.96.0.0/12', '10.96.0.0/12,fd00:10:96::/112'],
    }),
    dnsDomain: text('The DNS domain of services.', {
      wanted: 'a DNS domain',
      default: networkingDefaults.dnsDomain,
    }),
  },
  "The cluster's own networks.",
);

/** The cluster's own networks: their form, their size, and what lies within them. */
export const networking: Section<typeof schema, Pick<Kubernetes, keyof typeof networkingDefaults>> = {
  schema,
  validate: (written = {}, context, path) => {
    const { dnsDomain = networkingDefaults.dnsDomain } = written;
    const [pods, services] = subnetsOf(context);
    return [
      ...findIf(dnsSubdomainFault(dnsDomain), [...path, 'dnsDomain'], dnsDomain),
      ...pods.findings,
      ...services.findings,
      ...pods.cidrs.flatMap((cidr) => podSizeFindings(cidr, pods.path, context.document)),
      ...services.cidrs.flatMap((cidr) => serviceSizeFindings(cidr, services.path)),
      ...familyFindings(pods, services, context.document),
      ...overlapFindings(pods, services),
    ];
  },
  build: (written) => {
    const { podSubnet, serviceSubnet, dnsDomain } = { ...networkingDefaults, ...written };
    return {
      podSubnet: withoutSpaces(podSubnet),
      serviceSubnet: withoutSpaces(serviceSubnet),
      dnsDomain,
    };
  },
};

const withoutSpaces = (list: string): string => list.replaceAll(/\s/g, '');

interface Subnet {
  readonly field: 'podSubnet' | 'serviceSubnet';
  readonly path: Path;
  /** As it is written, or by default. */
  readonly list: string;
  readonly isDefault: boolean;
  /** One, or one of each family; none where the text is wrong. */
  readonly cidrs: readonly Cidr[];
  readonly findings: readonly Finding[];
}

const subnetsOf = (context: ValidationContext) =>
  [readSubnet('podSubnet', context), readSubnet('serviceSubnet', context)] as const;

function readSubnet(field: Subnet['field'], { document, isFaulty }: ValidationContext): Subnet {
  const path: Path = ['kubernetes', 'networking', field];
  const written = document.kubernetes?.networking?.[field];
  const list = written ?? networkingDefaults[field];
  const subnet = { field, path, list, isDefault: written === undefined };
  if (isFaulty(path)) return { ...subnet, cidrs: [], findings: [] };

  const parts = list.split(',').map((part) => part.trim());
  const cidrs = parts.map(parseCidr).filter((cidr) => cidr !== undefined);
  const fault = subnetFault(parts, cidrs);
  if (fault === undefined) return { ...subnet, cidrs, findings: [] };
  return { ...subnet, cidrs: [], findings: [{ path, got: quoteValue(list), ...fault }] };
}

function subnetFault(parts: readonly string[], cidrs: readonly Cidr[]): Omit<Finding, 'path'> | undefined {
  if (cidrs.length < parts.length)
    return { message: 'must be a CIDR such as 10.244.0.0/16', wanted: 'a CIDR such as 10.244.0.0/16' };
  const blocks = cidrs.map((cidr) => formatCidr(masked(cidr)));
  if (cidrs.some((cidr, index) => formatCidr(cidr) !== blocks[index])) {
    return { message: 'is an address within a block, and not the block', suggestion: blocks.join(',') };
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
function podSizeFindings(cidr: Cidr, path: Path, { kubernetes }: ValidDocument): readonly Finding[] {
  const flags = withoutFaults(kubernetes?.controllerManager?.extraArgs);
  if (flagValue(flags, 'allocate-node-cidrs') === 'false') return [];
  const single = flagValue(flags, 'node-cidr-mask-size');
  const nodePrefix = Number(
    flagValue(flags, `node-cidr-mask-size-ipv${cidr.family}`) ?? single ?? (cidr.family === 4 ? 24 : 64),
  );
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
function serviceSizeFindings({ family, prefix, ...cidr }: Cidr, path: Path): readonly Finding[] {
  const bits = family === 4 ? 32 : 128;
  const got = quoteValue(formatCidr({ family, prefix, ...cidr }));
  if (bits - prefix > 20)
    return [{ path, message: `is too large: kubeadm wants /${bits - 20} or smaller`, got }];
  if (bits - prefix < 4)
    return [{ path, message: `is too small: kubeadm wants /${bits - 4} or larger`, got }];
  return [];
}

function familyFindings(pods: Subnet, services: Subnet, { network }: ValidDocument): readonly Finding[] {
  if (pods.cidrs.length === 0 || services.cidrs.length === 0) return [];
  const families = new Set(pods.cidrs.map(({ family }) => family));
  const unmatched = services.cidrs.find(({ family }) => !families.has(family));
  if (unmatched !== undefined && services.isDefault) {
    const message = `needs a serviceSubnet of its family beside it: the default is ${services.list}`;
    return [{ path: pods.path, message }];
  }
  if (unmatched !== undefined) {
    return [
      { path: services.path, message: `has IPv${unmatched.family}, and podSubnet ${pods.list} has not` },
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
      message: `overlaps with ${other.field} ${other.list}${byDefault}`,
      got: quoteValue(blamed.list),
    },
  ];
}

/** An address, and where it stands. */
export type PlacedAddress = readonly [Path, string | undefined];

/** No machine may have an address that is a pod's or a service's; of a range, the first host is reported. */
export function withinFindings(
  addresses: readonly PlacedAddress[],
  context: ValidationContext,
): readonly Finding[] {
  const blocks = addresses.flatMap(([path, address = '']) => {
    const block = addressBlock(address);
    return block === undefined ? [] : [{ path, address, block }];
  });
  return subnetsOf(context).flatMap(({ cidrs, field, list, isDefault }) => {
    const cure = isDefault ? `, the default: set kubernetes.networking.${field}` : '';
    return blocks
      .filter(({ block }) => cidrs.some((cidr) => overlaps(cidr, block)))
      .map(({ path, address }) => ({ path, message: `${address} is within ${field} ${list}${cure}` }))
      .filter(isFirstAtPath());
  });
}
