import { nearestMinor } from '#catalog/kubernetes.ts';
import { EXIT } from '#core/exit-code.ts';
import type { Json, JsonObject } from '#core/json.ts';
import { SlipwayError } from '#core/slipway-error.ts';
import { parse } from 'yaml';

import { adoptedNetwork, type SaidOfNetwork } from './adopted-network.ts';
import { adoptedSettings } from './adopted-settings.ts';
import type { Imported, ImportedHost } from './imported.ts';
import { dataDirOf, externalEtcdOf } from './imported-etcd.ts';
import { listOf, mapOf, textOf } from './loose.ts';

const CONTROL_PLANE = 'node-role.kubernetes.io/control-plane';

/** How the control plane is reached that was asked. */
export interface AskedHost extends Pick<ImportedHost, 'user' | 'port' | 'identityFile'> {
  readonly address: string;
}

/**
 * An inventory of a running cluster, of what one of its control planes says of it.
 *
 * @param said as `readCluster` gives it.
 * @throws {SlipwayError} where its Kubernetes is none that slipway knows.
 */
export function adopted(said: string, asked: AskedHost): Imported {
  const { nodes, kubeadm, owners, kubeProxy, ...network } = mapOf(JSON.parse(said) as Json);
  const configuration = mapOf(
    parse(textOf(mapOf(mapOf(kubeadm)['data'])['ClusterConfiguration']) ?? '{}') as Json,
  );
  const { networking, controlPlaneEndpoint, clusterName, imageRepository } = configuration;
  const version = (textOf(configuration['kubernetesVersion']) ?? '').replace(/^v/, '');
  if (nearestMinor(version) === undefined) throw unknownVersion(version);
  const all = listOf(mapOf(nodes)['items']).map(mapOf);
  const { podSubnet, serviceSubnet, dnsDomain } = mapOf(networking);
  const { local, external } = mapOf(configuration['etcd']);
  const { etcd = dataDirOf(mapOf(local)['dataDir']), notes: etcdNotes } = externalEtcdOf(external);
  const { settings, notes } = adoptedSettings(configuration, version);
  const found = adoptedNetwork(network as unknown as SaidOfNetwork, textOf(podSubnet));
  return {
    cluster: textOf(clusterName),
    version,
    endpoint: textOf(controlPlaneEndpoint),
    podSubnet: textOf(podSubnet),
    serviceSubnet: textOf(serviceSubnet),
    dnsDomain: unless(textOf(dnsDomain), 'cluster.local'),
    imageRepository: unless(textOf(imageRepository), 'registry.k8s.io'),
    etcd,
    settings: withKubeProxy(settings, kubeProxy),
    ...runtimeOf(all, mapOf(owners)),
    ...(found.network === undefined ? { isNetworkLeft: true } : { network: found.network }),
    hosts: all.map((node) => hostOf(node, asked, all.length)),
    notes: [...found.notes, ...etcdNotes, ...notes, ...versionNotes(all, version)],
  };
}

const unless = (found: string | undefined, usual: string): string | undefined =>
  found === usual ? undefined : found;

const unknownVersion = (version: string): SlipwayError =>
  new SlipwayError(
    `the cluster runs Kubernetes ${version || 'of an unknown version'}, which slipway does not know`,
    {
      code: 'unknown-version',
      exitCode: EXIT.failed,
      hint: 'slipway versions lists those that it knows; upgrade the cluster to one of them as it was made',
    },
  );

function hostOf(node: JsonObject, asked: AskedHost, count: number): ImportedHost {
  const { metadata, spec, status } = node;
  const labels = mapOf(mapOf(metadata)['labels']);
  const addresses = listOf(mapOf(status)['addresses']).map(mapOf);
  const internal = textOf(addresses.find(({ type }) => type === 'InternalIP')?.['address']);
  const name = textOf(mapOf(metadata)['name']) ?? '';
  const taints = listOf(mapOf(spec)['taints']).map(mapOf);
  const isControlPlane = CONTROL_PLANE in labels;
  const isAsked = count === 1 || [internal, name].includes(asked.address);
  const others = taints.filter(
    ({ key }) => key !== CONTROL_PLANE && textOf(key)?.includes('node.kubernetes.io/') !== true,
  );
  const gpus = textOf(mapOf(mapOf(status)['capacity'])['nvidia.com/gpu']);
  return {
    name,
    role: isControlPlane ? 'control-plane' : 'worker',
    address: isAsked ? asked.address : internal,
    nodeIp: isAsked && asked.address !== internal ? internal : undefined,
    port: asked.port,
    user: asked.user,
    identityFile: asked.identityFile,
    takesPods: isControlPlane && !taints.some(({ key }) => key === CONTROL_PLANE),
    notes: [
      ...(others.length === 0
        ? []
        : [`it has taints that stay as they are: ${others.map(({ key }) => textOf(key)).join(', ')}`]),
      ...(gpus === undefined || gpus === '0'
        ? []
        : [
            `it has ${gpus} GPUs: with gpu: true, slipway looks after their toolkit and device plugin as well`,
          ]),
    ],
  };
}

/** Of the host that was asked: others are taken to be made alike. */
function runtimeOf(
  nodes: readonly JsonObject[],
  owners: JsonObject,
): Pick<Imported, 'runtime' | 'isRuntimeUnknown'> {
  const types = new Set(
    nodes.map(
      ({ status }) =>
        (textOf(mapOf(mapOf(status)['nodeInfo'])['containerRuntimeVersion']) ?? '').split(':')[0],
    ),
  );
  const [type] = types;
  if (types.size !== 1) return { isRuntimeUnknown: true };
  if (type === 'cri-o') return { runtime: { type } };
  if (type === 'docker') return ofDocker(textOf(owners['dockerd']));
  const owner = textOf(owners['containerd']);
  if (owner === 'containerd.io') return { runtime: { type: 'containerd', source: 'docker' } };
  if (owner === 'containerd') return { runtime: { type: 'containerd', source: 'distribution' } };
  return { isRuntimeUnknown: true };
}

/** docker-ce is Docker's own package, docker.io the distribution's. */
function ofDocker(owner: string | undefined): Pick<Imported, 'runtime' | 'isRuntimeUnknown'> {
  if (owner === 'docker-ce') return { runtime: { type: 'docker', source: 'docker' } };
  if (owner === 'docker.io') return { runtime: { type: 'docker', source: 'distribution' } };
  return { isRuntimeUnknown: true };
}

const MODES: ReadonlySet<string> = new Set(['iptables', 'ipvs', 'nftables']);

/** The mode that kube-proxy was told; where it was told none, it takes what its system has. */
function withKubeProxy(settings: JsonObject, configMap: Json | undefined): JsonObject {
  const text = textOf(mapOf(mapOf(configMap)['data'])['config.conf']);
  const mode = textOf(mapOf(parse(text ?? '{}') as Json)['mode']);
  return mode === undefined || !MODES.has(mode) ? settings : { ...settings, kubeProxy: { mode } };
}

function versionNotes(nodes: readonly JsonObject[], version: string): readonly string[] {
  const others = nodes.filter(
    ({ status }) => textOf(mapOf(mapOf(status)['nodeInfo'])['kubeletVersion'])?.replace(/^v/, '') !== version,
  );
  return others.length === 0
    ? []
    : [
        `these have another kubelet than ${version}, which a plan upgrades: ${others.map(({ metadata }) => textOf(mapOf(metadata)['name'])).join(', ')}`,
      ];
}
