import type { HostKind } from '#core/cluster.ts';
import { type Fact, type Family, fact } from '#core/fact.ts';
import { lines, sh } from '#core/shell.ts';

/** NVIDIA GPUs of a host: those on its bus, and those its driver works with. */
export type GpuAnswer = {
  /** False without a connection: the rest says nothing then. */
  readonly isKnown: boolean;
  /** PCI addresses of NVIDIA's display controllers. */
  readonly devices: readonly string[];
  /** `580.95.05`; null where no driver is loaded. */
  readonly driver: string | null;
  /** Of the driver's libraries that containers are given; null where no driver is loaded, or none is found. */
  readonly library: string | null;
  /** What the driver sees; a GPU that is cut has the profiles of its MIG devices: `1g.10gb`. */
  readonly gpus: readonly { readonly mig: readonly string[] }[];
};

/**
 * A display controller (class 0x03) of vendor 0x10de is a GPU; /proc/driver/nvidia is there as long as the
 * driver is loaded, and says which version that is; the file of a library has its version in its name. nvidia-smi,
 * which loads it, is run only where the driver has MIG devices already: their profiles stand nowhere else.
 *
 * @see https://docs.kernel.org/PCI/sysfs-pci.html
 * @see https://download.nvidia.com/XFree86/Linux-x86_64/580.95.05/README/procinterface.html
 * @see https://docs.nvidia.com/datacenter/tesla/mig-user-guide/ (capabilities below /proc/driver/nvidia, r580)
 */
const family: Family<'nvidia', GpuAnswer> = {
  name: 'gpu',
  sharesShell: true,
  script: () =>
    lines(
      sh`for device in /sys/bus/pci/devices/*; do
[ -r "$device/vendor" ] && [ -r "$device/class" ] || continue
read -r vendor <"$device/vendor"; read -r class <"$device/class"
case "$vendor $class" in '0x10de 0x03'*) echo "device $device" ;; esac
done`,
      sh`[ ! -r /proc/driver/nvidia/version ] || {
sed -n 's/^NVRM version: /driver /p' /proc/driver/nvidia/version
ldconfig -p 2>/dev/null | sed -n 's|.*libnvidia-ml[.]so[.]1 .*=> ||p' | head -n 1 | xargs -r readlink -f | sed 's/^/library /'
}`,
      sh`for gpu in /proc/driver/nvidia/gpus/*/; do [ ! -d "$gpu" ] || echo gpu; done`,
      sh`for instance in /proc/driver/nvidia/capabilities/gpu*/mig/gi*/; do
[ -d "$instance" ] || continue
nvidia-smi -L 2>/dev/null | sed 's/^/smi /'
break
done`,
    ),
  parse: (output) => [parseGpus(output.split('\n'))],
  bare: () => ({ isKnown: false, devices: [], driver: null, library: null, gpus: [] }),
};

export const gpuState: Fact<GpuAnswer> = fact(family, 'nvidia');

/** Whether a host is one with GPUs: the inventory says so, or leaves it to what is on the bus. */
export const isGpuHost = ({ gpu }: Pick<HostKind, 'gpu'>, { devices }: GpuAnswer): boolean =>
  gpu === 'auto' ? devices.length > 0 : gpu;

function parseGpus(rows: readonly string[]): GpuAnswer {
  const after = (word: string): readonly string[] =>
    rows.filter((row) => row.startsWith(`${word} `)).map((row) => row.slice(word.length + 1));
  const [version] = after('driver');
  const listed = parseList(after('smi'));
  const counted = rows.filter((row) => row === 'gpu').map(() => ({ mig: [] }));
  return {
    isKnown: true,
    devices: after('device').map((path) => path.slice(path.lastIndexOf('/') + 1)),
    driver: version === undefined ? null : (/\s(\d+\.\d+[.\d]*)\s/.exec(`${version} `)?.[1] ?? version),
    library: /libnvidia-ml\.so\.(\d+\.[\d.]+)$/.exec(after('library')[0] ?? '')?.[1] ?? null,
    gpus: listed.length > 0 ? listed : counted,
  };
}

/** `GPU 0: NVIDIA A100 (UUID: ...)`, and below it `  MIG 3g.20gb     Device  0: (UUID: ...)`. */
function parseList(rows: readonly string[]): GpuAnswer['gpus'] {
  const gpus: { mig: string[] }[] = [];
  for (const row of rows) {
    if (row.startsWith('GPU ')) gpus.push({ mig: [] });
    const profile = /^\s+MIG (\S+)\s+Device/.exec(row)?.[1];
    if (profile !== undefined) gpus.at(-1)?.mig.push(profile);
  }
  return gpus;
}
