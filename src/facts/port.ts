import { type Fact, type Family, fact } from '#core/fact.ts';
import { embed, lines, type Script, sh } from '#core/shell.ts';

/** Who listens on a TCP port. */
export type PortAnswer = {
  /** Names of the listening programs, of 15 characters at most; null when the host has no `ss` to tell. */
  readonly listeners: readonly string[] | null;
};

/** A listener whose program cannot be seen, in the kernel (a proxy rule, NFS) for one. */
const UNKNOWN_PROGRAM = '(unknown)';

/**
 * Who listens on a TCP port.
 *
 * @param unnamedWhere a path: where it exists, that somebody listens is enough to know.
 */
export const listeningPort = (port: number, unnamedWhere: string | null = null): Fact<PortAnswer> =>
  fact(family, { port, unnamedWhere });

type PortQuestion = { readonly port: number; readonly unnamedWhere: string | null };

const family: Family<PortQuestion, PortAnswer> = {
  name: 'port',
  // Filtered here: the listeners of a host are few. To name one, ss looks at every open file of every process.
  script: (questions) =>
    sh`command -v ss >/dev/null || { echo none; exit; }
sockets=$(ss -Hltn)
${embed(naming(questions))}
printf '%s\n' "$sockets"`,
  parse: (output, questions) => {
    const rows = output.split('\n').filter((row) => row !== '');
    if (rows[0] === 'none') return questions.map(() => ({ listeners: null }));
    const sockets = rows.map(readSocket);
    return questions.map(({ port }) => ({
      listeners: [
        ...new Set(sockets.filter((socket) => socket.port === port).flatMap(({ programs }) => programs)),
      ].toSorted(),
    }));
  },
  bare: () => ({ listeners: [] }),
};

/** Asks for names where a port is taken on which somebody should be named, a place at a time. */
function naming(questions: readonly PortQuestion[]): Script {
  const places = new Set(questions.map(({ unnamedWhere }) => unnamedWhere));
  return lines(
    ...[...places].map((place) => {
      // Only the listening end has something other than a star behind the colon.
      const patterns = questions
        .filter(({ unnamedWhere }) => unnamedWhere === place)
        .map(({ port }) => `*:${port}[!0-9]*`);
      const name = sh`case $sockets in ${embed(patterns.join('|') as Script)}) exec ss -Hltnp;; esac`;
      return place === null ? name : sh`[ -e ${place} ] || ${embed(name)}`;
    }),
  );
}

/** `LISTEN 0 4096 127.0.0.1:10257 0.0.0.0:* users:(("kube-controller",pid=1,fd=3))` */
function readSocket(row: string): { readonly port: number; readonly programs: readonly string[] } {
  const fields = row.trim().split(/\s+/);
  const port = Number(/:(\d+)$/.exec(fields[3] ?? '')?.[1] ?? Number.NaN);
  if (fields[0] !== 'LISTEN' || Number.isNaN(port))
    throw new Error(`not a line of ss: ${JSON.stringify(row)}`);
  const programs = [...row.matchAll(/\("([^"]*)",pid=/g)].map(([, name = '']) => name);
  return { port, programs: programs.length === 0 ? [UNKNOWN_PROGRAM] : programs };
}
