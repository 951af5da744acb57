import { criSocket } from '#catalog/cri-sockets.ts';
import { isComplete, kubernetesSettings } from '#catalog/kubernetes-settings.ts';
import { minorNumber } from '#catalog/kubernetes.ts';
import { KUBEADM_FILES } from '#configuration/kubeadm-files.ts';
import { settingsOf } from '#configuration/kubelet-configuration.ts';
import type { Cluster, Host } from '#core/cluster.ts';
import { addressIn, parseCidr } from '#core/cidr.ts';
import { isJsonObject, type Json, type JsonObject, valueAt } from '#core/json.ts';
import { mergeObjects } from '#core/merge-objects.ts';
import type { Resource } from '#core/resource.ts';
import { nodeIpFlag } from '#core/node-ips.ts';
import { distributionFamilyOf } from '#distributions/supported.ts';
import { fileName } from '#facts/drop-ins.ts';
import { fileContent } from '#facts/file.ts';
import { os } from '#facts/os.ts';
import { surroundings, type UnitLine } from '#facts/surroundings.ts';

import { check } from './check.ts';

/** Read after kubeadm's own file by the unit that comes with the kubelet's package: of two values, this one counts. */
const PATHS = { deb: '/etc/default/kubelet', rpm: '/etc/sysconfig/kubelet' } as const;
const FACTS = {
  os: os(),
  deb: fileContent(PATHS.deb),
  rpm: fileContent(PATHS.rpm),
  around: surroundings(),
};

/**
 * Flags that the kubelet has no more, by the minor that took them away: one of them, and it does not start.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/v1.35.0/CHANGELOG/CHANGELOG-1.35.md (and 1.24, 1.27)
 */
const REMOVED: Readonly<Record<string, number>> = {
  'network-plugin': 24,
  'cni-bin-dir': 24,
  'cni-conf-dir': 24,
  'docker-endpoint': 24,
  'container-runtime': 27,
  'pod-infra-container-image': 35,
};

/**
 * What an administrator has the kubelet started with does not stand against what slipway has it started with.
 *
 * @see https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/kubelet-integration/#the-kubelet-drop-in-file-for-systemd (v1.34)
 */
export const kubeletExtraArgs = (cluster: Cluster, host: Host): Resource =>
  check({
    name: 'KubeletExtraArgs',
    facts: FACTS,
    judge: ({ os: machine, deb, rpm, around: { unitLines = [] } }) => {
      const format = distributionFamilyOf(machine)?.packageFormat ?? 'deb';
      const path = PATHS[format];
      const { content } = { deb, rpm }[format];
      const inFile = content === null ? undefined : extraArgs(content, path);
      const given = [...(inFile ?? []), ...environmentArgs(unitLines, inFile !== undefined)];
      if (given.length === 0) return `${path} gives the kubelet no flags`;
      const minor = minorNumber(cluster.kubernetes.version);
      const wantedOf = wantedFlags(cluster, host);
      const objections = given.flatMap(({ where, name, value }) => {
        const place = `${where} gives the kubelet --${name}=${value}`;
        if (isUnknown(name, minor))
          return `${place}, which kubelet ${cluster.kubernetes.version} does not know`;
        const wanted = wantedOf(name);
        return isSame(value, wanted) ? [] : `${place} over ${asFlag(wanted)}, which slipway sets`;
      });
      const files = [...new Set(given.map(({ where }) => where.replace(/:\d+$/, '')))].join(' and ');
      if (objections.length === 0) return `the flags in ${files} are none of slipway's`;
      return {
        why: objections.join('; '),
        hint: `take them out of ${files}, or write them into the inventory: kubeletExtraArgs, kubernetes.kubelet, nodeIp`,
      };
    },
  });

function isUnknown(flag: string, minor: number): boolean {
  if (minor >= (REMOVED[flag] ?? Infinity)) return true;
  if (!isComplete('kubelet', minor)) return false;
  const { until = minor } = kubernetesSettings().flags.kubelet.get(flag) ?? { until: 0 };
  return minor > until;
}

/** What the inventory, kubeadm or slipway has for a flag; undefined where they have nothing. */
function wantedFlags(cluster: Cluster, host: Host): (name: string) => Json | undefined {
  const given = {
    'container-runtime-endpoint': criSocket(host.runtime),
    'hostname-override': host.name,
    config: KUBEADM_FILES.kubeletConfiguration,
    kubeconfig: KUBEADM_FILES.kubelet,
    'node-ip': undefined,
    ...nodeIpFlag(host),
    ...host.kubeletExtraArgs,
  };
  const flags = new Map<string, string | undefined>(Object.entries(given));
  const settings = mergeObjects(kubeadmSettings(cluster), settingsOf(cluster, host));
  return (name) => {
    if (flags.has(name) || !kubernetesSettings().flags.kubelet.has(name)) return flags.get(name);
    return valueAt(settings, (FIELDS[name] ?? inCamelCase(name)).split('.')) ?? undefined;
  };
}

/**
 * What kubeadm writes into the configuration of every kubelet.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.0/cmd/kubeadm/app/componentconfigs/kubelet.go (Default)
 */
const kubeadmSettings = ({ kubernetes: { serviceSubnet, dnsDomain } }: Cluster): JsonObject => ({
  authentication: {
    anonymous: { enabled: false },
    webhook: { enabled: true },
    x509: { clientCAFile: '/etc/kubernetes/pki/ca.crt' },
  },
  authorization: { mode: 'Webhook' },
  cgroupDriver: 'systemd',
  clusterDNS: [dnsAddress(serviceSubnet)].flatMap((address) => address ?? []),
  clusterDomain: dnsDomain,
  healthzBindAddress: '127.0.0.1',
  healthzPort: 10248,
  rotateCertificates: true,
  staticPodPath: '/etc/kubernetes/manifests',
});

/** The tenth address of services, of two families the first one's: kubeadm gives it to CoreDNS. */
function dnsAddress(serviceSubnet: string): string | undefined {
  const cidr = parseCidr(serviceSubnet.split(',')[0] ?? '');
  return cidr === undefined ? undefined : addressIn(cidr, 10);
}

/** Whether a flag says what a field does. A gate that the field does not name is left to the flag; lists of maps are not compared. */
function isSame(flag: string, field: Json | undefined): boolean {
  if (field === undefined || (Array.isArray(field) && field.some(isJsonObject))) return true;
  if (!isJsonObject(field)) return flag === asFlag(field);
  const given = flag.split(',').map((entry) => entry.trim().replace('<', '='));
  const wanted = entriesOf(field);
  const isGates = Object.values(field).every((value) => typeof value === 'boolean');
  return isGates
    ? given.every((entry) => wanted.includes(entry) || !((entry.split('=')[0] ?? '') in field))
    : given.toSorted().join(',') === wanted.toSorted().join(',');
}

/** A field as a flag would have it. */
function asFlag(value: Json | undefined): string {
  if (isJsonObject(value)) return entriesOf(value).join(',');
  return Array.isArray(value) ? value.map(asFlag).join(',') : JSON.stringify(value).replaceAll('"', '');
}

const entriesOf = (map: JsonObject): readonly string[] =>
  Object.entries(map).map(([key, value]) => `${key}=${asFlag(value)}`);

/**
 * Fields of KubeletConfiguration that are called otherwise than their flags.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.0/cmd/kubelet/app/options/options.go (AddKubeletConfigFlags)
 */
const FIELDS: Readonly<Record<string, string>> = {
  'anonymous-auth': 'authentication.anonymous.enabled',
  'authentication-token-webhook': 'authentication.webhook.enabled',
  'authentication-token-webhook-cache-ttl': 'authentication.webhook.cacheTTL',
  'authorization-mode': 'authorization.mode',
  'authorization-webhook-cache-authorized-ttl': 'authorization.webhook.cacheAuthorizedTTL',
  'authorization-webhook-cache-unauthorized-ttl': 'authorization.webhook.cacheUnauthorizedTTL',
  'cgroups-per-qos': 'cgroupsPerQOS',
  'client-ca-file': 'authentication.x509.clientCAFile',
  'cluster-dns': 'clusterDNS',
  'contention-profiling': 'enableContentionProfiling',
  'cpu-cfs-quota': 'cpuCFSQuota',
  'cpu-cfs-quota-period': 'cpuCFSQuotaPeriod',
  'event-qps': 'eventRecordQPS',
  'fail-cgroupv1': 'failCgroupV1',
  'image-gc-high-threshold': 'imageGCHighThresholdPercent',
  'image-gc-low-threshold': 'imageGCLowThresholdPercent',
  'kube-api-burst': 'kubeAPIBurst',
  'kube-api-content-type': 'contentType',
  'kube-api-qps': 'kubeAPIQPS',
  'logging-format': 'logging.format',
  'make-iptables-util-chains': 'makeIPTablesUtilChains',
  'manifest-url': 'staticPodURL',
  'minimum-image-ttl-duration': 'imageMinimumGCAge',
  'pod-cidr': 'podCIDR',
  'pod-manifest-path': 'staticPodPath',
  'pod-max-pids': 'podPidsLimit',
  'provider-id': 'providerID',
  'registry-qps': 'registryPullQPS',
  'reserved-cpus': 'reservedSystemCPUs',
  'rotate-server-certificates': 'serverTLSBootstrap',
  runonce: 'runOnce',
  v: 'logging.verbosity',
};

const inCamelCase = (name: string): string =>
  name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

interface GivenFlag {
  /** A file, with the line where it is known. */
  readonly where: string;
  readonly name: string;
  readonly value: string;
}

/** The flags of the last line that counts, as systemd reads such files; undefined where there is none. */
function extraArgs(text: string, path: string): readonly GivenFlag[] | undefined {
  const lines = text.split('\n').map((row) => /^\s*KUBELET_EXTRA_ARGS=(.*)$/.exec(row)?.[1]);
  const line = lines.findLastIndex((row) => row !== undefined);
  return line < 0 ? undefined : flagsIn((lines[line] ?? '').replaceAll(/["']/g, ''), `${path}:${line + 1}`);
}

/** Variables that files set as well, which are read after a unit's own environment. */
const KUBEADMS = 'KUBELET_KUBEADM_ARGS';
const EXTRA = 'KUBELET_EXTRA_ARGS';

/** What drop-ins of the kubelet's unit put into variables that it is started with. */
function environmentArgs(unitLines: readonly UnitLine[], isExtraInFile: boolean): readonly GivenFlag[] {
  const variables = new Map<string, { readonly path: string; readonly value: string }>();
  for (const { unit, path, line } of unitLines.toSorted((left, right) =>
    fileName(left.path) < fileName(right.path) ? -1 : 1,
  )) {
    if (unit !== 'kubelet' || !line.startsWith('Environment=')) continue;
    for (const [, double, single, bare] of line.slice(12).matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)) {
      const [, name, value = ''] = /^(KUBELET_\w+)=(.*)$/.exec(double ?? single ?? bare ?? '') ?? [];
      if (name !== undefined) variables.set(name, { path, value });
    }
  }
  return [...variables].flatMap(([name, { path, value }]) =>
    name === KUBEADMS || (name === EXTRA && isExtraInFile) ? [] : flagsIn(value, path),
  );
}

function flagsIn(text: string, where: string): readonly GivenFlag[] {
  const words = text.split(/\s+/);
  return words.flatMap((word, index) => {
    const [, name, value] = /^--([^=]+)(?:=(.*))?$/.exec(word) ?? [];
    if (name === undefined) return [];
    const next = words[index + 1];
    const apart = next === undefined || next.startsWith('-') || next === '' ? 'true' : next;
    return [{ where, name: name.replaceAll('_', '-'), value: value ?? apart }];
  });
}
