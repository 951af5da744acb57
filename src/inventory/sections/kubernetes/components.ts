import { minorNumber } from '#catalog/kubernetes.ts';
import { ipFamily } from '#core/ip-family.ts';
import type { Component, Kubernetes } from '#core/kubernetes.ts';
import type { Flags } from '#core/flags.ts';
import { type JsonObject, sorted } from '#core/json.ts';
import { freeMap, map, mapOf, oneOf, type Schema, textList } from '#core/schema.ts';
import type { Section, ValidationContext } from '#inventory/section.ts';
import { findIf, type Finding, type Path, quoteValue } from '#inventory/text/problem.ts';
import { kubeletFieldFindings } from '#inventory/values/kubernetes-setting-findings.ts';
import { dnsSubdomainFault } from '#inventory/values/kubernetes-name.ts';
import { withoutV } from '#inventory/values/release.ts';

import { componentFindings, extraVolumes } from './extra-volumes.ts';
import { networkingDefaults } from './networking.ts';

/** Fields of KubeletConfiguration, of all hosts or of some. */
export const kubelet = (
  description: string,
  example: JsonObject,
): Section<Schema<JsonObject>, { readonly kubelet: JsonObject }, unknown> => ({
  schema: freeMap(description, { examples: [example] }),
  validate: kubeletFindings,
  build: (written = {}) => ({ kubelet: sorted(written) }),
});

/** Fields that cannot be otherwise on a node of kubeadm's with containerd under systemd. */
function kubeletFindings(
  written: JsonObject = {},
  { document: { kubernetes } }: ValidationContext,
  path: Path,
): readonly Finding[] {
  const dnsDomain = kubernetes?.networking?.dnsDomain ?? networkingDefaults.dnsDomain;
  const owned: Readonly<Record<string, { readonly value: string; readonly why: string }>> = {
    apiVersion: { value: 'kubelet.config.k8s.io/v1beta1', why: 'is the only version there is' },
    kind: { value: 'KubeletConfiguration', why: 'is what the fields here belong to' },
    staticPodPath: { value: '/etc/kubernetes/manifests', why: 'is where kubeadm puts the control plane' },
    cgroupDriver: { value: 'systemd', why: 'is the driver that slipway gives the runtime' },
    clusterDomain: { value: dnsDomain, why: 'is the DNS domain: use networking.dnsDomain' },
    containerRuntimeEndpoint: { value: '', why: 'is set by slipway to the endpoint of the runtime' },
  };
  const others = Object.fromEntries(
    Object.entries(written).filter(([field]) => !Object.hasOwn(owned, field)),
  );
  const wrong = kubeletFieldFindings(others, kubernetes?.version, path);
  const fixed = Object.entries(owned).flatMap(([field, { value, why }]) => {
    if (!Object.hasOwn(written, field) || written[field] === value) return [];
    const message = value === '' ? why : `must be ${value}, which ${why}`;
    return [{ path: [...path, field], message, got: quoteValue(written[field]) }];
  });
  return [...wrong, ...fixed];
}

const kubeProxyDefaults = { mode: 'iptables' } as const;

/** @see https://kubernetes.io/docs/reference/command-line-tools-reference/feature-gates-removed/ (NFTablesProxyMode: beta in 1.31, stable in 1.33) */
const NFTABLES_MINOR = 31;

/** Fields of its configuration that have a place of their own. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  mode: 'stands in kubeProxy.mode',
  clusterCIDR: 'is set by kubeadm: use networking.podSubnet',
};

const kubeProxySchema = map(
  {
    mode: oneOf(
      ['iptables', 'ipvs', 'nftables'],
      'How services are made. Kubernetes deprecates ipvs since 1.35; nftables is stable since 1.33.',
      { default: kubeProxyDefaults.mode },
    ),
    config: freeMap('Further fields of KubeProxyConfiguration (kubeproxy.config.k8s.io/v1alpha1).', {
      examples: [{ metricsBindAddress: '0.0.0.0:10249' }],
    }),
  },
  'Settings of kube-proxy.',
);

export const kubeProxy: Section<typeof kubeProxySchema, Pick<Kubernetes, 'kubeProxy'>> = {
  schema: kubeProxySchema,
  validate: (written, { document: { kubernetes } }, path) => {
    const version = kubernetes?.version;
    const isTooOld = version !== undefined && minorNumber(withoutV(version)) < NFTABLES_MINOR;
    if (written?.mode === 'nftables' && isTooOld) {
      const message = `needs Kubernetes 1.${NFTABLES_MINOR}, and the version is ${version}`;
      return [{ path: [...path, 'mode'], message, got: '"nftables"' }];
    }
    return Object.keys(written?.config ?? {})
      .filter((field) => Object.hasOwn(ELSEWHERE, field))
      .map((field) => ({
        path: [...path, 'config', field],
        isKey: true,
        message: `"${field}" ${ELSEWHERE[field]}`,
      }));
  },
  build: (written) => {
    const { mode, config = {} } = { ...kubeProxyDefaults, ...written };
    return { kubeProxy: { mode, config: sorted(config) } };
  },
};

export const extraArgs = (program: string, example: Flags): Schema<Flags> =>
  mapOf(FLAG, `Flags of ${program}, without dashes; a list is for one that is given several times.`, {
    wanted: 'a map of strings',
    examples: [example],
  });

const FLAG: Schema<string | readonly string[]> = {
  anyOf: [
    { type: 'string' },
    textList('A value each time.', { wanted: 'a list of strings', item: 'a string', minItems: 1 }),
  ],
  errorMessage: 'must be a string, or a list of one string or more',
};

export const buildComponent = (written: Partial<Component> | undefined): Component => ({
  extraArgs: sorted(written?.extraArgs ?? {}),
  extraVolumes: (written?.extraVolumes ?? []).map(({ name, hostPath, mountPath, readOnly, pathType }) => ({
    name,
    hostPath,
    mountPath,
    ...(readOnly === true && { readOnly }),
    ...(pathType !== undefined && { pathType }),
  })),
});

const SERVICE_SUBNET = { 'service-cluster-ip-range': 'is set by kubeadm: use networking.serviceSubnet' };

const controllerManagerSchema = map(
  {
    extraArgs: extraArgs('kube-controller-manager', { 'terminated-pod-gc-threshold': '1000' }),
    extraVolumes: extraVolumes('kube-controller-manager'),
  },
  'Settings of kube-controller-manager.',
);

export const controllerManager: Section<
  typeof controllerManagerSchema,
  Pick<Kubernetes, 'controllerManager'>
> = {
  schema: controllerManagerSchema,
  validate: componentFindings('controllerManager', 'kube-controller-manager', {
    'cluster-cidr': 'is set by kubeadm: use networking.podSubnet',
    ...SERVICE_SUBNET,
  }),
  build: (written) => ({ controllerManager: buildComponent(written) }),
};

const apiServerSchema = map(
  {
    certSANs: textList('Further names and addresses the API server is reached by.', {
      wanted: 'a list of names and addresses',
      item: 'a name or an address',
      examples: [['api.example.com']],
    }),
    extraArgs: extraArgs('kube-apiserver', { 'audit-log-maxage': '30' }),
    extraVolumes: extraVolumes('kube-apiserver'),
  },
  'Settings of kube-apiserver.',
);

export const apiServer: Section<typeof apiServerSchema, Pick<Kubernetes, 'apiServer'>> = {
  schema: apiServerSchema,
  validate: (written, context, path) => [
    ...componentFindings('apiServer', 'kube-apiserver', SERVICE_SUBNET)(written, context, path),
    ...(written?.certSANs ?? []).flatMap((name, index) => {
      const isFine =
        name === null || ipFamily(name) !== 0 || dnsSubdomainFault(name.replace(/^\*\./, '')) === undefined;
      return findIf(
        isFine ? undefined : 'must be an IP address or a DNS name, without port',
        [...path, 'certSANs', index],
        name ?? undefined,
      );
    }),
  ],
  build: (written) => ({
    apiServer: { certSANs: written?.certSANs ?? [], ...buildComponent(written) },
  }),
};
