import { type Fact, type Family, fact } from '#core/fact.ts';
import { embed, type Script, sh } from '#core/shell.ts';
import type { OsRelease } from '#distributions/distribution-family.ts';
import { FAMILIES } from '#distributions/families.ts';

/** What a machine is: nothing here changes while it runs. */
export type OsAnswer = OsRelease & {
  /** In Go's words, as Kubernetes names them: `amd64`. */
  readonly arch: string;
  readonly kernel: string;
  readonly hostname: string;
  /** Those this user may use, as kubeadm counts. */
  readonly cpus: number;
  readonly memoryKib: number;
  readonly cgroup: 'v1' | 'v2';
  /** Null where there is none, and in a plan without a connection. */
  readonly machineId: string | null;
  /** Of the firmware; null in containers. */
  readonly productUuid: string | null;
  readonly hasSystemd: boolean;
  /** Programs of distribution families that are there. */
  readonly tools: readonly string[];
};

export const os = (): Fact<OsAnswer> => fact(family, null);

/** Of a range of processors such as `0-3`, or of a single one. */
const FIRST = '${range%-*}' as Script;
const LAST = '${range#*-}' as Script;

const TOOLS = ['apt-get', 'dnf', 'zypper', 'systemctl'] as const;

const family: Family<null, OsAnswer> = {
  name: 'os',
  sharesShell: true,
  script: () =>
    // Read by the shell itself, without a process. It reads byte by byte, so of most files only the first line is read. Of files
    // below /proc/sys it gets texts so, but of numbers the first digit. Linux before 6.1 has no file for the architecture.
    sh`[ ! -f /etc/os-release ] || while IFS= read -r row || [ -n "$row" ]; do printf '/etc/os-release:%s\n' "$row"; done </etc/os-release
for path in /etc/machine-id /sys/class/dmi/id/product_uuid /proc/meminfo; do
[ -r "$path" ] || continue
IFS= read -r row <"$path"; printf '%s:%s\n' "$path" "$row"
done
machine=
if [ -r /proc/sys/kernel/arch ]; then
read -r hostname </proc/sys/kernel/hostname; read -r release </proc/sys/kernel/osrelease; read -r machine </proc/sys/kernel/arch
fi
if [ -n "$machine" ]; then echo "uname $hostname $release $machine"; else echo "uname $(uname -nrm)"; fi
ranges=
while read -r field value; do
case $field in Cpus_allowed_list:) ranges=$value; break;; esac
done </proc/self/status
cpus=0; IFS=,
for range in $ranges; do cpus=$((cpus + ${embed(LAST)} - ${embed(FIRST)} + 1)); done
unset IFS
[ "$cpus" -gt 0 ] || cpus=$(nproc)
echo "cpus $cpus"
[ -e /sys/fs/cgroup/cgroup.controllers ] && echo 'cgroup cgroup2fs'
[ -d /run/systemd/system ] && echo systemd
for tool in ${TOOLS}; do command -v "$tool" >/dev/null && echo "tool $tool"; done
:`,
  parse: (output, questions) => {
    const answer = read(output.split('\n'));
    return questions.map(() => answer);
  },
  bare: () => ({
    ...FAMILIES[0].freshMachine,
    arch: 'amd64',
    hostname: 'localhost',
    cpus: 4,
    memoryKib: 16_777_216,
    cgroup: 'v2',
    machineId: null,
    productUuid: null,
    hasSystemd: true,
  }),
};

function read(rows: readonly string[]): OsAnswer {
  const after = (prefix: string): readonly string[] =>
    rows.filter((row) => row.startsWith(prefix)).map((row) => row.slice(prefix.length));
  const release = readRelease(after('/etc/os-release:'));
  const memory = after('/proc/meminfo:MemTotal:')[0];
  const [hostname = '', kernel = '', machine = ''] = (after('uname ')[0] ?? '').split(' ');
  if (memory === undefined || machine === '') throw new Error('the description of the machine is cut off');
  return {
    id: release.get('ID') ?? 'linux',
    idLike: (release.get('ID_LIKE') ?? '').split(' ').filter((id) => id !== ''),
    versionId: release.get('VERSION_ID') ?? '',
    codename: release.get('VERSION_CODENAME') ?? '',
    prettyName: release.get('PRETTY_NAME') ?? 'Linux',
    arch: ARCHITECTURES[machine] ?? machine,
    kernel,
    hostname,
    cpus: Number(after('cpus ')[0]),
    memoryKib: Number.parseInt(memory, 10),
    // The file is in the root of a v2 hierarchy, and of no other:
    // https://docs.kernel.org/admin-guide/cgroup-v2.html#core-interface-files
    cgroup: after('cgroup ')[0] === 'cgroup2fs' ? 'v2' : 'v1',
    machineId: after('/etc/machine-id:')[0]?.trim() || null,
    productUuid: after('/sys/class/dmi/id/product_uuid:')[0]?.trim().toLowerCase() || null,
    hasSystemd: rows.includes('systemd'),
    tools: after('tool '),
  };
}

/** From `uname -m`, see https://go.dev/doc/install/source#environment for GOARCH. */
const ARCHITECTURES: Readonly<Record<string, string>> = {
  x86_64: 'amd64',
  aarch64: 'arm64',
  armv7l: 'arm',
  ppc64le: 'ppc64le',
  s390x: 's390x',
};

/** @see https://www.freedesktop.org/software/systemd/man/257/os-release.html */
function readRelease(rows: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    rows.flatMap((row) => {
      const match = /^([A-Z][A-Z0-9_]*)=(.*)$/.exec(row.trim());
      return match === null ? [] : [[match[1] ?? '', unquoted(match[2] ?? '')] as const];
    }),
  );
}

function unquoted(value: string): string {
  if (/^'.*'$/.test(value)) return value.slice(1, -1);
  if (/^".*"$/.test(value)) return value.slice(1, -1).replaceAll(/\\(["$`\\])/g, '$1');
  return value;
}
