import { changeOr, none, resource, type Resource } from '#core/resource.ts';
import { embed, lines, type Script, sh } from '#core/shell.ts';
import { apiState } from '#facts/api.ts';
import { DEVICE_PLUGIN_SETS, devicePlugins, type FoundPlugin } from '#facts/device-plugins.ts';
import { kubectl } from '#facts/kubectl.ts';
import { SET_LABEL } from '#facts/owned-objects.ts';
import { waitsForApi } from '#facts/waits-for-api.ts';

/**
 * Slipway's other device plugins are removed: two on a node would offer the same GPUs to the kubelet twice, and HAMi's
 * webhook would go on sending pods to its scheduler.
 *
 * @param set the set whose plugin is wanted; undefined: none of them.
 * @param wanted names of its DaemonSets.
 */
export const otherDevicePlugins = (set: string | undefined, wanted: readonly string[]): Resource =>
  resource({
    address: 'other-device-plugins',
    facts: { api: apiState, found: devicePlugins },
    diff: ({ api, found }) => {
      if (api.state !== 'ready') {
        return waitsForApi('the device plugins of the cluster', api, () => none('there is none yet'));
      }
      const left = found.filter(({ name }) => !wanted.includes(name));
      const isLeft = (name: string): boolean => name !== set && left.some((plugin) => plugin.set === name);
      return changeOr(
        'there is no other device plugin of ours',
        left.map(({ kind, name }) => ({ what: `${kind} ${name}`, from: 'there', to: null })),
        [
          ...left.filter((plugin) => plugin.set === set).map(deleteOne),
          ...(isLeft(DEVICE_PLUGIN_SETS.nvidia) ? [deletion("NVIDIA's device plugin", deleteNvidia)] : []),
          ...(isLeft(DEVICE_PLUGIN_SETS.hami) ? [deletion('HAMi', deleteHami)] : []),
        ],
      );
    },
  });

const deletion = (what: string, script: Script) =>
  ({ do: 'run', summary: `delete ${what}`, script, timeoutMs: 180_000 }) as const;

/** A part of the wanted plugin that is not wanted any more, such as feature discovery. */
const deleteOne = ({ kind, name }: FoundPlugin) =>
  deletion(
    name,
    kind === 'DaemonSet'
      ? sh`${embed(kubectl)} -n kube-system delete daemonset ${name} --ignore-not-found --timeout=150s`
      : lines(
          sh`set -e`,
          deleteRoles,
          sh`${embed(kubectl)} -n kube-system delete serviceaccount ${name} --ignore-not-found --timeout=60s`,
        ),
  );

const selectorOf = (set: string): string => `--selector=${SET_LABEL}=${set}`;

/** What lets NVIDIA's config manager read nodes; there only where hosts have configurations of their own. */
const deleteRoles = sh`${embed(kubectl)} delete clusterrolebinding,clusterrole ${selectorOf(DEVICE_PLUGIN_SETS.nvidia)} --timeout=60s`;

/** The DaemonSets are deleted last. A plugin is recognised by them, so that a run that was cut off can be continued. */
const deleteNvidia = lines(
  sh`set -e`,
  deleteRoles,
  sh`${embed(kubectl)} -n kube-system delete configmap,serviceaccount,daemonset ${selectorOf(DEVICE_PLUGIN_SETS.nvidia)} --timeout=150s`,
);

/**
 * The Secret is made by a Job of the chart's, and the Lease by its scheduler: neither has our label.
 *
 * @see https://github.com/Project-HAMi/HAMi/tree/v2.10.0/charts/hami/templates (the kinds it makes)
 * @see https://github.com/Project-HAMi/HAMi/blob/v2.10.0/charts/hami/templates/_helpers.tpl (hami-vgpu.scheduler.tls)
 */
const deleteHami = lines(
  sh`set -e`,
  sh`${embed(kubectl)} delete mutatingwebhookconfiguration,clusterrolebinding,clusterrole ${selectorOf(DEVICE_PLUGIN_SETS.hami)} --timeout=60s`,
  sh`${embed(kubectl)} -n kube-system delete deployment,job,service,configmap,rolebinding,role,serviceaccount ${selectorOf(DEVICE_PLUGIN_SETS.hami)} --timeout=60s`,
  sh`${embed(kubectl)} -n kube-system delete secret/hami-scheduler-tls lease/hami-scheduler --ignore-not-found --timeout=20s`,
  sh`${embed(kubectl)} -n kube-system delete daemonset ${selectorOf(DEVICE_PLUGIN_SETS.hami)} --timeout=30s`,
);
