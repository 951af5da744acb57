import { type Fact, type Family, fact } from '#core/fact.ts';
import { lines, type Script, sh } from '#core/shell.ts';

/** What pod networks leave in the kernel of a host: each thing by what it is, and by its name. */
export type NetworkLeftover = {
  readonly kind: 'interface' | 'address' | 'route' | 'chains' | 'set' | 'table' | 'service';
  /** Of chains: the program that knows them, `iptables-nft`, and how many there are. */
  readonly name: string;
};

/** Each program has rules of its own; the unnamed one is one of the two, where hosts have just that. */
export const IPTABLES = [
  'iptables-nft',
  'iptables-legacy',
  'ip6tables-nft',
  'ip6tables-legacy',
  'iptables',
  'ip6tables',
] as const;

/**
 * A shell function, `removal PROGRAM`, that prints what is to be fed to `PROGRAM-restore --noflush`, so that the chains of
 * kube-proxy, of the kubelet and of Calico go, and the rules that lead to them. Nothing where there is none of them.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/proxy/iptables/proxier.go (KUBE-)
 * @see https://github.com/projectcalico/calico/blob/v3.32.1/felix/rules/rule_defs.go (cali-, and rules with the comment cali:)
 */
export const chainRemoval: Script = sh`removal() {
  "$1-save" 2>/dev/null | awk '
    /^\*/ { table = $0; rules = flush = drop = "" }
    /^:(KUBE-|cali-)/ { name = substr($1, 2); flush = flush "-F " name "\n"; drop = drop "-X " name "\n" }
    /^-A/ && $2 !~ /^(KUBE-|cali-)/ && / (-j|-g) (KUBE-|cali-)|--comment "?cali:/ { sub(/^-A/, "-D"); rules = rules $0 "\n" }
    /^COMMIT/ && (rules flush != "") { printf "%s\n%s%s%sCOMMIT\n", table, rules, flush, drop }'
}`;

/**
 * Interfaces, routes, chains, sets, tables and virtual services of Calico, of kube-proxy and of the kubelet.
 *
 * @see https://docs.tigera.io/calico/latest/reference/felix/configuration (3.32: names of interfaces, RouteTable protocol 80)
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/proxy/ipvs/proxier.go (kube-ipvs0, sets KUBE-)
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/proxy/nftables/proxier.go (table kube-proxy)
 */
const family: Family<null, readonly NetworkLeftover[]> = {
  name: 'network-leftovers',
  patienceMs: 10_000,
  script: () =>
    lines(
      chainRemoval,
      sh`ip -o link show 2>/dev/null | sed -n 's/^[0-9]*: \(\(cali\|kube-ipvs0\|vxlan.calico\|vxlan-v6.calico\|wireguard.cali\|wg-v6.cali\)[^:@]*\)[:@].*/interface \1/p'`,
      // It belongs to the module ipip, and cannot be deleted: Calico gives it a single address.
      sh`ip -o -4 addr show dev tunl0 2>/dev/null | sed -n 's,.* inet \([0-9.]*/32\) .*,address \1,p'`,
      sh`for version in 4 6; do for protocol in 80 bird; do ip -o "-$version" route show proto "$protocol" 2>/dev/null | sed "s/ *\\\\.*//; s/ *\$//; s/^/route -$version /; s/\$/ proto $protocol/"; done; done`,
      sh`seen=; for program in ${IPTABLES}; do
  command -v "$program-save" >/dev/null || continue
  case $program in *-*) seen=yes;; *) [ -z "$seen" ] || continue;; esac
  count=$(removal "$program" | grep -c '^-[XD]' || :)
  [ "$count" = 0 ] || echo "chains $program $count"
done`,
      sh`ipset list -n 2>/dev/null | sed -n 's/^\(cali40\|cali60\|KUBE-\)/set &/p'`,
      sh`nft list tables 2>/dev/null | sed -n 's/^table \(ip\|ip6\) \(kube-proxy\|calico\)$/table \1 \2/p'`,
      // Those of its own addresses, and of ports that nodes have.
      sh`if command -v ipvsadm >/dev/null && ip link show kube-ipvs0 >/dev/null 2>&1; then
  own=$(ip -o addr show dev kube-ipvs0 | sed -n 's,.* inet \([^/ ]*\)[/ ].*,\1,p; s,.* inet6 \([^/ ]*\)[/ ].*,[\1],p')
  ipvsadm -S -n 2>/dev/null | sed -n 's/^-A \(-[tu]\) \(.*\):\([0-9]*\) .*/\1 \2 \3/p' | while read -r how address port; do
    if printf '%s\n' "$own" | grep -qxF -e "$address" || { [ "$port" -ge 30000 ] && [ "$port" -le 32767 ]; }; then echo "service $how $address:$port"; fi
  done
fi
:`,
    ),
  parse: (output) => [
    output.split('\n').flatMap((line): readonly NetworkLeftover[] => {
      const match = /^(interface|address|route|chains|set|table|service) (.+)$/.exec(line);
      return match === null ? [] : [{ kind: match[1] as NetworkLeftover['kind'], name: match[2] ?? '' }];
    }),
  ],
  bare: () => [],
};

export const networkLeftovers: Fact<readonly NetworkLeftover[]> = fact(family, null);
