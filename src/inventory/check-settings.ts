import { FAMILIES } from '#distributions/families.ts';

import type { Check } from './check-context.ts';
import { kubeletFindings } from './check-kubernetes.ts';
import { flagFindings } from './values/flag-finding.ts';
import { labelValueFault, qualifiedNameFault } from './values/kubernetes-name.ts';
import type { Finding, Path } from './text/problem.ts';
import { quoteValue } from './text/problem.ts';
import type { SharedDocument } from './schema.ts';
import { readTaint } from './values/taint.ts';

/** Labels, taints and flags, where they are written: in the defaults, in groups and in hosts. */
export const checkSettings: Check = ({ document }) => {
  const groups = Object.entries(document.groups ?? {}).map(
    ([name, group]) => [['groups', name], group] as const,
  );
  const hosts = (document.hosts ?? []).map((host, entry) => [['hosts', entry], host] as const);
  const sections: readonly (readonly [Path, SharedDocument | null | undefined])[] = [
    [['defaults'], document.defaults],
    ...groups,
    ...hosts,
  ];
  return sections.flatMap(([path, settings]) => [
    ...labelFindings(settings?.labels, [...path, 'labels']),
    ...taintFindings(settings?.taints, [...path, 'taints']),
    ...kubeletFindings(settings?.kubelet, [...path, 'kubelet'], document.kubernetes ?? {}),
    ...packageFindings(settings?.packages, [...path, 'packages']),
    ...flagFindings(settings?.kubeletExtraArgs, [...path, 'kubeletExtraArgs'], KUBELET_FLAGS),
    ...userFindings(settings, path),
  ]);
};

/**
 * Flags that slipway or kubeadm set, and what says the same.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.0/cmd/kubeadm/app/phases/kubelet/flags.go
 */
const KUBELET_FLAGS: Readonly<Record<string, string>> = {
  'bootstrap-kubeconfig': 'is set by kubeadm',
  config: 'is set by kubeadm; use kubernetes.kubelet for fields of the configuration',
  'container-runtime-endpoint': 'is set by slipway to the endpoint of the runtime',
  'hostname-override': "is set by slipway to the host's name",
  kubeconfig: 'is set by kubeadm',
  'node-ip': 'is set by slipway: use nodeIp',
  'pod-infra-container-image': 'is gone from Kubernetes 1.35: use runtime.sandboxImage',
};

/** Of which family a host is, is not known yet: a name will do that any of them allows. */
function packageFindings(packages: readonly (string | null)[] | undefined, path: Path): readonly Finding[] {
  return (packages ?? []).flatMap((name, index): readonly Finding[] =>
    name === null || FAMILIES.some(({ isPackageName }) => isPackageName(name))
      ? []
      : [
          {
            path: [...path, index],
            message: 'must be the name of a package, without a version',
            got: quoteValue(name),
          },
        ],
  );
}

function labelFindings(labels: Readonly<Record<string, string>> | undefined, path: Path): readonly Finding[] {
  return Object.entries(labels ?? {}).flatMap(([key, value]): readonly Finding[] => {
    const keyFault = qualifiedNameFault(key);
    if (keyFault !== undefined) {
      return [
        { path: [...path, key], isKey: true, message: `the label's key ${JSON.stringify(key)} ${keyFault}` },
      ];
    }
    const valueFault = labelValueFault(value);
    return valueFault === undefined
      ? []
      : [{ path: [...path, key], message: valueFault, got: quoteValue(value) }];
  });
}

function taintFindings(taints: SharedDocument['taints'], path: Path): readonly Finding[] {
  const seen = new Set<string>();
  return (taints ?? []).flatMap((written, index): readonly Finding[] => {
    if (written === null) return [];
    const taint = readTaint(written);
    if ('fault' in taint) {
      const got = typeof written === 'string' ? { got: quoteValue(written) } : {};
      return [{ path: [...path, index], message: taint.fault, ...got }];
    }
    const identity = `${taint.key}:${taint.effect}`;
    if (seen.has(identity)) return [{ path: [...path, index], message: `${identity} stands here twice` }];
    seen.add(identity);
    return [];
  });
}

function userFindings(settings: SharedDocument | null | undefined, path: Path): readonly Finding[] {
  const isPasswordUseless = settings?.become === false && settings.becomePassword !== undefined;
  return isPasswordUseless
    ? [{ path: [...path, 'becomePassword'], message: 'is of no use with become: false' }]
    : [];
}
