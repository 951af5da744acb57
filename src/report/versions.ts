import { ADDONS } from '#addons/addons.ts';
import { CALICO_RELEASES } from '#catalog/calico.ts';
import { CONTAINERD_2_MINOR } from '#catalog/containerd.ts';
import { KUBE_VIP_IMAGE } from '#catalog/kube-vip.ts';
import { KUBERNETES_MINORS, RELEASE_PAGE } from '#catalog/kubernetes.ts';
import { NVIDIA_RELEASES } from '#catalog/nvidia.ts';
import { RELEASES } from '#catalog/releases.ts';
import { refusedReleases, supportedReleases } from '#distributions/supported.ts';

import { isSupportedOn } from './support-warning.ts';
import { painter } from './text/paint.ts';
import { table } from './text/table.ts';
import { paragraphs } from './text/text-layout.ts';

/** What slipway knows: which versions, since when they are out of support, and who says so. */
export interface Versions {
  readonly kubernetes: readonly {
    readonly minor: string;
    /** The newest patch that was known when this slipway was made; others of the minor do as well. */
    readonly newestPatch: string;
    readonly supportedUntil: string;
    readonly isSupported: boolean;
    readonly pauseImage: string;
    readonly kubeadmApi: string;
    readonly source: string;
  }[];
  readonly distributions: readonly string[];
  /** Releases that the check OS refuses. */
  readonly refusedDistributions: readonly {
    readonly name: string;
    readonly why: string;
    readonly source: string;
  }[];
  /** Software whose files slipway knows by their digests, or installs unless it is told otherwise. */
  readonly software: readonly Software[];
  /** What is refused, or planned otherwise, because of how versions go together. */
  readonly rules: readonly Rule[];
}

interface Software {
  readonly name: string;
  /** The default first. */
  readonly versions: readonly string[];
  readonly source: string;
}

interface Rule {
  readonly rule: string;
  readonly source: string;
}

const RULES: readonly Rule[] = [
  {
    rule: 'Kubernetes is upgraded by one minor at a time, and never goes back',
    source: 'https://kubernetes.io/releases/version-skew-policy/',
  },
  {
    rule: `Kubernetes newer than ${KUBERNETES_MINORS.at(-1)?.minor} is done as that with kubernetes.allowUntested: true; newer patches need no word`,
    source: RELEASE_PAGE,
  },
  {
    rule: `Kubernetes 1.${CONTAINERD_2_MINOR} and newer want containerd 2.0 or newer (ContainerRuntimeVersion); a plan of the minor before says so`,
    source: 'https://github.com/kubernetes/enhancements/pull/6087',
  },
  {
    rule: 'Ubuntu from 23.10 on wants containerd 1.7.16 or newer: pods would never end (ContainerRuntimeVersion)',
    source: 'https://github.com/containerd/containerd/pull/10123',
  },
  {
    rule: "containerd's project tries Kubernetes 1.36 and newer with containerd 2.2 and newer; those of Debian 12 and 13 are older, and work",
    source: 'https://github.com/containerd/containerd/blob/main/RELEASES.md',
  },
  {
    rule: 'From Kubernetes 1.35 on kubelets refuse hosts with cgroup v1 (CgroupVersion)',
    source: 'https://github.com/kubernetes/enhancements/issues/5573',
  },
  {
    rule: 'containerd 1.x reads configurations of version 2, 2.0 to 2.2 of version 3, 2.3 and newer of version 4',
    source: 'https://github.com/containerd/containerd/blob/v2.3.1/docs/cri/config.md',
  },
  {
    rule: 'containerd 2.4 has no registry.mirrors, configs and auths, no cni.bin_dir and no enable_cdi: in runtime.config they are refused (ContainerdConfig)',
    source: 'https://github.com/containerd/containerd/blob/main/RELEASES.md',
  },
  {
    rule: "CRI-O is of the same minor as Kubernetes, and from that minor's repository",
    source: 'https://github.com/cri-o/packaging/blob/main/README.md',
  },
  {
    rule: 'etcd is 3.5.26 or newer before it becomes 3.6, and 3.6.11 or newer before 3.7',
    source: 'https://etcd.io/blog/2025/upgrade_from_3.5_to_3.6_issue/',
  },
];

/** @param now against which it is said what is out of support. */
export function versions(now: Date): Versions {
  const released = Object.entries(RELEASES).map(([name, { url, sha256 }]) => ({
    name,
    versions: Object.keys(sha256),
    source: url.slice(0, url.indexOf('/download/')),
  }));
  return {
    kubernetes: KUBERNETES_MINORS.map(({ minor, patch, supportedUntil, pause, kubeadmApi }) => ({
      minor,
      newestPatch: patch,
      supportedUntil,
      isSupported: isSupportedOn(now, { supportedUntil }),
      pauseImage: `pause:${pause}`,
      kubeadmApi,
      source: RELEASE_PAGE,
    })).toReversed(),
    distributions: supportedReleases(),
    refusedDistributions: refusedReleases().map(({ name, why, source }) => ({ name, why, source })),
    software: [
      ...released,
      {
        name: 'calico',
        versions: CALICO_RELEASES.map(({ version }) => version),
        source: 'https://github.com/projectcalico/calico/releases',
      },
      {
        name: 'nvidia-container-toolkit',
        versions: [NVIDIA_RELEASES.toolkit],
        source: 'https://github.com/NVIDIA/nvidia-container-toolkit/releases',
      },
      {
        name: 'k8s-device-plugin',
        versions: [NVIDIA_RELEASES.devicePlugin],
        source: 'https://github.com/NVIDIA/k8s-device-plugin/releases',
      },
      {
        name: 'hami',
        versions: [NVIDIA_RELEASES.hami],
        source: 'https://github.com/Project-HAMi/HAMi/releases',
      },
      {
        name: 'kube-vip',
        versions: [KUBE_VIP_IMAGE.slice(KUBE_VIP_IMAGE.indexOf(':v') + 2)],
        source: 'https://github.com/kube-vip/kube-vip/releases',
      },
      ...ADDONS.map(({ name, versions: known, repository }) => ({
        name,
        versions: known,
        source: `https://github.com/${repository}/releases`,
      })),
    ],
    rules: RULES,
  };
}

export function renderTextVersions(
  known: Versions,
  { color, width }: { readonly color: boolean; readonly width: number },
): string {
  const paint = painter(color);
  const style = (cell: string, row: number): string => (row === 0 ? paint('dim', cell) : cell);
  return paragraphs([
    table(
      [
        ['KUBERNETES', 'NEWEST PATCH', 'SUPPORTED UNTIL', 'SANDBOX IMAGE', 'KUBEADM API'],
        ...known.kubernetes.map(
          ({ minor, newestPatch, supportedUntil, isSupported, pauseImage, kubeadmApi }) => [
            minor,
            newestPatch,
            isSupported ? supportedUntil : `${supportedUntil}: ended`,
            pauseImage,
            kubeadmApi,
          ],
        ),
      ],
      { style },
    ),
    [paint('dim', RELEASE_PAGE)],
    table([['DISTRIBUTIONS'], ...known.distributions.map((one) => [one])], { style }),
    known.refusedDistributions.flatMap(({ name, why, source }) => [
      `refused: ${name}: ${why}`,
      paint('dim', `  ${source}`),
    ]),
    table(
      [
        ['SOFTWARE', 'VERSIONS, THE DEFAULT FIRST', 'SOURCE'],
        ...known.software.map((one) => [one.name, one.versions.join(', '), one.source]),
      ],
      { style, width },
    ),
    known.rules.flatMap(({ rule, source }) => [rule, paint('dim', `  ${source}`)]),
  ]);
}
