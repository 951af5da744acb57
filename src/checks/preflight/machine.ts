import { minorNumber } from '#catalog/kubernetes.ts';
import type { Cluster, HostKind } from '#core/cluster.ts';
import type { Resource } from '#core/resource.ts';
import {
  distributionFamilyOf,
  isRelease,
  isSupported,
  supportedReleases,
  tooOld,
} from '#distributions/supported.ts';
import { clock } from '#facts/clock.ts';
import { diskSpace } from '#facts/disk.ts';
import { os } from '#facts/os.ts';

import { check } from './check.ts';

export const supportedOs = ({ os: said }: Pick<HostKind, 'os'>): Resource =>
  check({
    name: 'OS',
    facts: { os: os() },
    judge: ({ os: found }) => {
      if (said !== undefined && !isRelease(said.release, found)) {
        return {
          why: `it runs ${found.prettyName}, and the inventory says ${said.release}`,
          hint: 'correct os of the host in the inventory, or its address, if that is of another machine',
        };
      }
      if (isSupported(found)) return found.prettyName;
      const fault = tooOld(found);
      if (fault !== undefined) {
        return {
          why: `${found.prettyName} is too old: ${fault}`,
          hint: `install a newer release: one of ${supportedReleases().join(', ')}`,
        };
      }
      const isClose = distributionFamilyOf(found) !== undefined;
      return {
        why: `${found.prettyName} is not supported`,
        hint: `use one of ${supportedReleases().join(', ')}${isClose ? '; it is close to them, so ignoring this check may do' : ''}`,
      };
    },
  });

/** Kubernetes, containerd and Calico are all released for these. */
const ARCHITECTURES: readonly string[] = ['amd64', 'arm64'];

export const architecture = check({
  name: 'Architecture',
  facts: { os: os() },
  judge: ({ os: { arch } }) =>
    ARCHITECTURES.includes(arch)
      ? arch
      : { why: `the processor is ${arch}`, hint: `use a machine with ${ARCHITECTURES.join(' or ')}` },
});

export const systemd = check({
  name: 'Systemd',
  facts: { os: os() },
  judge: ({ os: { hasSystemd } }) =>
    hasSystemd
      ? 'systemd is in charge'
      : {
          why: 'systemd does not run here',
          hint: 'boot the machine with systemd: the kubelet is a unit of it',
        },
});

/** @see https://github.com/kubernetes/kubernetes/blob/v1.34.0/cmd/kubeadm/app/constants/constants.go (ControlPlaneNumCPU, ControlPlaneMem) */
const CONTROL_PLANE_CPUS = 2;
const CONTROL_PLANE_MEMORY_MIB = 1700;

export const cpus = (host: HostKind): Resource =>
  check({
    name: 'NumCPU',
    facts: { os: os() },
    judge: ({ os: found }) =>
      host.role === 'worker' || found.cpus >= CONTROL_PLANE_CPUS
        ? `${found.cpus} CPUs`
        : {
            why: `it has ${found.cpus} CPU, and a control plane needs ${CONTROL_PLANE_CPUS}`,
            hint: 'give the machine more CPUs',
          },
  });

export const memory = (host: HostKind): Resource =>
  check({
    name: 'Mem',
    facts: { os: os() },
    judge: ({ os: { memoryKib } }) => {
      const mebibytes = Math.floor(memoryKib / 1024);
      if (host.role === 'worker' || mebibytes >= CONTROL_PLANE_MEMORY_MIB)
        return `${mebibytes} MiB of memory`;
      return {
        why: `it has ${mebibytes} MiB of memory, and a control plane needs ${CONTROL_PLANE_MEMORY_MIB}`,
        hint: 'give the machine more memory',
      };
    },
  });

/** The images of a control plane and of Calico take about 1.5 GiB unpacked, packages and etcd the rest. */
const FREE_GIB = 3;

export const disk = check({
  name: 'Disk',
  facts: { var: diskSpace('/var') },
  judge: ({ var: { freeKib } }) => {
    const gibibytes = freeKib / 1024 / 1024;
    // The figure changes all the time, and a plan should not change with it while there is enough room.
    if (gibibytes >= FREE_GIB) return `at least ${FREE_GIB} GiB free in /var`;
    return {
      why: `only ${gibibytes.toFixed(1)} GiB are free in /var, ${FREE_GIB} are needed`,
      hint: 'make room: the kubelet evicts pods from a full disk',
    };
  },
});

/** Where clocks differ, a new certificate may not be valid yet on another machine. */
const SKEW_MS = 30_000;

export const clockSkew = check({
  name: 'ClockSkew',
  facts: { clock: clock() },
  judge: ({ clock: { skewMs } }) => {
    if (Math.abs(skewMs) <= SKEW_MS) return `the clock is within ${SKEW_MS / 1000} s of the controller's`;
    const seconds = Math.round(Math.abs(skewMs) / 1000);
    return {
      why: `its clock is ${seconds} s ${skewMs > 0 ? 'ahead of' : 'behind'} the controller's`,
      hint: 'turn on time synchronisation (timedatectl set-ntp true), here or on the controller',
    };
  },
});

/** @see https://kubernetes.io/blog/2025/12/17/kubernetes-v1-35-release/ (the kubelet refuses cgroup v1 unless told otherwise) */
const CGROUP_V2_MINOR = 35;

export const cgroupVersion = ({ kubernetes }: Cluster, { swap }: Pick<HostKind, 'swap'>): Resource =>
  check({
    name: 'CgroupVersion',
    facts: { os: os() },
    judge: ({ os: { cgroup } }) => {
      const minor = minorNumber(kubernetes.version);
      if (cgroup !== 'v2' && swap === 'limited') {
        return {
          why: `it runs on cgroup ${cgroup}, on which the kubelet cannot limit swap`,
          hint: 'boot it with systemd.unified_cgroup_hierarchy=1, or set swap: leave or off in the inventory',
        };
      }
      if (cgroup === 'v2' || minor < CGROUP_V2_MINOR || kubernetes.kubelet['failCgroupV1'] === false) {
        return `cgroup ${cgroup}`;
      }
      return {
        why: `it runs on cgroup v1, which Kubernetes ${kubernetes.version} refuses`,
        hint: 'boot it with systemd.unified_cgroup_hierarchy=1, or set kubelet.failCgroupV1: false in the inventory',
      };
    },
  });
