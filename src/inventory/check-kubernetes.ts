import { isIP } from 'node:net';

import { KUBERNETES_MINORS, kubernetesMinor, minorOf } from '#catalog/kubernetes.ts';

import type { Check } from './check-context.ts';
import { findIf } from './check-context.ts';
import { flagFindings } from './values/flag-finding.ts';
import { DEFAULTS } from './inventory-default.ts';
import { dnsSubdomainFault } from './values/kubernetes-name.ts';
import { type Finding, type Path, quoteValue } from './text/problem.ts';
import type { SoundDocument } from './sound-document.ts';

type KubernetesDocument = NonNullable<SoundDocument['kubernetes']>;

/** The version, where it comes from, and the settings of its components. */
export const checkKubernetes: Check = ({ document: { kubernetes = {} } }) => [
  ...versionFindings(kubernetes.version),
  ...repositoryFindings(kubernetes),
  ...flagFindings(kubernetes.apiServer?.extraArgs, at('apiServer', 'extraArgs'), API_SERVER_FLAGS),
  ...flagFindings(
    kubernetes.controllerManager?.extraArgs,
    at('controllerManager', 'extraArgs'),
    CONTROLLER_MANAGER_FLAGS,
  ),
  ...flagFindings(kubernetes.scheduler?.extraArgs, at('scheduler', 'extraArgs')),
  ...flagFindings(kubernetes.etcd?.extraArgs, at('etcd', 'extraArgs')),
  ...sanFindings(kubernetes),
  ...kubeletFindings(kubernetes.kubelet, at('kubelet'), kubernetes),
  ...proxyFindings(kubernetes),
];

const at = (...path: Path): Path => ['kubernetes', ...path];

const API_SERVER_FLAGS: Readonly<Record<string, string>> = {
  'service-cluster-ip-range': 'is set by kubeadm: use networking.serviceSubnet',
};

const CONTROLLER_MANAGER_FLAGS: Readonly<Record<string, string>> = {
  'cluster-cidr': 'is set by kubeadm: use networking.podSubnet',
  'service-cluster-ip-range': 'is set by kubeadm: use networking.serviceSubnet',
};

function versionFindings(written: string | undefined): readonly Finding[] {
  if (written === undefined) return [];
  const path = at('version');
  const version = written.replace(/^v/, '');
  const known = kubernetesMinor(version);
  const got = quoteValue(written);
  if (!/^\d+\.\d+\.\d+$/.test(version)) {
    const isMinor = known !== undefined && minorOf(version) === version;
    return [
      {
        path,
        message: 'must be a full version such as 1.34.9',
        wanted: 'a full version such as 1.34.9',
        got,
        ...(isMinor && { suggestion: known.patch }),
      },
    ];
  }
  if (known !== undefined) return [];
  const wanted = `${KUBERNETES_MINORS[0]?.minor} to ${KUBERNETES_MINORS.at(-1)?.minor}`;
  return [{ path, message: `Kubernetes ${minorOf(version)} is not supported`, wanted, got }];
}

/** A repository holds one minor, and mostly says so in its URL. */
function repositoryFindings({ version, repository }: KubernetesDocument): readonly Finding[] {
  const minor = version === undefined ? undefined : minorOf(version.replace(/^v/, ''));
  return (['url', 'keyUrl'] as const).flatMap((field) => {
    const found = /\/v(1\.\d+)(\/|$)/.exec(repository?.[field] ?? '')?.[1];
    if (minor === undefined || found === undefined || found === minor) return [];
    const message = `is of Kubernetes ${found}, and the version is of ${minor}`;
    return [{ path: at('repository', field), message, got: quoteValue(repository?.[field]) }];
  });
}

function sanFindings({ apiServer }: KubernetesDocument): readonly Finding[] {
  return (apiServer?.certSANs ?? []).flatMap((name: string | null, index) => {
    const isFine =
      name === null || isIP(name) !== 0 || dnsSubdomainFault(name.replace(/^\*\./, '')) === undefined;
    return findIf(
      isFine ? undefined : 'must be an IP address or a DNS name, without port',
      at('apiServer', 'certSANs', index),
      name ?? undefined,
    );
  });
}

/** Fields that cannot be otherwise on a node of kubeadm's with containerd under systemd. */
export function kubeletFindings(
  kubelet: KubernetesDocument['kubelet'] = {},
  path: Path,
  { networking }: KubernetesDocument,
): readonly Finding[] {
  const dnsDomain = networking?.dnsDomain ?? DEFAULTS.dnsDomain;
  const owned: Readonly<Record<string, { readonly value: string; readonly why: string }>> = {
    apiVersion: { value: 'kubelet.config.k8s.io/v1beta1', why: 'is the only version there is' },
    kind: { value: 'KubeletConfiguration', why: 'is what the fields here belong to' },
    staticPodPath: { value: '/etc/kubernetes/manifests', why: 'is where kubeadm puts the control plane' },
    cgroupDriver: { value: 'systemd', why: 'is the driver that slipway gives the runtime' },
    clusterDomain: { value: dnsDomain, why: 'is the DNS domain: use networking.dnsDomain' },
    containerRuntimeEndpoint: { value: '', why: 'is set by slipway to the endpoint of the runtime' },
  };
  return Object.entries(owned).flatMap(([field, { value, why }]) => {
    if (!Object.hasOwn(kubelet, field) || kubelet[field] === value) return [];
    const message = value === '' ? why : `must be ${value}, which ${why}`;
    return [{ path: [...path, field], message, got: quoteValue(kubelet[field]) }];
  });
}

/** @see https://kubernetes.io/docs/reference/command-line-tools-reference/feature-gates-removed/ (NFTablesProxyMode: beta in 1.31, stable in 1.33) */
const NFTABLES_MINOR = 31;

/** A mode that the version has, and fields of the proxy's configuration that have a place of their own. */
function proxyFindings({ kubeProxy, version }: KubernetesDocument): readonly Finding[] {
  const minor = Number(version?.replace(/^v/, '').split('.')[1]);
  if (kubeProxy?.mode === 'nftables' && minor < NFTABLES_MINOR) {
    const message = `needs Kubernetes 1.${NFTABLES_MINOR}, and the version is ${version}`;
    return [{ path: at('kubeProxy', 'mode'), message, got: '"nftables"' }];
  }
  const elsewhere: Readonly<Record<string, string>> = {
    mode: 'stands in kubeProxy.mode',
    clusterCIDR: 'is set by kubeadm: use networking.podSubnet',
  };
  return Object.keys(kubeProxy?.config ?? {})
    .filter((field) => Object.hasOwn(elsewhere, field))
    .map((field) => ({
      path: at('kubeProxy', 'config', field),
      isKey: true,
      message: `"${field}" ${elsewhere[field]}`,
    }));
}
