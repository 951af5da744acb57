import { nodeAddress, nodeName, subnets } from '#checks/preflight/addresses.ts';
import { calicoKernel } from '#checks/preflight/calico-kernel.ts';
import { controlPlaneCount } from '#checks/preflight/control-plane-count.ts';
import { noEtcdRestore } from '#checks/preflight/etcd-restore.ts';
import { freePorts } from '#checks/preflight/free-ports.ts';
import { gpuDriverCheck } from '#checks/preflight/gpu-driver.ts';
import { gpuMigCheck } from '#checks/preflight/gpu-mig.ts';
import { cloudSetup, fileAccess, firewalld, packageSources, selinux } from '#checks/preflight/guards.ts';
import { kubeletExtraArgs } from '#checks/preflight/kubelet-extra-args.ts';
import {
  architecture,
  cgroupVersion,
  clockSkew,
  cpus,
  disk,
  memory,
  supportedOs,
  systemd,
} from '#checks/preflight/machine.ts';
import { namedFiles } from '#checks/preflight/named-files.ts';
import { runtimeHandlers } from '#checks/preflight/runtime-handlers.ts';
import { cniConfig, firewalls, programs, resolver, swapScripts } from '#checks/preflight/surroundings.ts';
import { unitPrograms } from '#checks/preflight/unit-programs.ts';
import { uniqueIdentity } from '#checks/preflight/unique-identity.ts';
import { snaps, upgradesUnderPods } from '#checks/preflight/upkeep.ts';
import { KUBELET_CONFIG_PATH } from '#configuration/kubelet-configuration.ts';
import type { Cluster, HostKind } from '#core/cluster.ts';
import { pluginOn } from '#core/gpu.ts';
import type { Phase } from '#core/phase.ts';
import { cloudInit } from '#resources/host/cloud-init.ts';

/** What slipway cannot put right on a machine. Each check can be ignored by its name. */
export const preflight: Phase = {
  name: 'preflight',
  summary: 'named checks of what a machine must bring along',
  needs: () => [],
  common: ({ cluster, host }) => [
    supportedOs(host),
    architecture,
    systemd,
    cpus(host),
    memory(host),
    disk,
    clockSkew,
    cloudInit(KUBELET_CONFIG_PATH),
    cgroupVersion(cluster, host),
    subnets(cluster),
    packageSources,
    cloudSetup,
    fileAccess,
    selinux(host),
    ...(host.firewalld === undefined || host.firewalld === 'keep' ? [firewalld(cluster, host)] : []),
    firewalls(cluster, host.role),
    ...(cluster.kubernetes.kubelet['resolvConf'] === undefined ? [resolver] : []),
    programs,
    unitPrograms(host),
    snaps,
    upgradesUnderPods,
    ...(host.swap === 'off' ? [swapScripts] : []),
    ...(cluster.network.plugin === 'calico' ? [cniConfig] : []),
    ...calicoKernel(cluster),
    ...runtimeHandlers(host),
    ...(host.gpu === false || cluster.gpu.driver === 'none' ? [] : [gpuDriverCheck(cluster, host)]),
    ...(host.gpu === false || !isMigSingle(cluster, host) ? [] : [gpuMigCheck]),
    ...freePorts(cluster, host.role),
    ...(host.role === 'control-plane' ? [noEtcdRestore] : []),
  ],
  resources: ({ cluster, host }, common) => [
    ...common,
    nodeAddress(cluster, host),
    ...(cluster.names.hostsFile ? [] : [nodeName(host)]),
    kubeletExtraArgs(cluster, host),
    ...namedFiles(cluster, host),
  ],
  forCluster: ({ cluster }) => [...uniqueIdentity(cluster), ...controlPlaneCount(cluster)],
};

function isMigSingle({ gpu }: Cluster, host: HostKind): boolean {
  const plugin = pluginOn(gpu.devicePlugin, host);
  if (host.gpuDevices?.migDevices !== undefined) return false;
  return plugin.type === 'nvidia' && plugin.migStrategy === 'single';
}
