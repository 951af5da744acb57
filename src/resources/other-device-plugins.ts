import type { Cluster } from '#core/cluster.ts';
import { changeOr, resource, type Resource } from '#core/resource.ts';
import { embed, lines, type Script, sh } from '#core/shell.ts';
import { apiState } from '#facts/api.ts';
import { DEVICE_PLUGIN_SETS, devicePlugins } from '#facts/device-plugins.ts';
import { kubectl } from '#facts/kubectl.ts';
import { SET_LABEL } from '#facts/owned-objects.ts';

import { waitsForApi } from './kubeadm-init.ts';

/**
 * None of slipway's device plugins but the one that is wanted: two on a node would each tell the kubelet of the
 * same GPUs, and HAMi's webhook would go on sending pods to its scheduler.
 */
export const otherDevicePlugins = (cluster: Cluster, wanted: readonly string[]): Resource =>
  resource({
    address: 'other-device-plugins',
    facts: { api: apiState, found: devicePlugins },
    diff: ({ api, found }) => {
      if (api.state !== 'ready') return waitsForApi(cluster, 'the device plugins of the cluster');
      const left = found.filter(({ name }) => !wanted.includes(name));
      return changeOr(
        'there is no other device plugin of ours',
        left.map(({ name }) => ({ what: `DaemonSet ${name}`, from: 'there', to: null })),
        left.map(({ name, set }) => ({
          do: 'run',
          summary: `delete ${set === DEVICE_PLUGIN_SETS.hami ? 'HAMi' : name}`,
          script: set === DEVICE_PLUGIN_SETS.hami ? deleteHami : deleteOne(name),
          timeoutMs: 180_000,
        })),
      );
    },
  });

const deleteOne = (name: string): Script =>
  sh`${embed(kubectl)} -n kube-system delete daemonset ${name} --ignore-not-found --timeout=150s`;

/** @see https://github.com/Project-HAMi/HAMi/tree/v2.10.0/charts/hami/templates (the kinds it makes) */
const deleteHami = lines(
  sh`${embed(kubectl)} delete mutatingwebhookconfiguration,clusterrolebinding,clusterrole --selector=${`${SET_LABEL}=${DEVICE_PLUGIN_SETS.hami}`} --timeout=60s`,
  sh`${embed(kubectl)} -n kube-system delete daemonset,deployment,job,service,configmap,rolebinding,role,serviceaccount --selector=${`${SET_LABEL}=${DEVICE_PLUGIN_SETS.hami}`} --timeout=100s`,
);
