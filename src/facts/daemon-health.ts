import { type Fact, type Family, fact } from '#core/fact.ts';
import { sh } from '#core/shell.ts';

/** Whether a daemon does what it is there for, as far as its host can see. */
export type DaemonHealthAnswer =
  | { readonly state: 'answers' }
  /** It does not run, or nobody listens on its port. */
  | { readonly state: 'silent'; readonly why: string };

type DaemonQuestion = { readonly unit: string; readonly port: number | null };

/**
 * Whether a unit is active, and somebody listens on its port.
 *
 * @param unit with suffix.
 * @param port null: it has none.
 */
export const daemonHealth = (unit: string, port: number | null): Fact<DaemonHealthAnswer> =>
  fact(family, { unit, port });

const family: Family<DaemonQuestion, DaemonHealthAnswer> = {
  name: 'daemon-health',
  sharesShell: true,
  script: (questions) =>
    sh`sockets=$(ss -Hltn 2>/dev/null || :)
set -- ${questions.flatMap(({ unit, port }) => [unit, String(port ?? '')])}
while [ $# -gt 0 ]; do
state=$(systemctl is-active "$1" || :)
case $state:$2:$sockets in
active::*) echo answers;;
active:*) case $sockets in *:"$2"[!0-9]*) echo answers;; *) echo "silent nobody listens on port $2";; esac;;
*) echo "silent $1 is $state";;
esac
shift 2
done`,
  parse: (output, questions) => {
    const rows = output.trimEnd().split('\n');
    if (rows.length !== questions.length)
      throw new Error(`${questions.length} daemons were asked for, ${rows.length} told of`);
    return rows.map((row) =>
      row === 'answers'
        ? { state: 'answers' }
        : { state: 'silent', why: row.replace(/^silent /, '').replace(/ is ?$/, ' is not there') },
    );
  },
  bare: ({ unit }) => ({ state: 'silent', why: `${unit} is inactive` }),
};
