import { CALICO_DATAPLANES, type CalicoNetwork } from '#core/network.ts';
import {
  type Accepted,
  flag,
  integer,
  map,
  oneOf,
  required,
  textList,
  type ValidPart,
} from '#core/schema.ts';
import type { ValidationContext } from '#inventory/section.ts';
import { findIf, type Finding, meaningless, type Path, quoteValue } from '#inventory/text/problem.ts';
import { dnsSubdomainFault } from '#inventory/values/kubernetes-name.ts';

/** The keys of `network` about how Calico itself runs. */
export const dataplaneFields = {
  dataplane: oneOf(
    CALICO_DATAPLANES,
    'What moves packets and applies policies to them. nftables wants kubeProxy.mode: nftables; bpf makes Services too, and wants a cluster without kube-proxy. By default what Calico takes: from 3.32 on, installed by its manifest, as kube-proxy has it, else iptables.',
  ),
  typha: map(
    {
      replicas: required(
        integer('How many there are: one for each 100 to 200 nodes, and at least 3 in production.', {
          minimum: 1,
          maximum: 100,
          examples: [3],
        }),
      ),
    },
    'Typha between the nodes and the API servers, for clusters of more than 50 nodes; for install: manifest. The operator brings it, and counts nodes itself.',
  ),
  wireguard: flag(
    'Whether packets between pods of different nodes are encrypted by WireGuard. What is not written is left as it is on the cluster.',
  ),
  imagePullSecrets: textList(
    "Secrets with logins for Calico's images, made by you in the namespace kube-system, or with the operator in tigera-operator. A login in registries does without.",
    { wanted: 'a list of names', item: 'the name of a Secret', examples: [['registry-login']] },
  ),
};

type Written = { readonly [Key in keyof typeof dataplaneFields]?: Accepted<(typeof dataplaneFields)[Key]> };

export function dataplaneFindings(
  { dataplane, typha, imagePullSecrets = [], install }: ValidPart<Written> & { readonly install?: string },
  { document: { kubernetes } }: ValidationContext,
  path: Path,
): readonly Finding[] {
  const hasKubeProxy = !(kubernetes?.skipPhases ?? []).includes('addon/kube-proxy');
  const mode = kubernetes?.kubeProxy?.mode ?? 'iptables';
  const at = [...path, 'dataplane'];
  const got = quoteValue(dataplane);
  return [
    ...(dataplane === 'bpf' && hasKubeProxy
      ? [
          {
            path: at,
            message:
              'bpf makes Services itself, and wants a cluster without kube-proxy: write kubernetes.skipPhases: [addon/kube-proxy]',
            got,
          },
        ]
      : []),
    ...(dataplane !== undefined && dataplane !== 'bpf' && !hasKubeProxy
      ? [
          {
            path: at,
            message: `${dataplane} needs kube-proxy, which skipPhases leaves out; bpf does without`,
            got,
          },
        ]
      : []),
    ...(dataplane === 'nftables' && hasKubeProxy && mode !== 'nftables'
      ? [
          {
            path: at,
            message: `nftables wants kubernetes.kubeProxy.mode: nftables, which is ${mode}`,
            got,
          },
        ]
      : []),
    ...(typha !== undefined && install === 'operator'
      ? [
          meaningless(
            [...path, 'typha'],
            'with install: operator, which brings Typha and counts nodes itself',
          ),
        ]
      : []),
    ...imagePullSecrets.flatMap((name, index) =>
      name === null ? [] : findIf(dnsSubdomainFault(name), [...path, 'imagePullSecrets', index], name),
    ),
  ];
}

export const buildDataplane = ({
  dataplane,
  typha,
  wireguard,
  imagePullSecrets = [],
}: Written): Pick<CalicoNetwork, 'dataplane' | 'typhaReplicas' | 'wireguard' | 'imagePullSecrets'> => ({
  ...(dataplane !== undefined && { dataplane }),
  ...(typha !== undefined && { typhaReplicas: typha.replicas }),
  ...(wireguard !== undefined && { wireguard }),
  imagePullSecrets,
});
