import type { JsonObject } from '#core/json.ts';

import { externalEtcdOf } from './imported-etcd.ts';
import type { ImportedHost, Importer } from './imported.ts';
import { endpointOf, listOf, mapIn, mapOf, portOf, textOf, unreadable, versionOf } from './loose.ts';

const WHAT = 'a configuration of k0sctl';

const OTHER_PREFIX =
  'the external etcd has the objects of k0s: give the new cluster a prefix of its own, kubernetes.apiServer.extraArgs: {etcd-prefix: /NAME}';

/**
 * @see https://docs.k0sproject.io/stable/configuration/#specstorageetcdexternalcluster
 * @see https://github.com/k0sproject/k0sctl/blob/v0.19.0/README.md#configuration-file
 */
export const k0sctl: Importer = (text) => {
  const { metadata, spec } = mapIn(text, WHAT, 'k0sctl');
  const { hosts, k0s } = mapOf(spec);
  const entries = listOf(hosts).map(mapOf);
  if (entries.length === 0) throw unreadable(WHAT, 'k0sctl');
  const { api, network, storage } = mapOf(mapOf(mapOf(k0s)['config'])['spec']);
  const { etcd, notes: etcdNotes } = externalEtcdOf(mapOf(mapOf(storage)['etcd'])['externalCluster'], {
    keys: { caFile: 'caFile', certFile: 'clientCertFile', keyFile: 'clientKeyFile' },
  });
  const provider = textOf(mapOf(network)['provider']);
  return {
    cluster: textOf(mapOf(metadata)['name']),
    version: versionOf(mapOf(k0s)['version']),
    endpoint: endpointOf(textOf(mapOf(api)['externalAddress']), textOf(mapOf(api)['port'])),
    podSubnet: textOf(mapOf(network)['podCIDR']),
    serviceSubnet: textOf(mapOf(network)['serviceCIDR']),
    etcd,
    hosts: entries.flatMap((entry, index) => hostOf(entry, index)),
    notes: [
      'a cluster of k0s is not taken over: this is the inventory of a new one on the same hosts',
      ...etcdNotes,
      ...(etcd === undefined ? [] : [OTHER_PREFIX]),
      ...entries.flatMap((entry) => (entry['winRM'] === undefined ? [] : ['a Windows host is left out'])),
      ...(provider === undefined || provider === 'calico'
        ? []
        : [`network provider ${provider} is not carried over`]),
    ],
  };
};

function hostOf(entry: JsonObject, index: number): readonly ImportedHost[] {
  const login = mapOf(entry['ssh'] ?? entry['openSSH']);
  const isLocal = mapOf(entry['localhost'])['enabled'] === true;
  const address = textOf(login['address']);
  if (address === undefined && !isLocal) return [];
  const role = textOf(entry['role']) ?? 'worker';
  const bastion = mapOf(login['bastion']);
  const lost = ['environment', 'files', 'hooks', 'installFlags', 'privateInterface', 'os'].filter(
    (key) => entry[key] !== undefined,
  );
  return [
    {
      name: textOf(entry['hostname']) ?? `${role === 'worker' ? 'w' : 'cp'}${index + 1}`,
      role: role === 'worker' ? 'worker' : 'control-plane',
      address,
      port: portOf(login['port']),
      user: textOf(login['user']) ?? (isLocal ? undefined : 'root'),
      identityFile: textOf(login['keyPath']),
      proxyJump: jumpOf(bastion),
      nodeIp: textOf(entry['privateAddress']),
      connection: isLocal ? 'local' : undefined,
      takesPods: ['single', 'controller+worker'].includes(role),
      notes: [
        ...(lost.length === 0 ? [] : [`not carried over: ${lost.join(', ')}`]),
        ...(bastion['keyPath'] === undefined
          ? []
          : ['the key of its bastion is not carried over: ssh.bastions has a place for it']),
      ],
    },
  ];
}

function jumpOf(bastion: JsonObject): string | undefined {
  const address = textOf(bastion['address']);
  if (address === undefined) return undefined;
  const port = portOf(bastion['port']);
  return `${textOf(bastion['user']) ?? 'root'}@${address}${port === undefined ? '' : `:${port}`}`;
}
