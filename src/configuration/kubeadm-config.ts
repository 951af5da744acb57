import { stringify } from 'yaml';

import { criSocket } from '#catalog/cri-sockets.ts';
import { V1BETA4_MINOR } from '#catalog/kubeadm-fields.ts';
import { kubernetesMinor, minorNumber } from '#catalog/kubernetes.ts';
import { type Cluster, firstControlPlane, hasKubeProxy, type Host } from '#core/cluster.ts';
import { ipFamily } from '#core/ip-family.ts';
import type { Component } from '#core/kubernetes.ts';
import { flagPairs, type Flags } from '#core/flags.ts';
import type { Json, JsonObject } from '#core/json.ts';
import { API_SERVER_PORT } from '#core/load-balancer.ts';
import { mergeObjects } from '#core/merge-objects.ts';
import { type Content, secretPlace, withSecrets } from '#core/secret.ts';
import { nodeIpFlag } from '#core/node-ips.ts';

import { etcdConfiguration } from './etcd.ts';
import { KUBEADM_FILES } from './kubeadm-files.ts';
import { hasPatches } from './kubeadm-patches.ts';
import { configuredScheduler } from './scheduler-configuration.ts';
import { PATCHES_DIRECTORY } from './kubelet-configuration.ts';

/** Names of the secrets that a JoinConfiguration refers to. */
export const JOIN_TOKEN = 'join-token';
export const CA_CERT_HASH = 'ca-cert-hash';
export const CERTIFICATE_KEY = 'certificate-key';

const apiVersion = (version: string): string =>
  `kubeadm.k8s.io/${kubernetesMinor(version)?.kubeadmApi ?? 'v1beta4'}`;

/** What `kubeadm init --config` reads, built as objects: a document for itself, the cluster, the kubelet and kube-proxy. */
export function initConfig(cluster: Cluster, host: Host = firstControlPlane(cluster)): string {
  const { kubernetes } = cluster;
  const { skipPhases } = kubernetes;
  const init = {
    apiVersion: apiVersion(kubernetes.version),
    kind: 'InitConfiguration',
    // kubeadm always makes a token, and nobody uses this one: joins get a token of their own.
    bootstrapTokens: [{ ttl: '10m0s', description: 'slipway: not used' }],
    localAPIEndpoint: localEndpoint(cluster, host),
    nodeRegistration: nodeRegistration(cluster, host),
    ...(skipPhases.length > 0 && { skipPhases }),
    ...patches(cluster, host),
  };
  return documents([
    mergeObjects(init, kubernetes.kubeadm.initConfiguration),
    clusterConfiguration(cluster),
    {
      apiVersion: 'kubelet.config.k8s.io/v1beta1',
      kind: 'KubeletConfiguration',
      cgroupDriver: 'systemd',
      ...kubernetes.kubelet,
    },
    ...(hasKubeProxy(cluster)
      ? [
          {
            apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
            kind: 'KubeProxyConfiguration',
            mode: kubernetes.kubeProxy.mode,
            ...kubernetes.kubeProxy.config,
          },
        ]
      : []),
  ]);
}

/** What `kubeadm join --config` reads; the token and the CA's hash are filled in as it is sent. */
export function joinConfig(cluster: Cluster, host: Host): Content {
  const { kubernetes } = cluster;
  const join = {
    apiVersion: apiVersion(kubernetes.version),
    kind: 'JoinConfiguration',
    discovery: {
      bootstrapToken: {
        apiServerEndpoint: kubernetes.controlPlaneEndpoint,
        token: secretPlace(JOIN_TOKEN),
        caCertHashes: [secretPlace(CA_CERT_HASH)],
      },
    },
    ...(host.role === 'control-plane' && {
      controlPlane: {
        localAPIEndpoint: localEndpoint(cluster, host),
        certificateKey: secretPlace(CERTIFICATE_KEY),
      },
    }),
    nodeRegistration: nodeRegistration(cluster, host),
    ...patches(cluster, host),
  };
  return withSecrets(documents([mergeObjects(join, kubernetes.kubeadm.joinConfiguration)]));
}

/** kubelet.conf as the kubelet writes it, which points at the credentials that it rotates. */
export const kubeletKubeconfig = (endpoint: string, authority: string): string =>
  kubeconfig(endpoint, authority, {
    'client-certificate': KUBEADM_FILES.clientCertificate,
    'client-key': KUBEADM_FILES.clientCertificate,
  });

/** bootstrap-kubelet.conf as kubeadm writes it: with the token, for which a kubelet gets credentials. */
export const bootstrapKubeconfig = (endpoint: string, authority: string): Content =>
  withSecrets(kubeconfig(endpoint, authority, { token: secretPlace(JOIN_TOKEN) }));

function kubeconfig(endpoint: string, authority: string, user: JsonObject): string {
  return stringify(
    {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [
        {
          name: 'default-cluster',
          cluster: {
            'certificate-authority-data': Buffer.from(authority).toString('base64'),
            server: `https://${endpoint}`,
          },
        },
      ],
      contexts: [
        {
          name: 'default-context',
          context: { cluster: 'default-cluster', namespace: 'default', user: 'default-auth' },
        },
      ],
      'current-context': 'default-context',
      users: [{ name: 'default-auth', user }],
    },
    { lineWidth: 0 },
  );
}

/** Where kubeadm finds the settings of this host's kubelet, and what else it is to patch; it refuses a directory that is not there. */
const patches = (cluster: Cluster, host: Host): JsonObject =>
  hasPatches(cluster, host) ? { patches: { directory: PATCHES_DIRECTORY } } : {};

/**
 * The address that kubeadm is told for a host: its node's, or the one that its API server advertises. Undefined where
 * they choose it themselves.
 */
export function localAddress({ nodeIp, role, address }: Host): string | undefined {
  return nodeIp ?? (role === 'control-plane' && ipFamily(address) !== 0 ? address : undefined);
}

/** Where a control plane's own API server listens. Behind a load balancer the endpoint's port is the balancer's. */
function localEndpoint({ kubernetes }: Cluster, host: Host): JsonObject {
  const address = localAddress(host);
  const bindPort = kubernetes.hasStableEndpoint
    ? API_SERVER_PORT
    : Number(kubernetes.controlPlaneEndpoint.split(':').at(-1));
  return { ...(address !== undefined && { advertiseAddress: address }), bindPort };
}

export function clusterConfiguration({ name, kubernetes }: Cluster): JsonObject {
  const { apiServer, controllerManager, scheduler, etcd, skipPhases, version } = kubernetes;
  const args = ({ extraArgs, extraVolumes }: Component): JsonObject => ({
    ...argsField('extraArgs', kubernetes.version, extraArgs),
    ...(extraVolumes.length > 0 && { extraVolumes: extraVolumes as unknown as Json }),
  });
  const made = {
    apiVersion: apiVersion(version),
    kind: 'ClusterConfiguration',
    clusterName: name,
    kubernetesVersion: `v${kubernetes.version}`,
    controlPlaneEndpoint: kubernetes.controlPlaneEndpoint,
    imageRepository: kubernetes.imageRepository,
    networking: {
      podSubnet: kubernetes.podSubnet,
      serviceSubnet: kubernetes.serviceSubnet,
      dnsDomain: kubernetes.dnsDomain,
    },
    apiServer: {
      ...(apiServer.certSANs.length > 0 && { certSANs: apiServer.certSANs }),
      ...args(apiServer),
    },
    controllerManager: args(controllerManager),
    scheduler: args(configuredScheduler(scheduler)),
    etcd:
      etcd.type === 'external'
        ? { external: etcdConfiguration(etcd) }
        : { local: { ...etcdConfiguration(etcd), ...args(etcd) } },
    ...(Object.keys(kubernetes.featureGates).length > 0 && { featureGates: kubernetes.featureGates }),
    // By these an upgrade leaves out the same; before v1beta4 it looks for what there is.
    ...(minorNumber(version) >= V1BETA4_MINOR && {
      ...(skipPhases.includes('addon/coredns') && { dns: { disabled: true } }),
      ...(skipPhases.includes('addon/kube-proxy') && { proxy: { disabled: true } }),
    }),
  };
  return mergeObjects(made, kubernetes.kubeadm.clusterConfiguration);
}

/** Taints are given at registration, so that nothing is scheduled in the moment before they are set. */
function nodeRegistration({ kubernetes }: Cluster, host: Host): JsonObject {
  const extraArgs = {
    ...host.kubeletExtraArgs,
    ...nodeIpFlag(host),
  };
  // An empty list makes a control plane schedulable; without one kubeadm taints it.
  const taints = (host.role === 'control-plane' || host.taints.length > 0) && {
    taints: host.taints as unknown as Json,
  };
  return {
    name: host.name,
    criSocket: criSocket(host.runtime),
    ...taints,
    ...argsField('kubeletExtraArgs', kubernetes.version, extraArgs),
  };
}

/** Extra arguments: a list of name and value from v1beta4 on, a map before. */
function argsField(field: string, version: string, args: Flags): JsonObject {
  const entries = flagPairs(args).toSorted(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0));
  if (entries.length === 0) return {};
  if (apiVersion(version).endsWith('v1beta3')) return { [field]: Object.fromEntries(entries) };
  return { [field]: entries.map(([name, value]) => ({ name, value })) };
}

const documents = (objects: readonly JsonObject[]): string =>
  objects.map((object) => stringify(object, { lineWidth: 0 })).join('---\n');
