import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { release } from 'node:os';
import { type DebianMirror, sourcesOf, type Suite } from './debian-mirror.ts';

/** The users of every host besides root. All take the lab's key; `sudo` says what else they may do. */
export const hostUsers = [
  { name: 'debian', sudo: 'without password' },
  { name: 'operator', sudo: 'with password' },
  { name: 'nosudo', sudo: 'no' },
] as const;

export type HostUser = 'root' | (typeof hostUsers)[number]['name'];

/** The password of `operator`; its quotes and spaces are there to catch whoever does not quote. */
export const operatorPassword = `it's "4" $ecret`;

/**
 * What a fresh cloud machine has, and programs that take long to install and that slipway does not.
 * No container runtime and nothing of Kubernetes: making those is what slipway is for.
 */
const packages = [
  'ca-certificates',
  'conntrack',
  'curl',
  'dbus',
  'ebtables',
  'ethtool',
  'gnupg',
  'iproute2',
  'iptables',
  'iputils-ping',
  'kmod',
  'less',
  'libpam-systemd',
  'netbase',
  'nftables',
  'openssh-server',
  'openssl',
  'procps',
  'python3',
  'socat',
  'sudo',
  'systemd',
  'systemd-sysv',
  'udev',
];

/** Units that make no sense in a namespace, or that change a host while nobody asked. */
const maskedUnits = [
  'systemd-udevd.service',
  'systemd-udev-trigger.service',
  'systemd-udevd-kernel.socket',
  'systemd-udevd-control.socket',
  'getty.target',
  'console-getty.service',
  'getty-static.service',
];
const disabledTimers = ['apt-daily.timer', 'apt-daily-upgrade.timer', 'dpkg-db-backup.timer', 'fstrim.timer'];

/** modprobe succeeds for these on a kernel that has them built in, as it does on a stock one. */
const builtInModules = [
  'kernel/drivers/block/loop.ko',
  'kernel/drivers/net/tun.ko',
  'kernel/drivers/net/veth.ko',
  'kernel/drivers/net/vxlan.ko',
  'kernel/fs/overlayfs/overlay.ko',
  'kernel/net/bridge/br_netfilter.ko',
  'kernel/net/bridge/bridge.ko',
  'kernel/net/ipv4/netfilter/ip_tables.ko',
  'kernel/net/ipv4/netfilter/iptable_filter.ko',
  'kernel/net/ipv4/netfilter/iptable_nat.ko',
  'kernel/net/ipv6/netfilter/ip6_tables.ko',
  'kernel/net/netfilter/ip_set.ko',
  'kernel/net/netfilter/nf_conntrack.ko',
  'kernel/net/netfilter/nf_nat.ko',
  'kernel/net/netfilter/nf_tables.ko',
  'kernel/net/netfilter/x_tables.ko',
  'kernel/net/netfilter/xt_conntrack.ko',
];

export interface RecipeFile {
  readonly path: string;
  readonly mode: number;
  readonly content: string;
}

/** Everything a base image is made from; an image is as old as its recipe, whatever the date. */
export interface BaseRecipe {
  readonly suite: Suite;
  readonly sources: readonly string[];
  readonly packages: readonly string[];
  readonly maskedUnits: readonly string[];
  readonly disabledTimers: readonly string[];
  readonly operatorPassword: string;
  readonly users: typeof hostUsers;
  readonly files: readonly RecipeFile[];
  readonly kernel: string;
}

export function baseRecipe(suite: Suite, mirror: DebianMirror): BaseRecipe {
  const kernel = release();
  return {
    suite,
    sources: sourcesOf(mirror, suite),
    packages,
    maskedUnits,
    disabledTimers,
    operatorPassword,
    users: hostUsers,
    files: recipeFiles(kernel),
    kernel,
  };
}

export function recipeDigest(recipe: BaseRecipe): string {
  // Counted up when base-image.ts makes another image of the same recipe.
  const builder = 1;
  return createHash('sha256').update(JSON.stringify({ builder, recipe })).digest('hex').slice(0, 12);
}

/** A script of the lab's that runs inside hosts. */
export function hostFile(name: 'init' | 'swap' | 'import-images'): string {
  return readFileSync(new URL(`host-files/${name}`, import.meta.url), 'utf8');
}

function recipeFiles(kernel: string): RecipeFile[] {
  const modules = `lib/modules/${kernel}`;
  return [
    { path: 'usr/local/lib/lab/init', mode: 0o755, content: hostFile('init') },
    { path: 'etc/sudoers.d/90-debian', mode: 0o440, content: 'debian ALL=(ALL) NOPASSWD:ALL\n' },
    // Pods ignore SIGTERM: reboot in 10 s, not 90.
    {
      path: 'etc/systemd/system.conf.d/lab.conf',
      mode: 0o644,
      content: '[Manager]\nDefaultTimeoutStopSec=10s\n',
    },
    // The disks of a lab are thrown away: nothing is worth waiting for a disk to confirm.
    { path: 'etc/dpkg/dpkg.cfg.d/lab', mode: 0o644, content: 'force-unsafe-io\n' },
    { path: 'etc/apt/apt.conf.d/02lab', mode: 0o644, content: 'Acquire::Languages "none";\n' },
    { path: `${modules}/modules.builtin`, mode: 0o644, content: `${builtInModules.join('\n')}\n` },
    { path: `${modules}/modules.order`, mode: 0o644, content: '' },
  ];
}
