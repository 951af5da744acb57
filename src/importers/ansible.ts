import type { Role } from '#core/cluster.ts';
import { isJsonObject, type Json, type JsonObject } from '#core/json.ts';

import { dataDirOf } from './imported-etcd.ts';
import type { ImportedHost, Importer } from './imported.ts';
import {
  clusterNameOf,
  endpointOf,
  firstText,
  listOf,
  mapIn,
  mapOf,
  portOf,
  textOf,
  unreadable,
  versionOf,
} from './loose.ts';
import { isGpuName, roleIn } from './roles.ts';

const WHAT = "Ansible's inventory as JSON";

/** @see https://docs.ansible.com/ansible/latest/cli/ansible-inventory.html (2.17) */
export const ansible: Importer = (text) => {
  const document = mapIn(text, WHAT, 'ansible');
  return { hosts: hostsOf(document), notes: notesOn(document) };
};

/** @see https://github.com/kubernetes-sigs/kubespray/blob/v2.29.0/docs/ansible/vars.md */
export const kubespray: Importer = (text) => {
  const document = mapIn(text, WHAT, 'ansible');
  const hosts = hostsOf(document);
  const vars = mapOf(mapOf(mapOf(document['_meta'])['hostvars'])[hosts[0]?.name ?? '']);
  const balancer = mapOf(vars['loadbalancer_apiserver']);
  const address = textOf(balancer['address']) ?? textOf(vars['apiserver_loadbalancer_domain_name']);
  return {
    cluster: clusterNameOf(vars['cluster_name']),
    version: versionOf(vars['kube_version']),
    endpoint: endpointOf(address, textOf(balancer['port'])),
    podSubnet: textOf(vars['kube_pods_subnet']),
    serviceSubnet: textOf(vars['kube_service_addresses']),
    etcd: dataDirOf(vars['etcd_data_dir']),
    hosts,
    notes: [...notesOn(document), ...settingsLeft(vars)],
  };
};

/** Settings whose other values say another thing than slipway would do. */
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  kube_network_plugin: ['calico'],
  container_manager: ['containerd'],
  kube_proxy_mode: ['iptables'],
  dns_domain: ['cluster.local'],
  etcd_deployment_type: ['kubeadm'],
};

const settingsLeft = (vars: JsonObject): readonly string[] =>
  Object.entries(EXPECTED).flatMap(([key, expected]) => {
    const value = textOf(vars[key]);
    return value === undefined || expected.includes(value) ? [] : [`${key}: ${value} is not carried over`];
  });

function hostsOf(document: JsonObject): readonly ImportedHost[] {
  const vars = mapOf(mapOf(document['_meta'])['hostvars']);
  const groups = groupsOf(document);
  const names = [...new Set([...groups.values()].flatMap((members) => [...members]))];
  if (names.length === 0) throw unreadable(WHAT, 'ansible');
  const isKubernetes = [...groups.keys()].some((group) => roleIn(group) !== undefined);
  return names.flatMap((name) => {
    const role = roleOf(name, groups);
    // Hosts of other groups are no nodes.
    if (isKubernetes && role === undefined) return [];
    const host = hostOf(name, mapOf(vars[name]), role ?? roleIn(name));
    const isWorker = rolesOf(name, groups).includes('worker');
    return [{ ...host, takesPods: isWorker, gpu: isInGpuGroup(name, groups) ? true : undefined }];
  });
}

const isInGpuGroup = (name: string, groups: Groups): boolean =>
  [...groups].some(([group, members]) => isGpuName(group) && members.has(name));

type Groups = ReadonlyMap<string, ReadonlySet<string>>;

const rolesOf = (name: string, groups: Groups): readonly (Role | undefined)[] =>
  [...groups].flatMap(([group, members]) => (members.has(name) ? [roleIn(group)] : []));

function roleOf(name: string, groups: Groups): Role | undefined {
  const roles = rolesOf(name, groups);
  return roles.find((role) => role === 'control-plane') ?? roles.find((role) => role === 'worker');
}

/** All members of each group, those of its children as well. */
function groupsOf(document: JsonObject): Groups {
  const members = (group: string, seen: readonly string[]): readonly string[] => {
    if (seen.includes(group)) return [];
    const entry = document[group];
    // Scripts may give a bare list.
    if (Array.isArray(entry)) return texts(entry as Json);
    const { hosts, children } = mapOf(entry);
    return [...texts(hosts), ...texts(children).flatMap((child) => members(child, [...seen, group]))];
  };
  const names = Object.keys(document).filter((name) => name !== '_meta');
  return new Map(names.map((name) => [name, new Set(members(name, []))]));
}

const texts = (value: Json | undefined): readonly string[] =>
  listOf(value).flatMap((one) => textOf(one) ?? []);

const SECRETS = {
  password: ['ansible_password', 'ansible_ssh_pass', 'ansible_ssh_password'],
  becomePassword: ['ansible_become_password', 'ansible_become_pass', 'ansible_sudo_pass'],
} as const;

function hostOf(name: string, vars: JsonObject, role: Role | undefined): ImportedHost {
  const args = firstText(vars, ['ansible_ssh_common_args', 'ansible_ssh_extra_args']) ?? '';
  const [, option] = /ProxyJump[= ]"?([^\s"']+)/.exec(args) ?? [];
  const [, flag] = /(?:^|\s)-J\s*([^\s"']+)/.exec(args) ?? [];
  // ssh -W %h:%p user@bastion
  const [, command] = /ProxyCommand[= ].*?-W \S+.*?\s([\w.-]+@[\w.-]+)/.exec(args) ?? [];
  const proxyJump = option ?? flag ?? command;
  const address = firstText(vars, ['ansible_host', 'ansible_ssh_host']);
  return {
    name,
    role,
    address,
    port: portOf(vars['ansible_port'] ?? vars['ansible_ssh_port']),
    user: firstText(vars, ['ansible_user', 'ansible_ssh_user']),
    identityFile: firstText(vars, ['ansible_ssh_private_key_file', 'ansible_private_key_file']),
    proxyJump,
    nodeIp: textOf(vars['ip']),
    connection: vars['ansible_connection'] === 'local' ? 'local' : undefined,
    asksFor: Object.entries(SECRETS).flatMap(([key, names]) =>
      names.some((one) => vars[one] !== undefined) ? [key as keyof typeof SECRETS] : [],
    ),
    notes: [
      ...(args !== '' && proxyJump === undefined ? ['its ansible_ssh_common_args are not carried over'] : []),
      ...templates(vars),
    ],
  };
}

/** Values that Ansible would fill in. */
const templates = (vars: JsonObject): readonly string[] =>
  ['ansible_host', 'ansible_user', 'ansible_ssh_private_key_file', 'ip'].flatMap((key) => {
    const value = vars[key];
    const isOpen = isJsonObject(value) || (typeof value === 'string' && value.includes('{{'));
    return isOpen ? [`${key} is a template or encrypted, and is not carried over`] : [];
  });

function notesOn(document: JsonObject): readonly string[] {
  const groups = groupsOf(document);
  const etcd = groups.get('etcd') ?? new Set();
  const planes = new Set(
    [...groups].flatMap(([group, members]) => (roleIn(group) === 'control-plane' ? [...members] : [])),
  );
  const apart = [...etcd].filter((name) => !planes.has(name));
  return apart.length === 0
    ? []
    : [
        `etcd runs on the control planes here: ${apart.join(', ')} had it without being one; where theirs is to be kept, kubernetes.etcd.external names it`,
      ];
}
