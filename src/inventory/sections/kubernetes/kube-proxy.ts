import { minorNumber } from '#catalog/kubernetes.ts';
import type { Kubernetes } from '#core/cluster.ts';
import type { JsonObject } from '#core/json.ts';
import { freeMap, map, oneOf } from '#core/schema.ts';
import type { Section } from '#inventory/section.ts';
import { sorted } from '#inventory/values/json-values.ts';
import { withoutV } from '#inventory/values/version.ts';

const defaults = { mode: 'iptables' } as const;

/** @see https://kubernetes.io/docs/reference/command-line-tools-reference/feature-gates-removed/ (NFTablesProxyMode: beta in 1.31, stable in 1.33) */
const NFTABLES_MINOR = 31;

/** Fields of its configuration that have a place of their own. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  mode: 'stands in kubeProxy.mode',
  clusterCIDR: 'is set by kubeadm: use networking.podSubnet',
};

const schema = map(
  {
    mode: oneOf(
      ['iptables', 'ipvs', 'nftables'],
      'How services are made. Kubernetes deprecates ipvs since 1.35; nftables is stable since 1.33.',
      { default: defaults.mode },
    ),
    config: freeMap('Further fields of KubeProxyConfiguration (kubeproxy.config.k8s.io/v1alpha1).', {
      examples: [{ metricsBindAddress: '0.0.0.0:10249' }],
    }),
  },
  'Settings of kube-proxy.',
);

export const kubeProxy: Section<typeof schema, Pick<Kubernetes, 'kubeProxy'>> = {
  schema,
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
    const { mode, config = {} } = { ...defaults, ...written };
    return { kubeProxy: { mode, config: sorted(config as JsonObject) } };
  },
};
