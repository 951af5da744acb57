import type { JsonObject } from '#core/json.ts';
import type { Host, Role, Taint } from '#core/cluster.ts';
import type { Secret } from '#core/secret.ts';

import type { ClusterSource } from './build-cluster.ts';
import { buildRuntime } from './build-runtime.ts';
import type { ExpandedHost } from './expand-hosts.ts';
import { DEFAULTS } from './inventory-default.ts';
import { localPath } from './values/local-path.ts';
import { SECRET_FIELDS } from './text/problem.ts';
import type { SharedDocument } from './schema.ts';
import { sorted } from './values/sorted.ts';
import { readTaint } from './values/taint.ts';

type Defaults = Parameters<typeof buildRuntime>[1];
type Outside = Pick<ClusterSource, 'places' | 'secrets' | 'document'>;

/** A host with every default applied. */
export function buildHost(
  expanded: ExpandedHost,
  defaults: Defaults,
  { places, secrets, document }: Outside,
): Host {
  const { name, address, nodeIp, settings } = expanded;
  const user = settings.user ?? DEFAULTS.user;
  const role = settings.role ?? DEFAULTS.role;
  // Nothing is asked of NVIDIA's servers for a cluster whose inventory does not speak of GPUs.
  const hasGpus = document.gpu === undefined ? false : 'auto';
  return {
    name,
    address,
    port: settings.port ?? DEFAULTS.port,
    user,
    ...(settings.identityFile !== undefined && { identityFile: localPath(settings.identityFile, places) }),
    ...secretsOf(expanded, secrets),
    become: settings.become ?? user !== 'root',
    role,
    labels: sorted(settings.labels ?? {}),
    taints: buildTaints(settings.taints, role),
    ...(nodeIp !== undefined && { nodeIp }),
    runtime: buildRuntime(settings.runtime, defaults),
    gpu: settings.gpu ?? hasGpus,
    kubeletExtraArgs: sorted(settings.kubeletExtraArgs ?? {}),
    kubelet: sorted((settings.kubelet ?? {}) as JsonObject),
    packages: settings.packages ?? [],
  };
}

function secretsOf(
  { secrets: paths }: ExpandedHost,
  secrets: ReadonlyMap<string, Secret>,
): Partial<Record<(typeof SECRET_FIELDS)[number], Secret>> {
  return Object.fromEntries(
    SECRET_FIELDS.flatMap((field) => {
      const secret = paths[field] && secrets.get(JSON.stringify(paths[field]));
      return secret === undefined ? [] : [[field, secret]];
    }),
  );
}

/**
 * As with kubeadm, only a control plane of which nothing is said has a taint.
 *
 * @see https://kubernetes.io/docs/reference/config-api/kubeadm-config.v1beta4/ (NodeRegistrationOptions.taints, v1.34)
 */
function buildTaints(written: SharedDocument['taints'], role: Role): readonly Taint[] {
  if (written === undefined) return role === 'control-plane' ? [CONTROL_PLANE_TAINT] : [];
  return written.map((text) => {
    const taint = readTaint(text);
    if ('fault' in taint) throw new TypeError(`a taint that was not checked ${taint.fault}`);
    return taint;
  });
}

const CONTROL_PLANE_TAINT: Taint = {
  key: 'node-role.kubernetes.io/control-plane',
  value: '',
  effect: 'NoSchedule',
};
