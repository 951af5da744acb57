import { type Fact, type Family, fact } from '#core/fact.ts';
import { embed, lines, type Script, sh } from '#core/shell.ts';

/** Who listens on a TCP port. */
export type PortAnswer = {
  /** Names of the listening programs, of 15 characters at most; null when nobody was asked. */
  readonly listeners: readonly string[] | null;
  /** False when the host has no `ss` to ask. */
  readonly canAsk: boolean;
};

/** A listener whose program cannot be seen, in the kernel (a proxy rule, NFS) for one. */
const UNKNOWN_PROGRAM = '(unknown)';

/**
 * Who listens on a TCP port.
 *
 * @param unlessThere paths: where any of them exists, the question is not asked.
 */
export const listeningPort = (port: number, unlessThere: readonly string[] = []): Fact<PortAnswer> =>
  fact(family, { port, unlessThere });

type PortQuestion = { readonly port: number; readonly unlessThere: readonly string[] };

const family: Family<PortQuestion, PortAnswer> = {
  name: 'port',
  sharesShell: true,
  // ss names programs (-p) only where one of the ports is taken: for that it looks at every open file of every process.
  // In its first list only the listening end has something other than a star behind the colon.
  script: (questions) =>
    sh`asked=
${embed(choice(questions))}
if [ -z "$asked" ]; then :
elif ! command -v ss >/dev/null; then echo none
else
sockets=$(ss -Hltn); how=
for port in $asked; do case $sockets in *:"$port"[!0-9]*) how=named; break;; esac; done
if [ -n "$how" ]; then ss -Hltnp; else printf '%s\n' "$sockets"; fi
fi`,
  parse: (output, questions) => {
    const rows = output.split('\n').filter((row) => row !== '');
    const isThere = (paths: readonly string[]): boolean => rows.includes(`there ${paths.join(' ')}`);
    const answers = rows.filter((row) => !row.startsWith('there '));
    const canAsk = answers[0] !== 'none';
    const sockets = canAsk ? answers.map(readSocket) : [];
    return questions.map(({ port, unlessThere }) => {
      if (!canAsk || isThere(unlessThere)) return { listeners: null, canAsk };
      const listening = sockets.filter((socket) => socket.port === port);
      return { listeners: [...new Set(listening.flatMap(({ programs }) => programs))].toSorted(), canAsk };
    });
  },
  bare: () => ({ listeners: [], canAsk: true }),
};

/** Collects the ports to ask for, a list of paths at a time. */
const choice = (questions: readonly PortQuestion[]): Script =>
  lines(
    ...[...Map.groupBy(questions, ({ unlessThere }) => unlessThere.join(' '))].map(([paths, asked]) => {
      const ports = sh`asked="$asked ${embed(asked.map(({ port }) => port).join(' ') as Script)}"`;
      const tests = (asked[0]?.unlessThere ?? []).map((path) => sh`[ -e ${path} ]`).join(' || ') as Script;
      return paths === ''
        ? ports
        : sh`if ${embed(tests)}; then printf 'there %s\n' ${paths}; else ${embed(ports)}; fi`;
    }),
  );

/** `LISTEN 0 4096 127.0.0.1:10257 0.0.0.0:* users:(("kube-controller",pid=1,fd=3))` */
function readSocket(row: string): { readonly port: number; readonly programs: readonly string[] } {
  const fields = row.trim().split(/\s+/);
  const port = Number(/:(\d+)$/.exec(fields[3] ?? '')?.[1] ?? Number.NaN);
  if (fields[0] !== 'LISTEN' || Number.isNaN(port))
    throw new Error(`not a line of ss: ${JSON.stringify(row)}`);
  const programs = [...row.matchAll(/\("([^"]*)",pid=/g)].map(([, name = '']) => name);
  return { port, programs: programs.length === 0 ? [UNKNOWN_PROGRAM] : programs };
}
