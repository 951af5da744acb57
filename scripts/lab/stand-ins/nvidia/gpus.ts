import { readFile } from 'node:fs/promises';

import type { Lab } from '../../lab.ts';

export interface StandInGpus {
  readonly count: number;
  /** Default: a driver that is loaded. Without one, the package nvidia-driver brings it with the next boot. */
  readonly hasDriver?: boolean;
}

/**
 * Makes a host look as if it had NVIDIA GPUs: devices on its PCI bus, and what a driver shows below
 * /proc/driver/nvidia. Files bound over the kernel's own, by a unit, so that they are there after a reboot.
 */
export async function addGpus(
  lab: Lab,
  host: string,
  { count, hasDriver = true }: StandInGpus,
): Promise<void> {
  const slots = Array.from({ length: count }, (_, index) => `0000:${(0x3b + index).toString(16)}:00.0`);
  await lab.exec(
    host,
    `set -e
mkdir -p /etc/lab/gpus/driver /usr/local/lib/lab
for slot in ${slots.join(' ')}; do
  mkdir -p /etc/lab/gpus/pci/$slot
  echo 0x10de >/etc/lab/gpus/pci/$slot/vendor
  echo 0x030200 >/etc/lab/gpus/pci/$slot/class
done
mkdir -p /etc/lab/gpus/pci/0000:00:02.0
echo 0x1234 >/etc/lab/gpus/pci/0000:00:02.0/vendor
echo 0x030000 >/etc/lab/gpus/pci/0000:00:02.0/class
${hasDriver ? 'mkdir -p /usr/share/lab; echo 580.95.05 >/usr/share/lab/nvidia-driver' : ''}
cat >/usr/local/lib/lab/gpus <<'SCRIPT'
${BOOT_SCRIPT}SCRIPT
chmod 755 /usr/local/lib/lab/gpus
cat >/etc/systemd/system/lab-gpus.service <<'UNIT'
${UNIT}UNIT
systemctl enable --quiet --now lab-gpus.service`,
  );
}

/**
 * Cuts GPUs into MIG devices, as `nvidia-smi mig` would: the profiles of each GPU, none for one that stays whole.
 *
 * @see https://docs.nvidia.com/datacenter/tesla/mig-user-guide/ (what nvidia-smi -L prints, and /proc; r580)
 */
export async function cutGpus(lab: Lab, host: string, gpus: readonly (readonly string[])[]): Promise<void> {
  const instances = gpus.flatMap((profiles, gpu) =>
    profiles.map((_, index) => `/etc/lab/gpus/driver/nvidia/capabilities/gpu${gpu}/mig/gi${index + 1}/ci0`),
  );
  await lab.exec(
    host,
    `set -e
rm -rf /etc/lab/gpus/driver/nvidia/capabilities /etc/lab/gpus/mig
mkdir -p /etc/lab/gpus/mig /etc/lab/gpus/driver/nvidia/capabilities/mig ${instances.join(' ')}
${gpus.map(cutSoFar).join('\n')}
cat >/etc/lab/gpus/list <<'LIST'
${gpus.map(listed).join('\n')}
LIST
cat >/usr/bin/nvidia-smi <<'SCRIPT'
${await readFile(new URL('nvidia-smi.sh', import.meta.url), 'utf8')}SCRIPT
chmod 755 /usr/bin/nvidia-smi`,
  );
}

const cutSoFar = (profiles: readonly string[], gpu: number): string =>
  [
    `echo ${profiles.length > 0 ? 'Enabled' : 'Disabled'} >/etc/lab/gpus/mig/${gpu}`,
    `: >/etc/lab/gpus/mig/${gpu}.devices`,
    ...profiles.map((profile) => `echo ${profile} >>/etc/lab/gpus/mig/${gpu}.devices`),
  ].join('\n');

function listed(profiles: readonly string[], gpu: number): string {
  const devices = profiles.map(
    (profile, index) =>
      `  MIG ${profile.padEnd(12)}Device ${String(index).padStart(2)}: (UUID: MIG-${gpu}-${index})`,
  );
  return [`GPU ${gpu}: NVIDIA stand-in (UUID: GPU-${gpu})`, ...devices].join('\n');
}

const BOOT_SCRIPT = `#!/bin/sh
# Lab stand-in for NVIDIA GPUs and their driver: see scripts/lab/stand-ins/nvidia.
set -e
if [ -e /usr/share/lab/nvidia-driver ] && ! [ -e /etc/lab/gpus/driver/nvidia ]; then
  for slot in /etc/lab/gpus/pci/*; do
    [ "$(cat $slot/vendor)" = 0x10de ] || continue
    mkdir -p /etc/lab/gpus/driver/nvidia/gpus/\${slot##*/}
    echo 'Model: NVIDIA stand-in' >/etc/lab/gpus/driver/nvidia/gpus/\${slot##*/}/information
  done
  echo "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  $(cat /usr/share/lab/nvidia-driver)  Release Build  (lab)" >/etc/lab/gpus/driver/nvidia/version
fi
mkdir -p /sys/bus/pci/devices
mountpoint -q /sys/bus/pci/devices || mount --bind /etc/lab/gpus/pci /sys/bus/pci/devices
mountpoint -q /proc/driver || mount --bind /etc/lab/gpus/driver /proc/driver
`;

const UNIT = `[Unit]
Description=Lab stand-in for NVIDIA GPUs
DefaultDependencies=no
After=local-fs.target
Before=sysinit.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/local/lib/lab/gpus

[Install]
WantedBy=sysinit.target
`;
