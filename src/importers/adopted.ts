import { kubernetesMinor } from '#catalog/kubernetes.ts';
import { EXIT } from '#core/exit-code.ts';
import type { Json, JsonObject } from '#core/json.ts';
import { SlipwayError } from '#core/slipway-error.ts';
import { parse } from 'yaml';

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
  const { nodes, kubeadm, cni, containerd } = mapOf(JSON.parse(said) as Json);
  const configuration = mapOf(
    parse(textOf(mapOf(mapOf(kubeadm)['data'])['ClusterConfiguration']) ?? '{}') as Json,
  );
  const { networking, controlPlaneEndpoint, clusterName, imageRepository } = configuration;
  const version = (textOf(configuration['kubernetesVersion']) ?? '').replace(/^v/, '');
  if (kubernetesMinor(version) === undefined) throw unknownVersion(version);
  const all = listOf(mapOf(nodes)['items']).map(mapOf);
  const { podSubnet, serviceSubnet, dnsDomain } = mapOf(networking);
  const { local, external } = mapOf(configuration['etcd']);
  const { etcd = dataDirOf(mapOf(local)['dataDir']), notes: etcdNotes } = externalEtcdOf(external);
  return {
    cluster: textOf(clusterName),
    version,
    endpoint: textOf(controlPlaneEndpoint),
    podSubnet: textOf(podSubnet),
    serviceSubnet: textOf(serviceSubnet),
    dnsDomain: unless(textOf(dnsDomain), 'cluster.local'),
    imageRepository: unless(textOf(imageRepository), 'registry.k8s.io'),
    etcd,
    ...runtimeOf(all, textOf(containerd)),
    isNetworkLeft: true,
    hosts: all.map((node) => hostOf(node, asked, all.length)),
    notes: [
      ...networkNotes(cni),
      ...etcdNotes,
      ...settingNotes(configuration),
      ...versionNotes(all, version),
    ],
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
  owner: string | undefined,
): Pick<Imported, 'runtime' | 'isRuntimeUnknown'> {
  const types = new Set(
    nodes.map(
      ({ status }) =>
        (textOf(mapOf(mapOf(status)['nodeInfo'])['containerRuntimeVersion']) ?? '').split(':')[0],
    ),
  );
  const [type] = types;
  if (types.size !== 1) return { isRuntimeUnknown: true };
  if (type === 'docker' || type === 'cri-o') return { runtime: { type } };
  if (owner === 'containerd.io') return { runtime: { type: 'containerd', source: 'docker' } };
  if (owner === 'containerd') return { runtime: { type: 'containerd', source: 'distribution' } };
  return { isRuntimeUnknown: true };
}

const networkNotes = (cni: Json | undefined): readonly string[] => {
  const [first] = listOf(cni).flatMap((name) => textOf(name) ?? []);
  const whose =
    first === undefined ? 'none is known on the host that was asked' : `${first} on the host that was asked`;
  return [`the network plugin stays whose it is (${whose}): network.plugin is none`];
};

/** What an API server, etcd or the others were told beside what an inventory has here. */
function settingNotes(configuration: JsonObject): readonly string[] {
  const told = ['apiServer', 'controllerManager', 'scheduler', 'etcd'].flatMap((part) =>
    Object.entries(mapOf(configuration[part])).flatMap(([key, value]) =>
      isUsual(part, key, value) ? [] : [`${part}.${key}`],
    ),
  );
  const more = ['featureGates', 'dns', 'proxy'].filter(
    (key) => Object.keys(mapOf(configuration[key])).length > 0,
  );
  const all = [...told, ...more];
  return all.length === 0
    ? []
    : [
        `not carried over of kubeadm's ClusterConfiguration: ${all.join(', ')}; write what you want of it under kubernetes`,
      ];
}

/** What kubeadm writes by itself. */
const isUsual = (part: string, key: string, value: Json): boolean =>
  (part === 'etcd' && (key === 'external' || Object.keys(mapOf(value)).join() === 'dataDir')) ||
  (part === 'apiServer' && key === 'timeoutForControlPlane') ||
  (typeof value === 'object' && value !== null && Object.keys(value).length === 0);

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
