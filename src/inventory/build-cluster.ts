import { kubernetesMinor, minorOf } from '#catalog/kubernetes.ts';
import { kubernetesRepository, keyUrlOf } from '#catalog/repositories.ts';
import type { JsonObject } from '#core/json.ts';
import type { Cluster, Kubernetes, PackageRepository } from '#core/cluster.ts';
import type { Secret } from '#core/secret.ts';

import { buildAddons } from './build-addons.ts';
import { buildGpu } from './build-gpu.ts';
import { buildHost } from './build-host.ts';
import { buildNetwork } from './build-network.ts';
import { buildRegistries } from './build-registries.ts';
import { formatEndpoint, parseEndpoint } from './values/endpoint.ts';
import type { ExpandedHost } from './expand-hosts.ts';
import { DEFAULTS } from './inventory-default.ts';
import { localPath, type Places } from './values/local-path.ts';
import type { InventoryDocument } from './schema.ts';
import { sorted } from './values/sorted.ts';

/** A document in which nothing is wrong, and what stands outside of it. */
export interface ClusterSource {
  readonly document: InventoryDocument;
  readonly hosts: readonly ExpandedHost[];
  readonly places: Places;
  /** By the path of the reference, as JSON. */
  readonly secrets: ReadonlyMap<string, Secret>;
}

/** The cluster that a valid inventory describes, every default applied; the same for any order of keys. */
export function buildCluster(source: ClusterSource): Cluster {
  const { document, places } = source;
  const kubernetes = buildKubernetes(source);
  const { knownHosts, hostKeys, connectTimeout } = document.ssh ?? {};
  return {
    name: document.cluster?.name ?? DEFAULTS.clusterName,
    kubernetes,
    registries: buildRegistries(source),
    network: buildNetwork(source, kubernetes.podSubnet),
    addons: buildAddons(document.addons, kubernetes, places),
    verify: {
      image: document.verify?.image ?? DEFAULTS.verifyImage,
      timeoutMs: (document.verify?.timeout ?? DEFAULTS.verifyTimeoutSeconds) * 1000,
    },
    gpu: buildGpu(document.gpu),
    ssh: {
      knownHosts: localPath(knownHosts ?? DEFAULTS.knownHosts, places),
      hostKeys: hostKeys ?? DEFAULTS.hostKeys,
      connectTimeoutMs: (connectTimeout ?? DEFAULTS.connectTimeoutSeconds) * 1000,
    },
    ignoredChecks: document.ignoreChecks ?? [],
    hosts: source.hosts.map((host) =>
      buildHost(host, { sandboxImage: sandboxImage(kubernetes), version: kubernetes.version }, source),
    ),
  };
}

function buildKubernetes({ document, hosts }: ClusterSource): Kubernetes {
  const { kubernetes } = document;
  const version = kubernetes.version.replace(/^v/, '');
  const { networking, kubeProxy } = kubernetes;
  return {
    version,
    repository: buildRepository(kubernetes.repository, minorOf(version)),
    imageRepository: (kubernetes.imageRepository ?? DEFAULTS.imageRepository).replace(/\/$/, ''),
    controlPlaneEndpoint: endpointOf(kubernetes.controlPlaneEndpoint, hosts),
    hasStableEndpoint: kubernetes.controlPlaneEndpoint !== undefined,
    podSubnet: withoutSpaces(networking?.podSubnet ?? DEFAULTS.podSubnet),
    serviceSubnet: withoutSpaces(networking?.serviceSubnet ?? DEFAULTS.serviceSubnet),
    dnsDomain: networking?.dnsDomain ?? DEFAULTS.dnsDomain,
    apiServer: {
      certSANs: kubernetes.apiServer?.certSANs ?? [],
      extraArgs: sorted(kubernetes.apiServer?.extraArgs ?? {}),
    },
    controllerManager: { extraArgs: sorted(kubernetes.controllerManager?.extraArgs ?? {}) },
    scheduler: { extraArgs: sorted(kubernetes.scheduler?.extraArgs ?? {}) },
    etcd: { extraArgs: sorted(kubernetes.etcd?.extraArgs ?? {}) },
    featureGates: sorted(kubernetes.featureGates ?? {}),
    kubelet: sorted((kubernetes.kubelet ?? {}) as JsonObject),
    kubeProxy: {
      mode: kubeProxy?.mode ?? 'iptables',
      config: sorted((kubeProxy?.config ?? {}) as JsonObject),
    },
    ignorePreflightErrors: kubernetes.ignorePreflightErrors ?? [],
  };
}

function buildRepository(
  written: InventoryDocument['kubernetes']['repository'],
  minor: string,
): PackageRepository {
  const known = kubernetesRepository(minor);
  const url = written?.url?.replace(/\/+$/, '') ?? known.url;
  return {
    url,
    keyUrl: written?.keyUrl ?? keyUrlOf(url),
    fingerprint: written?.fingerprint?.replaceAll(' ', '').toUpperCase() ?? known.fingerprint,
  };
}

/** Without an endpoint the first control plane stands in. */
function endpointOf(written: string | undefined, hosts: readonly ExpandedHost[]): string {
  const first = hosts.find(({ settings }) => settings.role === 'control-plane');
  const host = first?.nodeIp ?? first?.address ?? '';
  return formatEndpoint(parseEndpoint(written ?? '') ?? { host, port: DEFAULTS.apiServerPort });
}

function sandboxImage({ imageRepository, version }: Kubernetes): string {
  const minor = kubernetesMinor(version);
  if (minor === undefined) throw new TypeError(`Kubernetes ${version} is not in the catalog`);
  return `${imageRepository}/pause:${minor.pause}`;
}

const withoutSpaces = (list: string): string => list.replaceAll(/\s/g, '');
