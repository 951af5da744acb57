import { type Fact, type Family, fact } from '#core/fact.ts';
import { embed, type Script, sh } from '#core/shell.ts';

/** What on a machine stands in the way of a node, though none of it is a node's: left by people and other tools. */
export type SurroundingsAnswer = {
  /** Where programs are found by name that are not the packages': `kubeadm` at `/usr/local/bin/kubeadm`. */
  readonly programs: { readonly [name: string]: string };
  /** What files that come before those of packages make of their units. Absent in older recordings. */
  readonly unitLines?: readonly UnitLine[];
  /** Name servers in /etc/resolv.conf, or in systemd-resolved's own list where that is in charge. */
  readonly nameservers: readonly string[];
  /** CNI configurations in the order in which a runtime takes the first. */
  readonly cniConfigs: readonly string[];
  /** `deny` or `reject` where ufw is on and turns away what comes in. */
  readonly ufw: string | null;
  /** Ports that ufw lets in: `6443/tcp`, `2379:2380/tcp`, `any`; `any/vrrp` of a protocol without ports. */
  readonly ufwAllows: readonly string[];
  /** Whether the nftables service loads rules whose input chain drops what it does not know. */
  readonly isNftablesDropping: boolean;
  /** Scripts of the machine's own start that turn swap on. */
  readonly swapScripts: readonly string[];
  /** Snaps of Docker and Kubernetes. Absent in older recordings. */
  readonly snaps?: readonly string[];
};

/** A line of a unit file or drop-in: `ExecStart=...`, and of the kubelet's environment `Environment=...`. */
export type UnitLine = { readonly unit: string; readonly path: string; readonly line: string };

/** Programs that slipway, kubeadm and people run by their names. */
const PROGRAMS = ['kubeadm', 'kubectl', 'crictl'] as const;

/** Snaps that bring what a node has already, or a cluster of their own. */
const SNAPS = ['docker', 'microk8s', 'k8s', 'kubelet', 'kubeadm', 'kubectl', 'kube-proxy', 'etcd'] as const;

/** Where snapd has them, which differs by distribution. */
const SNAP_ROOTS = ['/snap', '/var/lib/snapd/snap'] as const;

/** Units of packages that other tools write where theirs come first. */
const UNITS = ['kubelet', 'containerd', 'docker', 'crio'] as const;

/** Where systemd looks before it looks where packages put their units. */
const UNIT_ROOTS = ['/etc', '/run', '/usr/local/lib'] as const;

const BEFORE_SWAPON = '${row%%swapon*}' as Script;

const CLEAN: SurroundingsAnswer = {
  programs: {},
  unitLines: [],
  nameservers: [],
  cniConfigs: [],
  ufw: null,
  ufwAllows: [],
  isNftablesDropping: false,
  swapScripts: [],
  snaps: [],
};

/**
 * @see https://manpages.debian.org/bookworm/ufw/ufw-framework.8.en.html (files below /etc/ufw)
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.0/cmd/kubeadm/app/componentconfigs/kubelet.go (resolvConf of systemd-resolved)
 */
const family: Family<null, SurroundingsAnswer> = {
  name: 'surroundings',
  sharesShell: true,
  script: () =>
    sh`for name in ${PROGRAMS}; do if command -v "$name" >/dev/null; then printf 'program %s ' "$name"; command -v "$name"; fi; done
for root in ${UNIT_ROOTS}; do for name in ${UNITS}; do for path in "$root/systemd/system/$name.service" "$root/systemd/system/$name.service.d"/*.conf; do
[ -f "$path" ] || continue
first=; [ ! -r "$path" ] || IFS= read -r first <"$path" || :
case $first in '# Written by slipway'*) continue;; esac
sed -n -e ':more' -e '/\\$/{N;s/\\\n/ /;b more' -e '}' -e '/^# Written by slipway/q' -e '/^[[:space:]]*\(ExecStart=\|Environment=.*KUBELET_\)/p' "$path" | while IFS= read -r row || [ -n "$row" ]; do printf 'unit %s %s %s\n' "$name" "$path" "$row"; done
done; done; done
resolv=/etc/resolv.conf; [ -e /run/systemd/resolve/resolv.conf ] && resolv=/run/systemd/resolve/resolv.conf
[ ! -f "$resolv" ] || while read -r word address rest || [ -n "$word" ]; do [ "$word" != nameserver ] || printf 'nameserver %s\n' "$address"; done <"$resolv"
for path in /etc/cni/net.d/*.conf /etc/cni/net.d/*.conflist /etc/cni/net.d/*.json; do [ ! -f "$path" ] || printf 'cni %s\n' "$path"; done
for name in ${SNAPS}; do for root in ${SNAP_ROOTS}; do [ ! -L "$root/$name/current" ] || printf 'snap %s\n' "$name"; done; done
for path in /etc/rc.local /etc/crontab /etc/cron.d/* /var/spool/cron/crontabs/*; do
[ ! -f "$path" ] || [ ! -r "$path" ] || while IFS= read -r row || [ -n "$row" ]; do
case $row in *swapon*) case ${embed(BEFORE_SWAPON)} in *'#'*) ;; *) printf '%s\n' "$path"; break;; esac;; esac
done <"$path"
done
if [ -f /etc/ufw/ufw.conf ] && grep -qsi -D skip '^ENABLED=yes' /etc/ufw/ufw.conf; then
sed -n 's/^DEFAULT_INPUT_POLICY="\{0,1\}\([A-Z]*\).*/ufw \1/p' /etc/default/ufw
sed -n 's/^### tuple ### allow\(_log\)\{0,1\} \([a-z]*\) \([0-9:,]*\|any\) \([^ ]*\) any [^ ]* in.*/allow \3\/\2 \4/p' /etc/ufw/user.rules 2>/dev/null
fi
if [ -e /etc/systemd/system/sysinit.target.wants/nftables.service ]; then
grep -sv '^[[:space:]]*#' /etc/nftables.conf | tr '\n' ' ' | grep -qE 'hook input [^}]*policy drop' && echo nftables
fi; :`,
  parse: (output, questions) => {
    const rows = output.split('\n').map((row) => row.split(' '));
    const of = (word: string): readonly (readonly string[])[] =>
      rows.flatMap(([first, ...rest]) => (first === word ? [rest] : []));
    const policy = of('ufw')[0]?.[0];
    const answer: SurroundingsAnswer = {
      programs: Object.fromEntries(
        of('program').flatMap(([name = '', path = '']) => (isPackaged(path) ? [] : [[name, path]])),
      ),
      unitLines: output.split('\n').flatMap((row) => {
        const [, unit, path, line] = UNIT_LINE.exec(row) ?? [];
        return unit === undefined || path === undefined || line === undefined ? [] : [{ unit, path, line }];
      }),
      nameservers: of('nameserver').flatMap(([address]) => address ?? []),
      cniConfigs: of('cni')
        .map(([path = '']) => path)
        .toSorted(),
      ufw: policy === 'DROP' ? 'deny' : policy === 'REJECT' ? 'reject' : null,
      ufwAllows: of('allow').flatMap(([ports = '', to = '']) => allowed(ports, to)),
      isNftablesDropping: rows.some(([word]) => word === 'nftables'),
      swapScripts: output.split('\n').filter((row) => row.startsWith('/')),
      snaps: [...new Set(of('snap').flatMap(([name]) => name ?? []))],
    };
    return questions.map(() => answer);
  },
  bare: () => CLEAN,
};

/** What is let in to addresses of groups is for these alone: VRRP's is 224.0.0.18 (RFC 5798, 5.1.1.2). */
function allowed(ports: string, to: string): readonly string[] {
  if (!/^2(2[4-9]|3\d)\./.test(to)) return [ports.replace('any/any', 'any')];
  const isVrrp = /^224\.0\.0\.(18(\/32)?|0\/\d+)$/.test(to) && /^any\/(any|vrrp)$/.test(ports);
  return isVrrp ? ['any/vrrp'] : [];
}

const UNIT_LINE = /^unit (\S+) (\/.*?\/\1\.service(?:\.d\/.*?\.conf)?) \s*(\S.*)$/;

/** Whether it is where packages put programs. */
export const isPackaged = (path: string): boolean => /^\/(usr\/)?s?bin\//.test(path);

export const surroundings = (): Fact<SurroundingsAnswer> => fact(family, null);
