import { stringify } from 'yaml';

import { minorOf } from '#catalog/kubernetes.ts';
import type { Cluster, Runtime } from '#core/cluster.ts';
import type { Phase, PhaseContext } from '#core/phase.ts';
import type { Resource } from '#core/resource.ts';
import { packageState, resolveVersion } from '#facts/package.ts';
import { check } from '#resources/check.ts';
import { CONTAINERD_CONFIG_PATH, containerdConfiguration } from '#resources/containerd.ts';
import { file } from '#resources/file.ts';
import { packageIndex } from '#resources/package-index.ts';
import { packages } from '#resources/packages.ts';
import { unit } from '#resources/unit.ts';
import type { WantedPackage } from '#resources/wanted-package.ts';

export const runtime: Phase = {
  name: 'runtime',
  summary: 'a container runtime, configured and running',
  needs: () => ['preflight', 'kernel'],
  resources: (context) => [...ENGINES[context.host.runtime.type](context), crictl(context.host.runtime)],
};

/** The table of runtimes: a new one is a line here and a function below. */
const ENGINES: Readonly<Record<Runtime['type'], (context: PhaseContext) => readonly Resource[]>> = {
  containerd: (context) => containerd(context),
};

/** Where the kubelet, kubeadm and crictl reach each runtime. */
export const CRI_SOCKETS: Readonly<Record<Runtime['type'], string>> = {
  containerd: 'unix:///run/containerd/containerd.sock',
};

function containerd({ host, cluster }: PhaseContext): readonly Resource[] {
  const phase = { host: host.name, phase: 'runtime' };
  const wanted = { name: 'containerd', version: host.runtime.version ?? null };
  return [
    containerRuntimeVersion(wanted, cluster),
    packageIndex({ name: 'containerd', packages: [wanted] }),
    packages({ name: 'containerd', packages: [wanted], isHeld: false, phase }),
    containerdConfiguration({
      package: wanted,
      sandboxImage: host.runtime.sandboxImage,
      config: host.runtime.config,
      phase,
    }),
    unit({
      name: 'containerd',
      isEnabled: true,
      isActive: true,
      restartOn: [`file:${CONTAINERD_CONFIG_PATH}`],
      watches: [CONTAINERD_CONFIG_PATH],
    }),
  ];
}

/** @see https://kubernetes.io/docs/tasks/debug/debug-cluster/crictl/ (v1.34) */
const crictl = ({ type }: Runtime): Resource => {
  const socket = CRI_SOCKETS[type];
  return file({
    path: '/etc/crictl.yaml',
    content: stringify({ 'runtime-endpoint': socket, 'image-endpoint': socket }),
  });
};

/**
 * From 1.37 on the kubelet no longer falls back to its own setting where the runtime cannot name its cgroup
 * driver, as containerd 1.x cannot; the name of the check is kubeadm's.
 *
 * @see https://kubernetes.io/docs/setup/production-environment/container-runtimes/#cgroup-drivers (what kubeadm 1.36.3 warns of)
 */
const containerRuntimeVersion = (wanted: WantedPackage, { kubernetes, ignoredChecks }: Cluster): Resource =>
  check({
    name: 'ContainerRuntimeVersion',
    ignored: ignoredChecks,
    facts: { package: packageState(wanted.name, wanted.version) },
    judge: ({ package: answer }) => {
      const version = resolveVersion(answer, wanted.version);
      const [, minor = 0] = minorOf(kubernetes.version).split('.').map(Number);
      if (version === null) return 'the version of containerd is not known before the package index is there';
      if (minor < 37 || !/^(\d+:)?1\./.test(version))
        return `containerd ${version} goes with Kubernetes ${kubernetes.version}`;
      return {
        why: `containerd ${version} is too old for Kubernetes ${kubernetes.version}, which wants 2.0 or newer`,
        hint: 'choose an older Kubernetes, or a distribution with containerd 2',
      };
    },
  });
