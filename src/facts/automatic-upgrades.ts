import { type Fact, type Family, fact } from '#core/fact.ts';
import { sh } from '#core/shell.ts';

/** What upgrades packages of a machine by itself, and which of those that pods depend on it may take. */
export type AutomaticUpgradesAnswer = {
  readonly by: 'unattended-upgrades' | 'dnf-automatic' | null;
  readonly packages: readonly string[];
};

export const automaticUpgrades = (): Fact<AutomaticUpgradesAnswer> => fact(family, null);

/** Container runtimes, and NVIDIA's driver with its libraries. */
const DEBS = [
  'containerd',
  'containerd.io',
  'runc',
  'docker.io',
  'docker-ce',
  'cri-o',
  'nvidia-*',
  'libnvidia-*',
];
const RPMS = ['containerd.io', 'containerd', 'runc', 'docker-ce', 'cri-o', 'nvidia-driver*', 'kmod-nvidia*'];

const DEB = 'deb ${db:Status-Abbrev} ${Package}\\n';

/** Of repositories that unattended-upgrades leaves alone unless it is told otherwise. */
const BY_VENDORS = new Set(['containerd.io', 'docker-ce', 'cri-o']);

const TIMERS = ['dnf-automatic-install.timer', 'dnf-automatic.timer', 'dnf5-automatic.timer'] as const;

/** Where units have their files: systemctl need not be asked of one that has none. */
const UNIT_ROOTS = ['/etc', '/run', '/usr/local/lib', '/usr/lib', '/lib'] as const;

const family: Family<null, AutomaticUpgradesAnswer> = {
  name: 'automatic-upgrades',
  /**
   * @see https://github.com/mvo5/unattended-upgrades/blob/2.9.1/README.md
   * @see https://dnf.readthedocs.io/en/latest/automatic.html (4.18), https://dnf5.readthedocs.io/en/latest/dnf5_plugins/automatic.8.html
   */
  script: () =>
    sh`if [ -x /usr/bin/unattended-upgrade ] && systemctl is-enabled -q apt-daily-upgrade.timer 2>/dev/null; then
echo 'by unattended-upgrades'
apt-config dump 2>/dev/null | sed -n 's/^\(APT::Periodic\|Unattended-Upgrade\)::/apt \1::/p'
dpkg-query -W -f ${DEB} ${DEBS} 2>/dev/null
fi
for timer in ${TIMERS}; do there=
for root in ${UNIT_ROOTS}; do [ ! -e "$root/systemd/system/$timer" ] || there=1; done
if [ -n "$there" ] && systemctl is-enabled -q "$timer" 2>/dev/null; then
case $timer in *-install.timer) ;; *) grep -qsiE '^[[:space:]]*apply_updates[[:space:]]*=[[:space:]]*(yes|true|on|1)' /etc/dnf/automatic.conf || continue;; esac
echo 'by dnf-automatic'
rpm -qa --qf 'rpm %{NAME}\n' ${RPMS} 2>/dev/null
sed -n 's/^[[:space:]]*exclude\(pkgs\)\{0,1\}[[:space:]]*=[[:space:]]*/without /p' /etc/dnf/dnf.conf /etc/dnf/automatic.conf 2>/dev/null
cat /etc/dnf/plugins/versionlock.list /etc/dnf/versionlock.toml 2>/dev/null | sed 's/^/lock /'
break; fi; done; :`,
  parse: (output, questions) => {
    const rows = output.split('\n');
    const after = (word: string): readonly string[] =>
      rows.flatMap((row) => (row.startsWith(`${word} `) ? [row.slice(word.length + 1)] : []));
    const by = after('by')[0];
    const answer =
      by === 'unattended-upgrades' ? ofApt(after) : by === 'dnf-automatic' ? ofDnf(after) : NOBODY;
    return questions.map(() => answer);
  },
  bare: () => NOBODY,
};

const NOBODY: AutomaticUpgradesAnswer = { by: null, packages: [] };

type Rows = (word: string) => readonly string[];

function ofApt(after: Rows): AutomaticUpgradesAnswer {
  const settings = after('apt').map((row) => /^([^ ]+?)(?:::)? "(.*)";$/.exec(row));
  const valuesOf = (name: string): readonly string[] =>
    settings.flatMap((found) => (found?.[1] === name ? [found[2] ?? ''] : []));
  const isOn = (name: string, other: string): boolean => (valuesOf(name).at(-1) ?? other) !== '0';
  if (!isOn('APT::Periodic::Enable', '1') || !isOn('APT::Periodic::Unattended-Upgrade', '0')) return NOBODY;
  const kept = valuesOf('Unattended-Upgrade::Package-Blacklist').flatMap(pattern);
  const origins = ['Allowed-Origins', 'Origins-Pattern'].flatMap((name) =>
    valuesOf(`Unattended-Upgrade::${name}`),
  );
  const isOfVendors = origins.some((origin) => /docker|cri-o|(^|=)\*/i.test(origin));
  const packages = after('deb').flatMap((row) => {
    const [, wanted, name = ''] = /^(.)i. (\S+)$/.exec(row) ?? [];
    const isMoved =
      wanted === 'i' && (isOfVendors || !BY_VENDORS.has(name)) && !kept.some((one) => one.test(name));
    return isMoved ? [name] : [];
  });
  return { by: 'unattended-upgrades', packages };
}

/** It stands for names that begin so. What is no expression here, Python may know. */
function pattern(written: string): readonly RegExp[] {
  try {
    return [new RegExp(`^(?:${written})`)];
  } catch {
    return [];
  }
}

function ofDnf(after: Rows): AutomaticUpgradesAnswer {
  const globs = after('without').flatMap((row) => row.split(/[\s,]+/).filter((glob) => glob !== ''));
  const locks = after('lock');
  const isKept = (name: string): boolean =>
    globs.some((glob) => isGlobOf(glob, name)) || locks.some((row) => isLockOf(row, name));
  return { by: 'dnf-automatic', packages: after('rpm').filter((name) => !isKept(name)) };
}

const isGlobOf = (glob: string, name: string): boolean =>
  new RegExp(
    `^${glob
      .replaceAll(/[.+^$(){}|\\[\]]/g, String.raw`\$&`)
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  ).test(name);

/** A line of dnf's `containerd.io-0:2.2.1-1.el9.*`, and of dnf5's `name = "containerd.io"`. */
const isLockOf = (row: string, name: string): boolean =>
  row.startsWith(`${name}-`) ? /^\d/.test(row.slice(name.length + 1)) : row.includes(`name = "${name}"`);
