import type { Kubernetes } from '#core/kubernetes.ts';
import { mergeObjects } from '#core/merge-objects.ts';
import type { InventoryDocument } from '#inventory/inventory.ts';
import type { BuildContext, ValidDocument } from '#inventory/section.ts';
import type { HostDocument } from '#inventory/sections/hosts.ts';
import { runtimeDefaults, type RuntimeDocument } from '#inventory/sections/runtime.ts';
import { type Finding, type Path, quoteValue, SECRET_FIELDS } from '#inventory/text/problem.ts';
import { listed, suggest } from '#inventory/text/suggestion.ts';
import { expandRange } from '#inventory/values/host-range.ts';

import type { HostFileDocument } from './host-files.ts';
import type { HostSettings } from './settings.ts';

/** One host of an entry of the list, with what it has from its group and from the defaults. */
export interface ExpandedHost {
  /** Index of the entry in the inventory's list. */
  readonly entry: number;
  readonly name: string;
  readonly address: string;
  readonly nodeIp?: string;
  readonly secondNodeIp?: string;
  readonly group?: string;
  /** It is written down as `state: absent` or `purged`. */
  readonly isLeaving: boolean;
  readonly isPurged: boolean;
  readonly settings: HostSettings;
  /** Where each secret's reference stands, by the field; that of a file by the path of the file. */
  readonly secrets: Readonly<Record<string, Path>>;
}

/** What a host is built of. */
export interface HostContext extends BuildContext {
  readonly host: ExpandedHost;
  readonly kubernetes: Kubernetes;
}

/** What is valid is treated as if it were all: where something was refused, no cluster is built. */
type Document = Partial<Omit<InventoryDocument, 'hosts'>> & {
  readonly hosts?: readonly (Partial<HostDocument> | null)[];
};

/** Makes hosts of entries: ranges are counted out, groups and defaults are merged in. */
export function expandHosts(valid: ValidDocument): {
  readonly hosts: readonly ExpandedHost[];
  readonly findings: readonly Finding[];
} {
  const document = valid as Document;
  const findings: Finding[] = [];
  const sizes = new Map<HostSettings, number>();
  const total = { hosts: 0, settings: 0 };
  const hosts = (document.hosts ?? []).flatMap((host, entry) => {
    if (host?.name === undefined || isTooMuch(total)) return [];
    const sources = sourcesOf(document, host, entry, findings);
    const identities = identitiesOf({ ...host, name: host.name }, entry, findings);
    for (const { settings } of sources) {
      const size = sizes.get(settings) ?? sizeOf(settings);
      sizes.set(settings, size);
      total.settings += size * identities.length;
    }
    total.hosts += identities.length;
    if (isTooMuch(total)) {
      const most = `more than ${MAX_HOSTS} hosts, or than ${MAX_SETTINGS} settings of all hosts together`;
      findings.push({ path: ['hosts', entry], message: `makes ${most}, which no cluster has` });
      return [];
    }
    const settings = mergeSettings(document.runtime, sources);
    const secrets = secretPaths(sources);
    return identities.map((identity) => ({
      entry,
      ...identity,
      ...(host.group !== undefined && { group: host.group }),
      isLeaving: host.state === 'absent' || host.state === 'purged',
      isPurged: host.state === 'purged',
      settings,
      secrets,
    }));
  });
  return { hosts, findings };
}

/** Twice what Kubernetes is made for: https://kubernetes.io/docs/setup/best-practices/cluster-large/ (v1.34) */
const MAX_HOSTS = 10_000;
/** What takes seconds to read. */
const MAX_SETTINGS = 2_000_000;

const isTooMuch = (total: { readonly hosts: number; readonly settings: number }): boolean =>
  total.hosts > MAX_HOSTS || total.settings > MAX_SETTINGS;

/** How many values it is made of. */
const sizeOf = (value: unknown): number =>
  typeof value === 'object' && value !== null
    ? Object.values(value).reduce<number>((sum, member) => sum + sizeOf(member), 1)
    : 1;

interface SettingsSource {
  readonly path: Path;
  readonly settings: HostSettings;
}

/** From the most general to the most particular. */
function sourcesOf(
  document: Document,
  host: HostSettings & Pick<HostDocument, 'group'>,
  entry: number,
  findings: Finding[],
): readonly SettingsSource[] {
  const defaults = { path: ['defaults'], settings: document.defaults ?? {} };
  const own = { path: ['hosts', entry], settings: host };
  if (host.group === undefined) return [defaults, own];

  const groups = document.groups ?? {};
  if (!Object.hasOwn(groups, host.group)) {
    const names = Object.keys(groups);
    const suggestion = suggest(host.group, names);
    findings.push({
      path: ['hosts', entry, 'group'],
      message: `there is no group ${JSON.stringify(host.group)}`,
      ...(names.length > 0 && { wanted: listed(names) }),
      ...(suggestion !== undefined && { suggestion }),
    });
    return [defaults, own];
  }
  return [defaults, { path: ['groups', host.group], settings: groups[host.group] ?? {} }, own];
}

function mergeSettings(
  runtime: RuntimeDocument | undefined,
  sources: readonly SettingsSource[],
): HostSettings {
  const all = sources.map(({ settings }) => settings);
  const merged: HostSettings = Object.assign({}, ...all);
  return {
    ...merged,
    labels: Object.assign({}, ...all.map(({ labels }) => labels)),
    kubeletExtraArgs: Object.assign({}, ...all.map(({ kubeletExtraArgs }) => kubeletExtraArgs)),
    ...(all.some(({ gpuDevices }) => gpuDevices !== undefined) && {
      gpuDevices: Object.assign({}, ...all.map(({ gpuDevices }) => gpuDevices)),
    }),
    kubelet: all.map(({ kubelet }) => kubelet ?? {}).reduce(mergeObjects, {}),
    files: Object.assign({}, ...all.map(({ files }) => files)),
    packages: [...new Set(all.flatMap(({ packages }) => packages ?? []))],
    runtime: mergeRuntimes([runtime, ...all.map((settings) => settings.runtime)]),
  };
}

/** Where another type of runtime is said, what was said of the one before is of no concern to it. */
function mergeRuntimes(runtimes: readonly (RuntimeDocument | undefined)[]): RuntimeDocument {
  let merged: RuntimeDocument = {};
  for (const particular of runtimes) {
    const type = merged.type ?? runtimeDefaults.type;
    const below = (particular?.type ?? type) === type ? merged : ofAnyRuntime(merged);
    merged = {
      ...below,
      ...particular,
      config: mergeObjects(below.config ?? {}, particular?.config ?? {}),
      downloads: { ...below.downloads, ...particular?.downloads },
      ...((below.handlers ?? particular?.handlers) !== undefined && {
        handlers: { ...below.handlers, ...particular?.handlers },
      }),
    };
  }
  return merged;
}

const ofAnyRuntime = ({ sandboxImage, downloads, fetch }: RuntimeDocument): RuntimeDocument => ({
  ...(sandboxImage !== undefined && { sandboxImage }),
  ...(downloads !== undefined && { downloads }),
  ...(fetch !== undefined && { fetch }),
});

function secretPaths(sources: readonly SettingsSource[]): ExpandedHost['secrets'] {
  const paths: Record<string, Path> = {};
  for (const { path, settings } of sources) {
    for (const field of SECRET_FIELDS) if (settings[field] !== undefined) paths[field] = [...path, field];
    for (const [file, one] of Object.entries<HostFileDocument | null>(settings.files ?? {})) {
      delete paths[file];
      if (one?.secret !== undefined) paths[file] = [...path, 'files', file, 'secret'];
    }
  }
  return paths;
}

type Identity = Pick<ExpandedHost, 'name' | 'address' | 'nodeIp' | 'secondNodeIp'>;

/** Counts out the ranges of an entry's name, address and nodeIp together. */
function identitiesOf(host: HostDocument, entry: number, findings: Finding[]): readonly Identity[] {
  const names = expandField(host.name, ['hosts', entry, 'name'], findings);
  const expanded = (field: 'address' | 'nodeIp', text: string) =>
    expandField(text, ['hosts', entry, field], findings);
  const addresses = host.address === undefined ? names : expanded('address', host.address);
  const nodeIps = (host.nodeIp?.split(',') ?? []).flatMap((one) => expanded('nodeIp', one.trim()) ?? []);
  if (names === undefined || addresses === undefined) return [];
  if (nodeIps.length > 2) {
    const message =
      'has more than two addresses: one of IPv4 and one of IPv6 is all that a kubelet registers';
    findings.push({ path: ['hosts', entry, 'nodeIp'], message, got: quoteValue(host.nodeIp) });
    return [];
  }

  const identities = [['address', addresses] as const, ...nodeIps.map((one) => ['nodeIp', one] as const)];
  for (const [field, { values, counts }] of identities) {
    if (values.length !== names.values.length) {
      const message = `stands for ${plural(values.length, field)}, and the name for ${plural(names.values.length, 'host')}`;
      findings.push({ path: ['hosts', entry, field], message });
      return [];
    }
    if (names.counts.length > 1 && counts.length > 1 && String(names.counts) !== String(counts)) {
      const message = `counts ${counts.join(' by ')}, and the name ${names.counts.join(' by ')}: which belong together is not clear`;
      findings.push({ path: ['hosts', entry, field], message });
      return [];
    }
  }
  return names.values.map((name, index) => ({
    name,
    address: addresses.values[index]!,
    ...(nodeIps[0] && { nodeIp: nodeIps[0].values[index]! }),
    ...(nodeIps[1] && { secondNodeIp: nodeIps[1].values[index]! }),
  }));
}

interface Expanded {
  readonly values: readonly string[];
  readonly counts: readonly number[];
}

function expandField(text: string, path: Path, findings: Finding[]): Expanded | undefined {
  const expansion = expandRange(text);
  if (!('fault' in expansion)) return expansion;
  findings.push({ path, message: expansion.fault, got: quoteValue(text) });
  return undefined;
}

const plural = (count: number, noun: string): string =>
  `${count} ${count === 1 ? noun : noun === 'address' ? 'addresses' : `${noun}s`}`;
