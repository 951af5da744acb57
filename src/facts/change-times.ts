import { endedAnswers, type Fact, type Family, fact } from '#core/fact.ts';
import { embed, lines, sh } from '#core/shell.ts';

import { kubectl } from './kubectl.ts';

/** Something whose last change a host, or the cluster, may know. */
export type Trace = {
  readonly of: 'file' | 'package' | 'unit' | 'object';
  /** A path, a name, or an object: `Deployment kube-system/metrics-server`. */
  readonly name: string;
};

/** And where it is to be found out. */
export interface PlacedTrace {
  readonly host: string;
  readonly trace: Trace;
}

export type ChangeTime = {
  /** In UTC, to the second: `2026-11-28T19:12:00Z`. */
  readonly at: string;
  /** Who, where that is known: the manager of an object's fields. */
  readonly by: string | null;
};

/** When it was last changed; null where nobody knows, as of what is gone. */
export const changeTime = (trace: Trace): Fact<ChangeTime | null> => fact(family, trace);

const family: Family<Trace, ChangeTime | null> = {
  name: 'change-times',
  patienceMs: 15_000,
  script: (traces) =>
    lines(
      TELL,
      ...traces.map(
        ({ of, name }) => sh`${embed(TELLERS[of])} ${wordsOf({ of, name })} 2>/dev/null; echo end`,
      ),
    ),
  parse: (output, traces) => endedAnswers(output, traces).map((answer) => readTime(answer.trim())),
  bare: () => null,
};

/** An object by its kind, its name and its namespace. */
function wordsOf({ of, name }: Trace): readonly string[] {
  if (of !== 'object') return [name];
  const [, kind = '', namespace = '', own = ''] = /^(\S+) (?:([^/]*)\/)?(.*)$/.exec(name) ?? [];
  return [kind, own, ...(namespace === '' ? [] : ['-n', namespace])];
}

const TELLERS = {
  file: sh`file_changed`,
  package: sh`package_changed`,
  unit: sh`unit_changed`,
  object: sh`object_changed`,
} as const;

/** Those of slipway are no drift, and what controllers say of an object in its status is none either. */
const OTHERS = sh`awk -F '|' '$2 == "" && $3 != "slipway" { print $1 "|" $3 }' | sort | tail -n 1`;

const MANAGERS = '{range .metadata.managedFields[*]}{.time}|{.subresource}|{.manager}{"\\n"}{end}';

/**
 * A file also when its mode or owner was changed, as its inode has it; a package when its list of files was written.
 *
 * @see https://www.freedesktop.org/software/systemd/man/257/systemctl.html#--timestamp= (unix, from 248 on)
 * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/#managers (v1.34)
 */
const TELL = lines(
  sh`file_changed() { stat -c %Z -- "$1"; }`,
  sh`package_changed() {`,
  sh`  for list in /var/lib/dpkg/info/"$1".list /var/lib/dpkg/info/"$1":*.list; do if [ -e "$list" ]; then stat -c %Y -- "$list"; return; fi; done`,
  sh`  ! command -v rpm >/dev/null || rpm -q --qf '%{INSTALLTIME}\n' -- "$1" | grep -E '^[0-9]+$' | tail -n 1`,
  sh`}`,
  sh`unit_changed() { systemctl show --timestamp=unix -p StateChangeTimestamp --value -- "$1" | sed -n 's/^@//p'; }`,
  sh`object_changed() {`,
  sh`  [ -s /etc/kubernetes/admin.conf ] || return 0`,
  sh`  ${embed(kubectl)} --request-timeout=5s get "$@" --show-managed-fields -o jsonpath=${MANAGERS} | ${embed(OTHERS)}`,
  sh`}`,
);

/** `1764357120`, or `2026-11-28T19:12:00Z|kubectl-edit`. */
function readTime(text: string): ChangeTime | null {
  const [time = '', by] = text.split('|');
  const at = new Date(/^\d+$/.test(time) ? Number(time) * 1000 : time);
  if (time === '' || Number.isNaN(at.getTime())) return null;
  return { at: at.toISOString().replace('.000Z', 'Z'), by: by ?? null };
}
