import { type Fact, type Family, fact } from '#core/fact.ts';
import { sh } from '#core/shell.ts';

/** What firewalld's zones have of slipway's, as it stands in its files and as it is in force. */
export type FirewalldAnswer = {
  /** Whether it answers. */
  readonly isRunning: boolean;
  /** The zone that other hosts come in by: that of the interface with the default route, or the default zone. */
  readonly zone: string;
  /** Zones whose files name slipway's service. */
  readonly zones: readonly string[];
  /** Blocks of addresses, and the zone whose file is for them. */
  readonly sources: readonly { readonly address: string; readonly zone: string }[];
  /** What is in force; null where firewalld does not answer. */
  readonly live: {
    /** Zones in which slipway's service is let in. */
    readonly zones: readonly string[];
    /** Of slipway's service; null where firewalld knows none. */
    readonly service: { readonly ports: readonly string[]; readonly protocols: readonly string[] } | null;
    /** Of slipway's zone. */
    readonly sources: readonly string[];
  } | null;
};

/** @param name of slipway's service and zone. */
export const firewalldState = (name: string): Fact<FirewalldAnswer> => fact(family, name);

const DEFAULT_ZONE = 'public';

const family: Family<string, FirewalldAnswer> = {
  name: 'firewalld',
  /** @see https://firewalld.org/documentation/man-pages/firewall-cmd.html (1.3), firewalld.conf.html (DefaultZone) */
  script: ([name = '']) =>
    sh`sed -n 's/^DefaultZone=/default /p' /etc/firewalld/firewalld.conf 2>/dev/null
for path in /etc/firewalld/zones/*.xml; do
[ -f "$path" ] || continue
zone=$(basename "$path" .xml)
grep -qE ${`<service name=["']${name}["']`} "$path" && echo "named $zone"
grep -oE '<source [^>]*>' "$path" | sed -n "s/.*address=[\"']\([^\"']*\).*/source $zone \1/p"
done
command -v firewall-cmd >/dev/null 2>&1 || exit 0
zones=$(firewall-cmd --list-all-zones 2>/dev/null) || exit 0
echo running
{ ip -4 route show default; ip -6 route show default; } 2>/dev/null | sed -n 's/.* dev \([^ ]*\).*/device \1/p' | head -n 1
printf '%s\n' "$zones" | sed 's/^/zones /'
firewall-cmd --info-service=${name} 2>/dev/null | sed 's/^/service /'
:`,
  parse: (output, questions) => {
    const rows = output.split('\n');
    const after = (word: string): readonly string[] =>
      rows.flatMap((row) => (row.startsWith(`${word} `) ? [row.slice(word.length + 1)] : []));
    return questions.map((name) => {
      const zones = zonesIn(after('zones'));
      const device = after('device')[0];
      const service = fieldsOf(after('service'));
      const isRunning = rows.includes('running');
      const ofDevice =
        device === undefined ? undefined : zones.find(({ interfaces }) => interfaces.includes(device));
      return {
        isRunning,
        zone: ofDevice?.name ?? after('default')[0] ?? DEFAULT_ZONE,
        zones: after('named'),
        sources: after('source').map((row) => {
          const [zone = '', address = ''] = row.split(' ');
          return { address, zone };
        }),
        live: isRunning
          ? {
              zones: zones.filter(({ services }) => services.includes(name)).map((zone) => zone.name),
              service:
                service['ports'] === undefined
                  ? null
                  : { ports: service['ports'], protocols: service['protocols'] ?? [] },
              sources: zones.find((zone) => zone.name === name)?.sources ?? [],
            }
          : null,
      };
    });
  },
  bare: () => ({ isRunning: false, zone: DEFAULT_ZONE, zones: [], sources: [], live: null }),
};

interface Zone {
  readonly name: string;
  readonly interfaces: readonly string[];
  readonly sources: readonly string[];
  readonly services: readonly string[];
}

/** A zone begins with its name, as in `public (default, active)`, at the beginning of a line; its fields stand below it. */
function zonesIn(rows: readonly string[]): readonly Zone[] {
  const starts = rows.flatMap((row, index) => (/^\S/.test(row) ? [index] : []));
  return starts.map((start, index) => {
    const {
      interfaces = [],
      sources = [],
      services = [],
    } = fieldsOf(rows.slice(start + 1, starts[index + 1]));
    return { name: rows[start]?.split(' ')[0] ?? '', interfaces, sources, services };
  });
}

/** `  ports: 6443/tcp 10250/tcp`. */
const fieldsOf = (rows: readonly string[]): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    rows.flatMap((row) => {
      const [, name, value] = /^ {2}([a-z-]+): ?(.*)$/.exec(row) ?? [];
      return name === undefined || value === undefined
        ? []
        : [[name, value.split(' ').filter((word) => word !== '')] as const];
    }),
  );
