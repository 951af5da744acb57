import { type Fact, type Family, fact } from '#core/fact.ts';
import { type Script, embed, sh } from '#core/shell.ts';

/** What swaps now, and what would make it swap again after a reboot, /etc/fstab apart. */
export type SwapAnswer = {
  /** Devices and files in use. */
  readonly active: readonly string[];
  /**
   * Units that boot would start and that turn swap on, other than from /etc/fstab: of zram, of GPT partitions,
   * written by hand; services too, as that of dphys-swapfile.
   */
  readonly units: readonly string[];
};

export const swapState = (): Fact<SwapAnswer> => fact(family, null);

/** @see https://www.freedesktop.org/software/systemd/man/257/systemd.unit.html#Unit%20File%20Load%20Path */
const UNIT_DIRECTORIES = [
  '/etc/systemd/system',
  '/run/systemd/system',
  '/run/systemd/generator',
  '/run/systemd/generator.early',
  '/run/systemd/generator.late',
  '/usr/local/lib/systemd/system',
  '/usr/lib/systemd/system',
] as const;

/** Services whose own programs turn swap on: of Debian's zram-tools, Ubuntu's zram-config, and swapspace. */
const SWAP_SERVICES = ['zramswap', 'zram-config', 'swapspace']
  .map((name) => `"$directory"/${name}.service`)
  .join(' ') as Script;

const SERVICES = UNIT_DIRECTORIES.map((directory) => `${directory}/*.service`).join(' ') as Script;

const BASE_NAME = '${path##*/}' as Script;

const family: Family<null, SwapAnswer> = {
  name: 'swap',
  sharesShell: true,
  // Unit files are looked up by the shell: systemctl list-unit-files reads every one, and takes 200 ms. Units
  // without a file are the kernel's areas, which are in /proc/swaps.
  script: () =>
    sh`[ ! -r /proc/swaps ] || while IFS= read -r row; do printf '/proc/swaps:%s\n' "$row"; done </proc/swaps
set --
for directory in ${UNIT_DIRECTORIES}; do for path in "$directory"/*.swap; do
case $path in *@.swap) continue;; esac
[ -e "$path" ] && set -- "$@" "${embed(BASE_NAME)}"
done
for path in ${embed(SWAP_SERVICES)}; do [ -e "$path" ] && set -- "$@" "${embed(BASE_NAME)}"; done
done
for path in $(grep -lsE -D skip '^ExecStart(Pre|Post)?=.*swapon' ${embed(SERVICES)}); do set -- "$@" "${embed(BASE_NAME)}"; done
[ $# -eq 0 ] || systemctl show -p Id,LoadState,ActiveState,UnitFileState,FragmentPath,SourcePath -- "$@" 2>/dev/null || :`,
  parse: (output, questions) => {
    const rows = output.split('\n');
    const active = rows
      .filter((row) => row.startsWith('/proc/swaps:/'))
      // The kernel writes blanks in names as octal escapes, see swaps in https://man7.org/linux/man-pages/man5/proc.5.html
      .map((row) => unescaped(row.slice('/proc/swaps:'.length).split(/\s/)[0] ?? ''));
    const answer = { active: active.toSorted(), units: swapUnits(rows) };
    return questions.map(() => answer);
  },
  bare: () => ({ active: [], units: [] }),
};

function swapUnits(rows: readonly string[]): readonly string[] {
  const blocks = rows
    .filter((row) => !row.startsWith('/proc/swaps:'))
    .join('\n')
    .split('\n\n')
    .map((block) => Object.fromEntries(block.split('\n').map((row) => splitAt(row, row.indexOf('=')))));
  const names = blocks.filter(isStartedAtBoot).map((unit) => unit['Id'] ?? '');
  return [...new Set(names)].toSorted();
}

/** Units without a file of their own are the kernel's swap areas as systemd sees them. */
function isStartedAtBoot(unit: Readonly<Record<string, string>>): boolean {
  if (unit['LoadState'] !== 'loaded' || unit['FragmentPath'] === '') return false;
  if (unit['SourcePath'] === '/etc/fstab') return false;
  const state = unit['UnitFileState'] ?? '';
  return (
    ['enabled', 'enabled-runtime', 'generated'].includes(state) ||
    (state === 'static' && unit['ActiveState'] === 'active')
  );
}

const splitAt = (row: string, index: number): readonly [string, string] => [
  row.slice(0, Math.max(index, 0)),
  row.slice(index + 1),
];

const unescaped = (name: string): string =>
  name.replaceAll(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
