import { type Fact, type Family, fact } from '#core/fact.ts';
import { sh } from '#core/shell.ts';

/** Who listens on a TCP port. */
export type PortAnswer = {
  /** Names of the listening programs, of 15 characters at most; null when the host has no `ss` to tell. */
  readonly listeners: readonly string[] | null;
};

/** A listener whose program cannot be seen, in the kernel (a proxy rule, NFS) for one. */
const UNKNOWN_PROGRAM = '(unknown)';

export const listeningPort = (port: number): Fact<PortAnswer> => fact(family, port);

const family: Family<number, PortAnswer> = {
  name: 'port',
  // One call, filtered here: the listeners of a host are few.
  script: () => sh`if command -v ss >/dev/null; then ss -Hltnp; else echo none; fi`,
  parse: (output, ports) => {
    const rows = output.split('\n').filter((row) => row !== '');
    if (rows[0] === 'none') return ports.map(() => ({ listeners: null }));
    const sockets = rows.map(readSocket);
    return ports.map((port) => ({
      listeners: [
        ...new Set(sockets.filter((socket) => socket.port === port).flatMap(({ programs }) => programs)),
      ].toSorted(),
    }));
  },
  bare: () => ({ listeners: [] }),
};

/** `LISTEN 0 4096 127.0.0.1:10257 0.0.0.0:* users:(("kube-controller",pid=1,fd=3))` */
function readSocket(row: string): { readonly port: number; readonly programs: readonly string[] } {
  const fields = row.trim().split(/\s+/);
  const port = Number(/:(\d+)$/.exec(fields[3] ?? '')?.[1] ?? Number.NaN);
  if (fields[0] !== 'LISTEN' || Number.isNaN(port))
    throw new Error(`not a line of ss: ${JSON.stringify(row)}`);
  const programs = [...row.matchAll(/\("([^"]*)",pid=/g)].map(([, name = '']) => name);
  return { port, programs: programs.length === 0 ? [UNKNOWN_PROGRAM] : programs };
}
