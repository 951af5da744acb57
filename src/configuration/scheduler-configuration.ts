import { stringify } from 'yaml';

import { SCHEDULER_KUBECONFIG } from '#catalog/component-paths.ts';
import type { Component, Scheduler } from '#core/kubernetes.ts';
import { isJsonObject, type Json, type JsonObject } from '#core/json.ts';

/** Where the scheduler's configuration is, on each control plane and for its pod. */
export const SCHEDULER_CONFIGURATION = '/etc/kubernetes/scheduler/configuration.yaml';

export const SCHEDULER_MANIFEST = '/etc/kubernetes/manifests/kube-scheduler.yaml';

const VOLUME = 'slipway-configuration';

/**
 * The scheduler's own configuration. With `--config` it takes no kubeconfig from its flags, so that stands in it.
 *
 * @see https://kubernetes.io/docs/reference/config-api/kube-scheduler-config.v1/ (v1.34)
 * @see https://kubernetes.io/docs/reference/command-line-tools-reference/kube-scheduler/ (--kubeconfig, v1.34)
 */
export const schedulerConfiguration = ({ clientConnection, ...config }: JsonObject): string =>
  `# Written by slipway: kubernetes.scheduler.config\n${stringify(
    {
      apiVersion: 'kubescheduler.config.k8s.io/v1',
      kind: 'KubeSchedulerConfiguration',
      clientConnection: {
        kubeconfig: SCHEDULER_KUBECONFIG,
        ...(isJsonObject(clientConnection) && clientConnection),
      },
      ...config,
    },
    { lineWidth: 0 },
  )}`;

/** The scheduler as kubeadm is told: with the flag and the file, where it has a configuration. */
export const configuredScheduler = ({ config, ...component }: Scheduler): Component =>
  config === undefined
    ? component
    : {
        extraArgs: { ...component.extraArgs, config: SCHEDULER_CONFIGURATION },
        extraVolumes: [
          ...component.extraVolumes,
          {
            name: VOLUME,
            hostPath: SCHEDULER_CONFIGURATION,
            mountPath: SCHEDULER_CONFIGURATION,
            readOnly: true,
            pathType: 'File',
          },
        ],
      };

/** Whether a scheduler's part of a ClusterConfiguration, or its manifest, names the configuration as flag and as file. */
export const namesConfiguration = (text: string): boolean => text.split(SCHEDULER_CONFIGURATION).length > 2;

/** The same ClusterConfiguration without what the scheduler's configuration adds to it. */
export function withoutSchedulerConfiguration(configuration: JsonObject): JsonObject {
  const { scheduler } = configuration;
  if (!isJsonObject(scheduler)) return configuration;
  const { extraArgs, extraVolumes, ...rest } = scheduler;
  return {
    ...configuration,
    scheduler: {
      ...rest,
      ...(extraArgs !== undefined && { extraArgs: withoutFlag(extraArgs) }),
      ...(Array.isArray(extraVolumes) && {
        extraVolumes: extraVolumes.filter((one: Json) => !isJsonObject(one) || one['name'] !== VOLUME),
      }),
    },
  };
}

/** A map up to v1beta3, and a list from v1beta4 on. */
function withoutFlag(extraArgs: Json): Json {
  if (Array.isArray(extraArgs)) {
    return extraArgs.filter(
      (one: Json) =>
        !isJsonObject(one) || one['name'] !== 'config' || one['value'] !== SCHEDULER_CONFIGURATION,
    );
  }
  if (!isJsonObject(extraArgs) || extraArgs['config'] !== SCHEDULER_CONFIGURATION) return extraArgs;
  const { config: _, ...others } = extraArgs;
  return others;
}
