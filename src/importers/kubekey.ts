import { isJsonObject, type Json, type JsonObject } from '#core/json.ts';

import { dataDirOf, externalEtcdOf } from './imported-etcd.ts';
import type { ImportedHost, Importer } from './imported.ts';
import {
  clusterNameOf,
  endpointOf,
  listOf,
  mapIn,
  mapOf,
  portOf,
  textOf,
  unreadable,
  versionOf,
} from './loose.ts';

const WHAT = 'a configuration of KubeKey';

/** @see https://github.com/kubesphere/kubekey/blob/v3.1.7/docs/config-example.md */
export const kubekey: Importer = (text) => {
  const { spec } = mapIn(text, WHAT, 'kubekey');
  const { hosts, roleGroups, controlPlaneEndpoint, kubernetes, network, etcd } = mapOf(spec);
  const entries = listOf(hosts).map(mapOf);
  if (entries.length === 0) throw unreadable(WHAT, 'kubekey');
  const groups = mapOf(roleGroups);
  const planes = membersOf(groups['control-plane'] ?? groups['master']);
  const workers = membersOf(groups['worker']);
  const { domain, address, port, internalLoadbalancer } = mapOf(controlPlaneEndpoint);
  // Its own balancers answer under a name that its hosts files know.
  const endpoint = textOf(address) ?? (internalLoadbalancer === undefined ? textOf(domain) : undefined);
  const plugin = textOf(mapOf(network)['plugin']);
  const found = externalEtcdOf(mapOf(etcd)['external'], { isHere: true });
  return {
    cluster: clusterNameOf(mapOf(kubernetes)['clusterName']),
    version: versionOf(mapOf(kubernetes)['version']),
    endpoint:
      planes.length > 1 || textOf(address) !== undefined ? endpointOf(endpoint, textOf(port)) : undefined,
    podSubnet: textOf(mapOf(network)['kubePodsCIDR']),
    serviceSubnet: textOf(mapOf(network)['kubeServiceCIDR']),
    etcd: found.etcd ?? dataDirOf(mapOf(etcd)['dataDir']),
    hosts: entries
      .map((entry) => hostOf(entry, planes, workers))
      .filter(({ name }) => planes.includes(name) || workers.includes(name)),
    notes: [
      ...found.notes,
      ...(plugin === undefined || plugin === 'calico'
        ? []
        : [`network plugin ${plugin} is not carried over`]),
      ...['registry', 'addons', 'system'].flatMap((key) => {
        const value = mapOf(spec)[key];
        return isEmpty(value) ? [] : [`spec.${key} is not carried over`];
      }),
    ],
  };
};

/** Also of a map whose members say nothing. */
function isEmpty(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return isJsonObject(value) && Object.values(value).every(isEmpty);
}

/** Names, and ranges such as `node[1:3]`. */
const membersOf = (value: Json | undefined): readonly string[] =>
  listOf(value).flatMap((member) => {
    const text = textOf(member) ?? '';
    const [, before = '', first, last, after = ''] = /^(.*)\[(\d+):(\d+)\](.*)$/.exec(text) ?? [];
    if (first === undefined || last === undefined) return text === '' ? [] : [text];
    const count = Math.max(0, Math.min(Number(last) - Number(first) + 1, MAX_RANGE));
    return Array.from(
      { length: count },
      (_, index) => `${before}${String(Number(first) + index).padStart(first.length, '0')}${after}`,
    );
  });

const MAX_RANGE = 10_000;

function hostOf(entry: JsonObject, planes: readonly string[], workers: readonly string[]): ImportedHost {
  const name = textOf(entry['name']) ?? '';
  const address = textOf(entry['address']);
  // It may be two, for dual stack.
  const inner = textOf(entry['internalAddress'])?.split(',')[0];
  return {
    name,
    role: planes.includes(name) ? 'control-plane' : 'worker',
    address: address ?? inner,
    port: portOf(entry['port']),
    user: textOf(entry['user']) ?? 'root',
    identityFile: textOf(entry['privateKeyPath']),
    nodeIp: inner === address ? undefined : inner,
    takesPods: workers.includes(name),
    asksFor:
      entry['password'] === undefined
        ? []
        : (textOf(entry['user']) ?? 'root') === 'root'
          ? ['password']
          : ['password', 'becomePassword'],
    notes:
      entry['privateKey'] === undefined
        ? []
        : ['its privateKey stands in the file, and is not carried over: set identityFile'],
  };
}
