import { V1BETA4_MINOR } from '#catalog/kubeadm-fields.ts';
import { minorNumber } from '#catalog/kubernetes.ts';
import { isEqualJson, type Json, type JsonObject } from '#core/json.ts';

import { listOf, mapOf, textOf } from './loose.ts';

export interface AdoptedSettings {
  /** What stands below `kubernetes` in an inventory. */
  readonly settings: JsonObject;
  readonly notes: readonly string[];
}

/**
 * What kubeadm writes where it is told nothing, or what counts no more.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/v1.35.6/cmd/kubeadm/app/apis/kubeadm/v1beta4/defaults.go
 */
const DEFAULTS: JsonObject = {
  certificatesDir: '/etc/kubernetes/pki',
  encryptionAlgorithm: 'RSA-2048',
  certificateValidityPeriod: '8760h0m0s',
  caCertificateValidityPeriod: '87600h0m0s',
};

/** Read elsewhere, or of no meaning once the cluster is there. */
const ELSEWHERE = new Set([
  'apiVersion',
  'kind',
  'clusterName',
  'kubernetesVersion',
  'controlPlaneEndpoint',
  'imageRepository',
  'networking',
  'useHyperKubeImage',
]);

const PROGRAMS = ['apiServer', 'controllerManager', 'scheduler'] as const;

/** Of kubeadm's ClusterConfiguration: in keys of the inventory's own where there are any, else in kubeadm's words. */
export function adoptedSettings(configuration: JsonObject, version: string): AdoptedSettings {
  const settings: Record<string, Json> = {};
  const rest: Record<string, Json> = {};
  const unsaid: string[] = [];
  for (const program of PROGRAMS) {
    const {
      certSANs,
      extraArgs,
      extraVolumes,
      timeoutForControlPlane: _,
      ...others
    } = mapOf(configuration[program]);
    put(settings, program, {
      ...(program === 'apiServer' && certSANs !== undefined && { certSANs }),
      extraArgs: flagsOf(extraArgs),
      ...(extraVolumes !== undefined && { extraVolumes }),
    });
    put(rest, program, others);
  }
  const { extraArgs, dataDir: _, ...others } = mapOf(mapOf(configuration['etcd'])['local']);
  put(settings, 'etcd', { extraArgs: flagsOf(extraArgs) });
  put(rest, 'etcd', { local: others });
  const skipPhases = (['dns', 'proxy'] as const).flatMap((addon) => {
    const { disabled, ...more } = mapOf(configuration[addon]);
    put(rest, addon, more);
    return disabled === true ? [addon === 'dns' ? 'addon/coredns' : 'addon/kube-proxy'] : [];
  });
  put(settings, 'featureGates', configuration['featureGates']);
  put(settings, 'skipPhases', skipPhases);
  for (const [key, value] of Object.entries(configuration)) {
    if (HANDLED.has(key) || isEqualJson(value, DEFAULTS[key] ?? null)) continue;
    if (key in FIXED) unsaid.push(key);
    else put(rest, key, value);
  }
  const isSayable = minorNumber(version) >= V1BETA4_MINOR;
  if (isSayable && Object.keys(rest).length > 0) settings['kubeadm'] = { clusterConfiguration: rest };
  if (!isSayable) unsaid.push(...Object.keys(rest));
  return {
    settings,
    notes:
      unsaid.length === 0
        ? []
        : [
            `not carried over of kubeadm's ClusterConfiguration, since an inventory cannot say it: ${unsaid.join(', ')}`,
          ],
  };
}

const FIXED: JsonObject = { certificatesDir: true };

const HANDLED: ReadonlySet<string> = new Set([
  ...ELSEWHERE,
  ...PROGRAMS,
  'etcd',
  'dns',
  'proxy',
  'featureGates',
]);

/** Sets what is there; empty maps and lists are not. */
function put(into: Record<string, Json>, key: string, value: Json | undefined): void {
  const pruned = withoutEmpty(value);
  if (pruned !== undefined) into[key] = pruned;
}

function withoutEmpty(value: Json | undefined): Json | undefined {
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value)) return value.length === 0 ? undefined : value;
  if (typeof value !== 'object') return value;
  const entries = Object.entries(value as JsonObject).flatMap(([key, below]): [string, Json][] => {
    const pruned = withoutEmpty(below);
    return pruned === undefined ? [] : [[key, pruned]];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** A map before v1beta4, and a list since; a flag that is given several times has a list. */
function flagsOf(written: Json | undefined): JsonObject {
  if (!Array.isArray(written)) return mapOf(written);
  const flags = new Map<string, string[]>();
  for (const { name, value } of listOf(written).map(mapOf)) {
    const flag = textOf(name);
    if (flag !== undefined)
      flags.set(flag, [...(flags.get(flag) ?? []), typeof value === 'string' ? value : '']);
  }
  return Object.fromEntries(
    [...flags].map(([flag, values]) => [flag, values.length === 1 ? (values[0] ?? '') : values]),
  );
}
