import { accessSync, constants, existsSync, readFileSync } from 'node:fs';

// Bit numbers: linux/capability.h.
const capabilities = { CAP_NET_ADMIN: 12, CAP_SYS_CHROOT: 18, CAP_SYS_ADMIN: 21, CAP_MKNOD: 27 };

/**
 * Why this machine cannot run a lab, in one line; undefined when it can.
 *
 * Reads a few files and starts nothing, so that a test file can call it while it is being collected.
 */
export function labUnavailable(): string | undefined {
  if (process.platform !== 'linux') return `the lab needs Linux, this is ${process.platform}`;
  if (process.getuid?.() !== 0) return 'the lab needs root';
  if (!existsSync('/usr/bin/apt-get')) return 'the lab needs a Debian machine: there is no apt-get';
  const missing = missingCapabilities();
  if (missing.length > 0) return `the lab needs ${missing.join(', ')}, which this container lacks`;
  if (!existsSync('/proc/self/ns/time')) return 'the lab needs time namespaces (Linux 5.6)';
  const group = existsSync('/sys/fs/cgroup/systemd') ? '/sys/fs/cgroup/systemd' : '/sys/fs/cgroup';
  if (!isWritable(group)) return `the lab needs ${group}, which cannot be written here`;
  return undefined;
}

function missingCapabilities(): string[] {
  const hex = /^CapEff:\s*([0-9a-f]+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
  const effective = BigInt(`0x${hex}`);
  return Object.entries(capabilities)
    .filter(([, bit]) => ((effective >> BigInt(bit)) & 1n) === 0n)
    .map(([name]) => name);
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
