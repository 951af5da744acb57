import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from './lab-error.ts';
import { labEnvironment, run } from './run.ts';

/** Each program the lab starts on this machine, and the Debian package that has it. */
const packageOf = {
  'dpkg-deb': 'dpkg',
  depmod: 'kmod',
  flock: 'util-linux',
  gpg: 'gnupg',
  gpgconf: 'gnupg',
  ip: 'iproute2',
  mkswap: 'util-linux',
  mmdebstrap: 'mmdebstrap',
  nsenter: 'util-linux',
  setpriv: 'util-linux',
  ssh: 'openssh-client',
  'ssh-keygen': 'openssh-client',
  sysctl: 'procps',
  'systemd-nspawn': 'systemd-container',
  unshare: 'util-linux',
} as const;

/** Installs what the lab needs and this machine lacks. */
export async function installMissingTools(log: (line: string) => void): Promise<void> {
  const packages = missingPackages();
  if (packages.length === 0) return;
  log(`Installing ${packages.join(', ')} on this machine`);
  await run`apt-get update -q`;
  await run`apt-get install -y -q --no-install-recommends -o DPkg::Lock::Timeout=300 ${packages}`;
  const stillMissing = missingPackages();
  if (stillMissing.length > 0)
    throw new LabError(`no programs of ${stillMissing.join(', ')} after installing`);
}

function missingPackages(): string[] {
  const directories = labEnvironment.PATH.split(':');
  const isMissing = (program: string) =>
    !directories.some((directory) => existsSync(join(directory, program)));
  const missing = Object.entries(packageOf).filter(([program]) => isMissing(program));
  return [...new Set(missing.map(([, name]) => name))];
}
