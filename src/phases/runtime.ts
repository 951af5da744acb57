import { stringify } from 'yaml';

import { minorOf } from '#catalog/kubernetes.ts';
import type { Cluster, Runtime } from '#core/cluster.ts';
import type { Phase, PhaseContext } from '#core/phase.ts';
import { type PhaseRef, type Resource, deferred } from '#core/resource.ts';
import { packageState, resolveVersion } from '#facts/package.ts';
import { check } from '#resources/check.ts';
import { CONTAINERD_CONFIG_PATH, containerdConfiguration } from '#resources/containerd.ts';
import { file } from '#resources/file.ts';
import { CRI_SOCKET } from '#resources/kubeadm-config.ts';
import { packageIndex } from '#resources/package-index.ts';
import { packages } from '#resources/packages.ts';
import { unit } from '#resources/unit.ts';
import type { WantedPackage } from '#resources/wanted-package.ts';

export const runtime: Phase = {
  name: 'runtime',
  summary: 'a container runtime, configured and running',
  needs: () => ['preflight', 'kernel'],
  resources: (context) => [...ENGINES[context.host.runtime.type](context), crictl],
};

/** The table of runtimes: a new one is a line here and a function below. */
const ENGINES: Readonly<Record<Runtime['type'], (context: PhaseContext) => readonly Resource[]>> = {
  containerd: (context) => containerd(context),
};

function containerd({ host, cluster }: PhaseContext): readonly Resource[] {
  const phase = { host: host.name, phase: 'runtime' };
  const wanted = { name: 'containerd', version: host.runtime.version ?? null };
  return [
    packageIndex({ name: 'containerd', packages: [wanted] }),
    ...containerRuntimeVersion(wanted, cluster, phase),
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
const crictl = file({
  path: '/etc/crictl.yaml',
  content: stringify({ 'runtime-endpoint': CRI_SOCKET, 'image-endpoint': CRI_SOCKET }),
});

/** The minor from which on the kubelet wants the runtime to name its cgroup driver, as containerd 1.x cannot. */
const CONTAINERD_2_MINOR = 37;

/**
 * Under kubeadm's own name for it.
 *
 * @see https://github.com/kubernetes/enhancements/issues/4033 (kubeadm 1.36.3 warns of what 1.37 takes away)
 */
function containerRuntimeVersion(
  wanted: WantedPackage,
  { kubernetes, ignoredChecks }: Cluster,
  phase: PhaseRef,
): readonly Resource[] {
  if (Number(minorOf(kubernetes.version).split('.')[1]) < CONTAINERD_2_MINOR) return [];
  return [
    check({
      name: 'ContainerRuntimeVersion',
      ignored: ignoredChecks,
      facts: { package: packageState(wanted.name, wanted.version) },
      judge: ({ package: answer }) => {
        const version = resolveVersion(answer, wanted.version);
        if (version === null) return deferred(phase, 'the version of containerd, from the package index');
        if (!/^(\d+:)?1\./.test(version)) return `containerd ${version}`;
        return {
          why: `containerd ${version} is too old for Kubernetes ${kubernetes.version}, which wants 2.0 or newer`,
          hint: 'choose an older Kubernetes, or a distribution with containerd 2',
        };
      },
    }),
  ];
}
