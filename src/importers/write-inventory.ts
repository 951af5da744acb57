import { stringify } from 'yaml';

import { isNewerThanKnown, KUBERNETES_MINORS, nearestMinor } from '#catalog/kubernetes.ts';
import { isJsonObject, type Json, type JsonObject } from '#core/json.ts';

import type { Imported, ImportedHost } from './imported.ts';

export interface LoadBalancerWish {
  readonly type: 'local' | 'keepalived' | 'kube-vip';
  /** The virtual address, of the latter two. */
  readonly address?: string | undefined;
}

export interface Writing extends Imported {
  /** Where it comes from: `slipway import vagrant`. */
  readonly origin: string;
  readonly loadBalancer?: LoadBalancerWish | undefined;
}

/** An inventory in YAML, with comments on what a person has to look at. */
export function writeInventory(writing: Writing): string {
  const hosts = withControlPlane(writing.hosts);
  const shared = sharedOf(hosts);
  return `${[
    ...heading(writing, hosts),
    '',
    'cluster:',
    `  name: ${scalar(nodeName(writing.cluster ?? 'kubernetes'))} # in the kubeconfig and in reports`,
    '',
    ...kubernetesLines(writing, hosts),
    ...runningLines(writing),
    ...sshLines(writing),
    ...gpuLines(hosts),
    '',
    ...defaultsLines(shared),
    '',
    'hosts:',
    ...hosts.flatMap((host) => hostLines(host, shared)),
  ].join('\n')}\n`;
}

function heading(writing: Writing, hosts: readonly ImportedHost[]): readonly string[] {
  const isGuessed = hosts !== writing.hosts;
  const notes = [
    ...writing.notes,
    ...(isGuessed ? ['nothing says which hosts are control planes: the first one stands as one here'] : []),
    ...versionNotes(writing),
  ];
  return [
    `# An inventory of slipway, made by ${comment(writing.origin)}. Look it over, then:`,
    '#   slipway doctor      what is missing on this machine and on the hosts',
    '#   slipway plan        what would be done',
    '#   slipway apply       do it',
    ...(notes.length === 0
      ? []
      : ['#', '# To be looked at:', ...notes.map((note) => `# - ${comment(note)}`)]),
  ];
}

function versionNotes({ version }: Writing): readonly string[] {
  if (version === undefined || nearestMinor(version) !== undefined) return [];
  return [`Kubernetes ${version} is not carried over: slipway knows ${RANGE}`];
}

const RANGE = `${KUBERNETES_MINORS[0]?.minor} to ${KUBERNETES_MINORS.at(-1)?.minor}`;

/** The newest minor but one has seen most of its first faults mended. */
export const DEFAULT_VERSION = KUBERNETES_MINORS.at(-2)?.patch ?? '';

function kubernetesLines(writing: Writing, hosts: readonly ImportedHost[]): readonly string[] {
  const { version, podSubnet, serviceSubnet, dnsDomain, imageRepository, settings = {} } = writing;
  const known = version !== undefined && nearestMinor(version) !== undefined ? version : DEFAULT_VERSION;
  return [
    'kubernetes:',
    `  version: '${known}' # ${RANGE}, with its patch`,
    ...(isNewerThanKnown(known) ? ['  allowUntested: true # it is done as the newest of these'] : []),
    ...endpointLines(writing, hosts),
    ...field('  imageRepository', imageRepository),
    ...([podSubnet, serviceSubnet, dnsDomain].some((one) => one !== undefined) ? ['  networking:'] : []),
    ...field('    podSubnet', podSubnet),
    ...field('    serviceSubnet', serviceSubnet),
    ...field('    dnsDomain', dnsDomain),
    ...etcdLines(writing),
    ...block(withoutEtcd(settings)),
  ];
}

const withoutEtcd = (settings: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(settings).filter(([key]) => key !== 'etcd'));

function etcdLines({ etcd: { dataDir, external } = {}, settings }: Writing): readonly string[] {
  const more = settings?.['etcd'];
  if (dataDir === undefined && external === undefined && more === undefined) return [];
  return [
    '  etcd:',
    ...field('    dataDir', external === undefined ? dataDir : undefined),
    ...(external === undefined
      ? []
      : [
          '    external: # it is not made, upgraded or saved by slipway',
          '      endpoints:',
          ...external.endpoints.map((one) => `        - ${scalar(one)}`),
          ...field('      caFile', external.caFile),
          ...field('      certFile', external.certFile),
          '      keyFile:',
          ...field('        file', external.keyFile),
        ]),
    ...(isJsonObject(more) ? block(more).map((line) => `  ${line}`) : []),
  ];
}

/** What a running cluster has. */
const runningLines = ({ runtime, isRuntimeUnknown, network, isNetworkLeft }: Writing): readonly string[] => [
  ...(isRuntimeUnknown === true
    ? ['', '# runtime: # what is there is not known for all hosts: say its type and source before you plan']
    : []),
  ...(runtime === undefined
    ? []
    : ['', 'runtime:', ...field('  type', runtime.type), ...field('  source', runtime.source)]),
  ...(network === undefined ? [] : ['', 'network:', ...block(network)]),
  ...(isNetworkLeft === true ? ['', 'network:', '  plugin: none # the one that is there is left alone'] : []),
];

/** Several control planes have something before them, which cannot be changed later. */
function endpointLines(
  { endpoint, loadBalancer }: Writing,
  hosts: readonly ImportedHost[],
): readonly string[] {
  if (endpoint !== undefined)
    return [`  controlPlaneEndpoint: ${scalar(endpoint)} # the load balancer before the API servers`];
  const isSingle = hosts.filter(({ role }) => role === 'control-plane').length < 2;
  if (loadBalancer === undefined && isSingle)
    return [
      '  # controlPlaneEndpoint: api.example.com:6443 # wanted where control planes are to be added later',
    ];
  const { type, address } = loadBalancer ?? { type: 'local' };
  return [
    '  loadBalancer: # before the API servers; or controlPlaneEndpoint, where you have one of your own',
    `    type: ${type} # local: haproxy on every host; keepalived, kube-vip: a virtual address`,
    ...field('    address', address),
  ];
}

const sshLines = ({ areKeysNew, knownHosts }: Writing): readonly string[] =>
  knownHosts !== undefined
    ? ['', 'ssh:', ...field('  knownHosts', knownHosts)]
    : areKeysNew === true
      ? [
          '',
          'ssh:',
          '  hostKeys: accept-new # machines that are made anew have new keys; a key that changes is refused',
          '  knownHosts: ./known_hosts # remove it together with the machines',
        ]
      : [
          '',
          '# ssh:',
          '#   hostKeys: strict # or accept-new: write down the key of a host that is not known yet',
        ];

const gpuLines = (hosts: readonly ImportedHost[]): readonly string[] =>
  hosts.some(({ gpu }) => gpu === true)
    ? [
        '',
        'gpu:',
        '  devicePlugin:',
        '    type: nvidia # or hami, to share GPUs; or none',
        '  # driver:',
        '  #   package: nvidia-driver # default: the driver is there already',
      ]
    : [];

const SHARED = ['user', 'identityFile', 'proxyJump'] as const;
const SECRETS = ['password', 'becomePassword'] as const;

/** What all hosts have in common, as the lines that say it. */
type Shared = ReadonlySet<string>;

function sharedOf(hosts: readonly ImportedHost[]): Shared {
  // Nobody logs in to the machine that slipway runs on.
  const remote = hosts.filter(({ connection }) => connection !== 'local');
  const [first, ...others] = remote.map((host) => new Set(loginLines(host)));
  return new Set([...(first ?? [])].filter((line) => others.every((lines) => lines.has(line))));
}

/** Who logs in, and how. */
const loginLines = (host: ImportedHost): readonly string[] => [
  ...SHARED.flatMap((key) => field(key, host[key])),
  ...SECRETS.flatMap((key) =>
    host.asksFor?.includes(key) === true ? [`${key}: { prompt: '${QUESTIONS[key]}' }`] : [],
  ),
];

const QUESTIONS = { password: 'Password of SSH?', becomePassword: 'Password of sudo?' };

const defaultsLines = (shared: Shared): readonly string[] => [
  'defaults:',
  ...[...shared].map((line) => `  ${line}`),
  ...([...shared].some((line) => line.startsWith('user:'))
    ? []
    : ['  # user: root # who logs in; others go through sudo']),
  ...([...shared].some((line) => line.startsWith('identityFile:'))
    ? []
    : ['  # identityFile: ~/.ssh/id_ed25519 # default: the keys of the SSH agent, then the usual files']),
  ...([...shared].some((line) => line.startsWith('becomePassword:'))
    ? []
    : ["  # becomePassword: { prompt: 'Password of sudo?' } # where sudo asks for one"]),
  ...(shared.size > 0 ? [] : ['  role: worker # unless a host says otherwise']),
];

function hostLines(host: ImportedHost, shared: Shared): readonly string[] {
  const name = nodeName(host.name);
  const address = host.address === host.name && name === host.name ? undefined : host.address;
  return [
    ...(name === host.name
      ? []
      : [`  # ${comment(host.name)}: the name of a node is in lower case, with - and .`]),
    ...(host.notes ?? []).map((note) => `  # ${name}: ${comment(note)}`),
    `  - name: ${scalar(name)}`,
    ...field('    role', host.role === 'control-plane' ? host.role : undefined),
    ...field('    connection', host.connection),
    ...field('    address', address),
    ...field('    port', host.port),
    ...field('    nodeIp', host.nodeIp),
    ...loginLines(host).flatMap((line) => (shared.has(line) ? [] : [`    ${line}`])),
    ...field('    gpu', host.gpu),
    ...(host.takesPods === true && host.role === 'control-plane'
      ? ['    taints: [] # pods run on it as well']
      : []),
  ];
}

/** The same hosts where one is a control plane. */
function withControlPlane(hosts: readonly ImportedHost[]): readonly ImportedHost[] {
  if (hosts.some(({ role }) => role === 'control-plane')) return hosts;
  return hosts.map((host, index) => (index === 0 ? { ...host, role: 'control-plane' as const } : host));
}

/** As Kubernetes wants it. */
const nodeName = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9.-]+/g, '-')
    .replaceAll(/^[^a-z0-9]+|[^a-z0-9]+$/g, '') || 'host';

const field = (key: string, value: string | number | boolean | undefined): readonly string[] =>
  value === undefined ? [] : [`${key}: ${scalar(value)}`];

/** The lines of a map, one step in. */
const block = (value: JsonObject): readonly string[] =>
  Object.keys(value).length === 0
    ? []
    : stringify(withoutVariables(value), { lineWidth: 0 })
        .trimEnd()
        .split('\n')
        .map((line) => `  ${line}`);

/** `${` begins a variable in an inventory; in a replacement, `$$` is one `$`. */
const escaped = (text: string): string => text.replaceAll('${', () => '$${');

function withoutVariables(value: Json): Json {
  if (typeof value === 'string') return escaped(value);
  if (Array.isArray(value)) return value.map((item) => withoutVariables(item as Json));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutVariables(item)]));
}

/** On one line. */
function scalar(value: string | number | boolean): string {
  if (typeof value !== 'string') return String(value);
  const text = escaped(value);
  return /^[\w./~@:+-]+$/.test(text) ? stringify(text, { lineWidth: 0 }).trim() : JSON.stringify(text);
}

const comment = (text: string): string => text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');
