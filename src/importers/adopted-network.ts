import { CALICO_RELEASES } from '#catalog/calico.ts';
import type { Json, JsonObject } from '#core/json.ts';

import { listOf, mapOf, textOf } from './loose.ts';

export interface AdoptedNetwork {
  /** What stands below `network` in an inventory; absent: the network plugin is left alone. */
  readonly network?: JsonObject;
  readonly notes: readonly string[];
}

/** What a control plane says of its network: all of it may be null. */
export interface SaidOfNetwork {
  /** Names of CNI configurations on the host that was asked. */
  readonly cni: Json | undefined;
  /** Calico's DaemonSet, and the ConfigMap beside it where its manifest has brought it. */
  readonly calicoNode: Json | undefined;
  readonly calicoConfig: Json | undefined;
  /** What the Tigera operator was told. */
  readonly installation: Json | undefined;
  readonly pools: Json | undefined;
}

/** Calico of a release that slipway knows, with the settings it has; any other network is left alone, and it is said why. */
export function adoptedNetwork(said: SaidOfNetwork, podSubnet: string | undefined): AdoptedNetwork {
  const read =
    said.calicoNode === undefined || said.calicoNode === null ? whoseIsThere(said) : calico(said, podSubnet);
  if (typeof read === 'string') return { notes: [`${read}: network.plugin is none`] };
  return {
    network: read,
    notes: [
      `slipway looks after Calico from now on: network has what was read off the cluster; plugin: none leaves Calico alone`,
    ],
  };
}

function whoseIsThere({ cni }: SaidOfNetwork): string {
  const [first] = listOf(cni).flatMap((name) => textOf(name) ?? []);
  const whose =
    first === undefined ? 'none is known on the host that was asked' : `${first} on the host that was asked`;
  return `the network plugin stays whose it is (${whose})`;
}

/** Its settings, or why it is left alone. */
function calico(said: SaidOfNetwork, podSubnet: string | undefined): JsonObject | string {
  const container = listOf(at(said.calicoNode, 'spec', 'template', 'spec', 'containers'))
    .map(mapOf)
    .find(({ name }) => name === 'calico-node');
  const image = textOf(container?.['image']) ?? '';
  const [, registry, version] = /^(.*?)\/?calico\/node:v(\d+\.\d+\.\d+)$/.exec(image) ?? [];
  if (version === undefined || !CALICO_RELEASES.some((release) => release.version === version)) {
    const known = CALICO_RELEASES.map((release) => release.version).join(', ');
    return `Calico stays as it is, since its image ${image || 'is unknown'} is of no release that slipway knows (${known})`;
  }
  const isOperators = said.installation !== undefined && said.installation !== null;
  const variables = variablesOf(container);
  const own = isOperators ? operatorSettings(mapOf(said.installation)) : manifestSettings(said, variables);
  if (typeof own === 'string') return `Calico stays as it is, since ${own}`;
  const pools = poolSettings(said.pools, podSubnet);
  if (typeof pools === 'string') return `Calico stays as it is, since ${pools}`;
  const { isBgp, ...others } = own;
  const isVxlan = pools.encapsulation === 'vxlan';
  return {
    plugin: 'calico',
    version,
    ...(isOperators && { install: 'operator' }),
    ...pools.settings,
    ...(isBgp === isVxlan && { bgp: isBgp }),
    ...(registry !== '' &&
      registry !== 'quay.io' &&
      registry !== 'docker.io' && { registry: registry ?? '' }),
    ...others,
  };
}

type Own = JsonObject & { readonly isBgp: boolean };

/** @see https://docs.tigera.io/calico/latest/reference/configure-calico-node (3.32) */
function manifestSettings(
  { calicoConfig }: SaidOfNetwork,
  variables: ReadonlyMap<string, string>,
): Own | string {
  const data = mapOf(mapOf(calicoConfig)['data']);
  const typha = textOf(data['typha_service_name']);
  if (typha !== undefined && typha !== 'none')
    return 'it has Typha, whose number of replicas is yours to say';
  const backend = textOf(data['calico_backend']) ?? 'bird';
  if (backend !== 'bird' && backend !== 'vxlan') return `its backend is ${backend}`;
  const mtu = Number(textOf(data['veth_mtu']) ?? '0');
  const dataplane =
    variables.get('FELIX_BPFENABLED') === 'true'
      ? 'bpf'
      : variables.get('FELIX_NFTABLESMODE') === 'Enabled'
        ? 'nftables'
        : undefined;
  const ipv6 = variables.get('IP6_AUTODETECTION_METHOD');
  return {
    isBgp: backend === 'bird',
    ipAutodetection: variables.get('IP_AUTODETECTION_METHOD') ?? 'first-found',
    ...(ipv6 !== undefined && { ipv6Autodetection: ipv6 }),
    ...(mtu > 0 && { mtu }),
    ...(dataplane !== undefined && { dataplane }),
  };
}

/** @see https://docs.tigera.io/calico/latest/reference/installation/api (3.32) */
function operatorSettings(installation: JsonObject): Own | string {
  const { variant } = mapOf(installation['spec']);
  if (variant !== undefined && variant !== 'Calico') return `it is ${textOf(variant)}`;
  const network = mapOf(at(installation, 'spec', 'calicoNetwork'));
  const {
    bgp,
    mtu,
    linuxDataplane,
    nodeAddressAutodetectionV4: v4,
    nodeAddressAutodetectionV6: v6,
  } = network;
  const method = v4 === undefined ? 'first-found' : methodOf(mapOf(v4));
  const methodV6 = v6 === undefined ? undefined : methodOf(mapOf(v6));
  if (method === undefined || (v6 !== undefined && methodV6 === undefined))
    return 'it finds the addresses of nodes in a way that an inventory cannot say';
  const dataplane = DATAPLANES[textOf(linuxDataplane) ?? 'Iptables'];
  if (dataplane === undefined) return `its data plane is ${textOf(linuxDataplane)}`;
  return {
    isBgp: bgp !== 'Disabled',
    ipAutodetection: method,
    ...(methodV6 !== undefined && { ipv6Autodetection: methodV6 }),
    ...(typeof mtu === 'number' && { mtu }),
    ...(dataplane !== 'iptables' && { dataplane }),
  };
}

const DATAPLANES: Readonly<Record<string, string>> = {
  Iptables: 'iptables',
  Nftables: 'nftables',
  BPF: 'bpf',
};

/** In the words of IP_AUTODETECTION_METHOD. */
function methodOf(wanted: JsonObject): string | undefined {
  const entries = Object.entries(wanted);
  const [key, value] = entries[0] ?? [];
  if (entries.length !== 1) return undefined;
  if (key === 'firstFound' && value === true) return 'first-found';
  if (key === 'kubernetes' && value === 'NodeInternalIP') return 'kubernetes-internal-ip';
  if (key === 'cidrs')
    return `cidr=${listOf(value)
      .flatMap((cidr) => textOf(cidr) ?? [])
      .join(',')}`;
  const words = { interface: 'interface', skipInterface: 'skip-interface', canReach: 'can-reach' };
  const word = words[key as keyof typeof words];
  const text = textOf(value);
  return word === undefined || text === undefined ? undefined : `${word}=${text}`;
}

interface Pools {
  readonly settings: JsonObject;
  readonly encapsulation: string;
}

/** What calico-node makes of podSubnet by itself, and what the operator calls so. */
const DEFAULT_POOLS: ReadonlySet<string> = new Set(['default-ipv4-ippool', 'default-ipv6-ippool']);

/** @see https://docs.tigera.io/calico/latest/reference/resources/ippool (3.32) */
function poolSettings(said: Json | undefined, podSubnet: string | undefined): Pools | string {
  const pools = listOf(mapOf(said)['items']).map((item) => {
    const { ipipMode, vxlanMode, ...spec } = mapOf(mapOf(item)['spec']);
    const encapsulation = encapsulationOf(textOf(ipipMode) ?? 'Never', textOf(vxlanMode) ?? 'Never');
    return {
      name: textOf(at(item, 'metadata', 'name')) ?? '',
      cidr: textOf(spec['cidr']) ?? '',
      encapsulation,
      spec,
    };
  });
  const [first] = pools;
  if (first === undefined) return 'its pools are not known';
  const unusual = pools.find(({ spec }) => spec['disabled'] === true || spec['disableBGPExport'] === true);
  if (unusual !== undefined) return `its pool ${unusual.name} is disabled, or kept from BGP`;
  const subnets = (podSubnet ?? '').split(',');
  const isDefault =
    pools.every(
      ({ name, cidr, encapsulation, spec }) =>
        DEFAULT_POOLS.has(name) &&
        subnets.includes(cidr) &&
        (encapsulation === first.encapsulation || cidr.includes(':')) &&
        (spec['nodeSelector'] ?? ALL) === ALL &&
        (spec['natOutgoing'] === true || cidr.includes(':')),
    ) && pools.length === subnets.length;
  if (isDefault) {
    const sizes = pools.map(({ cidr, spec }) => blockSize(cidr, spec));
    return {
      settings: Object.assign({ encapsulation: first.encapsulation }, ...sizes) as JsonObject,
      encapsulation: first.encapsulation,
    };
  }
  return {
    encapsulation: first.encapsulation,
    settings: {
      encapsulation: first.encapsulation,
      pools: pools.map(({ name, cidr, encapsulation, spec }) => ({
        name,
        cidr,
        ...(typeof spec['blockSize'] === 'number' && { blockSize: spec['blockSize'] }),
        encapsulation,
        natOutgoing: spec['natOutgoing'] === true,
        ...((spec['nodeSelector'] ?? ALL) !== ALL && { nodeSelector: spec['nodeSelector'] ?? ALL }),
      })),
    },
  };
}

const ALL = 'all()';
const BLOCK_SIZES = { blockSize: 26, ipv6BlockSize: 122 };

function blockSize(cidr: string, { blockSize: found }: JsonObject): JsonObject {
  const key = cidr.includes(':') ? 'ipv6BlockSize' : 'blockSize';
  return typeof found === 'number' && found !== BLOCK_SIZES[key] ? { [key]: found } : {};
}

function encapsulationOf(ipip: string, vxlan: string): string {
  const [mode, name] = vxlan === 'Never' ? [ipip, 'ipip'] : [vxlan, 'vxlan'];
  if (mode === 'Never') return 'none';
  return mode === 'CrossSubnet' ? `${name}-cross-subnet` : name;
}

const variablesOf = (container: JsonObject | undefined): ReadonlyMap<string, string> =>
  new Map(
    listOf(container?.['env'])
      .map(mapOf)
      .flatMap(({ name, value }) => {
        const [key, text] = [textOf(name), textOf(value)];
        return key === undefined || text === undefined ? [] : [[key, text] as const];
      }),
  );

const at = (value: Json | undefined, ...path: readonly string[]): Json | undefined =>
  path.reduce<Json | undefined>((found, key) => mapOf(found)[key], value);
