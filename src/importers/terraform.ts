import type { Role } from '#core/cluster.ts';
import { ipFamily } from '#core/ip-family.ts';
import { isJsonObject, type Json, type JsonObject } from '#core/json.ts';

import type { Imported, ImportedHost, Importer } from './imported.ts';
import { firstText, listOf, mapIn, portOf, textOf, unreadable, versionOf } from './loose.ts';
import { isGpuName, roleIn } from './roles.ts';

const WHAT = 'the outputs of Terraform or OpenTofu as JSON';

const ADDRESS = ['address', 'public_ip', 'ip', 'ip_address', 'ipv4_address', 'ipv4', 'host', 'access_ip_v4'];
const PRIVATE = [
  'node_ip',
  'nodeIp',
  'private_ip',
  'private_ip_address',
  'internal_ip',
  'ipv4_address_private',
];
const ENDPOINT = ['control_plane_endpoint', 'api_endpoint', 'endpoint', 'load_balancer', 'lb_address'];

/**
 * Outputs that are lists or maps of hosts. Sensitive ones are in plain in this JSON: they are not looked at.
 *
 * @see https://developer.hashicorp.com/terraform/cli/commands/output (1.9)
 */
export const terraform: Importer = (text) => {
  const document = mapIn(text, WHAT, 'terraform');
  const outputs = Object.entries(document).map(([name, output]) => outputOf(name, output));
  const open = outputs.filter(({ isSensitive }) => !isSensitive);
  const hosts = open.flatMap(({ name, value }) => hostsIn(name, value));
  if (hosts.length === 0) throw unreadable(`${WHAT}, or has no hosts in them`, 'terraform');
  const get = (keys: readonly string[]): string | undefined =>
    keys.map((key) => textOf(open.find(({ name }) => name === key)?.value)).find(Boolean);
  return { ...settings(get), hosts: unique(hosts), notes: notesOn(outputs) };
};

interface Output {
  readonly name: string;
  readonly isSensitive: boolean;
  readonly value: Json;
}

function outputOf(name: string, output: Json): Output {
  if (!isJsonObject(output) || !('value' in output)) return { name, isSensitive: false, value: output };
  return { name, isSensitive: output['sensitive'] === true, value: output['value'] ?? null };
}

function settings(get: (keys: readonly string[]) => string | undefined): Partial<Imported> {
  const endpoint = get(ENDPOINT)?.replace(/^https?:\/\//, '');
  return {
    cluster: get(['cluster_name', 'cluster']),
    version: versionOf(get(['kubernetes_version', 'k8s_version'])),
    endpoint: endpoint === undefined || /:\d+$/.test(endpoint) ? endpoint : `${endpoint}:6443`,
  };
}

const notesOn = (outputs: readonly Output[]): readonly string[] =>
  outputs.flatMap(({ name, isSensitive }) =>
    isSensitive ? [`the output ${name} is sensitive, and was not looked at`] : [],
  );

function hostsIn(output: string, value: Json): readonly ImportedHost[] {
  const members = isJsonObject(value)
    ? Object.entries(value)
    : listOf(value).map((one) => [undefined, one] as const);
  return members.flatMap(([key, member], index) => hostIn(output, key, member, index));
}

function hostIn(
  output: string,
  key: string | undefined,
  member: Json,
  index: number,
): readonly ImportedHost[] {
  const fallback = roleIn(output);
  // A list of addresses has no names.
  const numbered = `${fallback === 'control-plane' ? 'cp' : isGpuName(groupOf(output)) ? 'gpu' : 'w'}${index + 1}`;
  const isGpu = isGpuName(groupOf(output));
  if (isJsonObject(member)) return hostOf(key, member, fallback, isGpu);
  const address = textOf(member);
  if (address === undefined || ipFamily(address) === 0) return [];
  const name = key ?? numbered;
  return [{ name, role: fallback ?? roleIn(name), address, ...(isGpu && { gpu: true as const }) }];
}

/** `gpu` of `gpu_ips`. */
const groupOf = (output: string): string =>
  output.replace(/[-_](ips?|addresses|public_ips?|private_ips?|hosts?)$/, '');

function hostOf(
  key: string | undefined,
  member: JsonObject,
  fallback: Role | undefined,
  isGpu: boolean,
): readonly ImportedHost[] {
  const inner = firstText(member, PRIVATE);
  const address = firstText(member, ADDRESS) ?? inner;
  const name = firstText(member, ['name', 'hostname']) ?? key;
  if (address === undefined || name === undefined) return [];
  const said = textOf(member['role']);
  const hasGpu = isGpu || member['gpu'] === true;
  return [
    {
      name,
      role: (said === undefined ? undefined : roleIn(said)) ?? fallback ?? roleIn(name),
      address,
      port: portOf(member['port'] ?? member['ssh_port']),
      user: firstText(member, ['user', 'ssh_user']),
      identityFile: firstText(member, ['identity_file', 'private_key_path', 'ssh_key_path']),
      nodeIp: inner === address ? undefined : inner,
      ...(hasGpu && { gpu: true as const }),
    },
  ];
}

/** One host may be in several outputs: the first that names it stands. */
const unique = (hosts: readonly ImportedHost[]): readonly ImportedHost[] => {
  const seen = new Set<string>();
  return hosts.filter(({ name }) => !seen.has(name) && seen.add(name));
};
