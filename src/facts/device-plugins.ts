import { type Fact, type Family, fact } from '#core/fact.ts';
import { embed, lines, sh } from '#core/shell.ts';

import { kubectl, onControlPlane } from './kubectl.ts';
import { readObjects } from './kubernetes-object.ts';
import { API } from './over-tls.ts';
import { SET_LABEL } from './owned-objects.ts';

/** The names of the sets of objects that slipway's device plugins are; no addon has one of these names. */
export const DEVICE_PLUGIN_SETS = { nvidia: 'slipway-nvidia-device-plugin', hami: 'slipway-hami' } as const;

/** A DaemonSet of a device plugin that slipway has put into the cluster, or the account of NVIDIA's config manager. */
export type FoundPlugin = {
  readonly kind: 'DaemonSet' | 'ServiceAccount';
  readonly name: string;
  readonly set: string;
};

const family: Family<'kube-system', readonly FoundPlugin[]> = {
  name: 'device-plugins',
  patienceMs: 10_000,
  queue: API,
  script: () =>
    lines(
      onControlPlane(),
      sh`${embed(kubectl)} --request-timeout=10s -n kube-system get daemonsets,serviceaccounts --selector=${SET_LABEL} -o json 2>/dev/null || :`,
    ),
  parse: (output) => [parsePlugins(output)],
  bare: () => [],
};

export const devicePlugins: Fact<readonly FoundPlugin[]> = fact(family, 'kube-system');

const parsePlugins = (output: string): readonly FoundPlugin[] =>
  readObjects(output).flatMap(({ kind, metadata: { name, labels } }): readonly FoundPlugin[] => {
    const set = labels?.[SET_LABEL] ?? '';
    if (kind === 'DaemonSet')
      return Object.values<string>(DEVICE_PLUGIN_SETS).includes(set) ? [{ kind, name, set }] : [];
    return kind === 'ServiceAccount' && set === DEVICE_PLUGIN_SETS.nvidia ? [{ kind, name, set }] : [];
  });
