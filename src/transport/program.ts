import type { EventEmitter } from 'node:events';
import type { Duplex, Readable, Writable } from 'node:stream';

/** How a program ended. */
export type Ending =
  /** Null when it was killed by a signal. */
  { readonly ended: 'exit'; readonly code: number | null } | { readonly ended: 'lost'; readonly why: string };

/** A running program, as streams. */
export interface Program {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Settles when it has ended and all it printed was handed over. */
  readonly ended: Promise<Ending>;
  /** Closes its pipes and waits for nothing more from it. */
  readonly abandon: () => void;
}

/** What a connection needs of a machine: command lines started in a shell. */
export interface Launcher {
  /** @throws {ConnectionLost} @throws {NoMoreSessions} */
  launch(commandLine: string): Promise<Program>;
  /** Connects to a TCP port as the machine reaches it. @throws {ConnectionLost} @throws {Error} when it is refused. */
  forward(address: string, port: number): Promise<Duplex>;
  /** Why it is gone; undefined while it is open. */
  readonly lostBecause: string | undefined;
  close(): Promise<void>;
}

/** The server opens no further session on this connection. */
export class NoMoreSessions extends Error {}

/**
 * How long the pipes of a program that has ended may stay open in silence. Something that it left running in the
 * background may hold them open for ever.
 */
const LINGER_MS = 1000;

/**
 * Follows a process to its end. Child processes and SSH channels have the same events: `exit` when it has ended,
 * `close` when its output is complete.
 *
 * @param lostBecause why it may have ended without an `exit`.
 */
export function follow(
  source: EventEmitter,
  outputs: readonly Readable[],
  lostBecause: () => string | undefined,
): { readonly ended: Promise<Ending>; readonly lingerNoLonger: () => void } {
  let exit: Ending | undefined;
  let linger: NodeJS.Timeout | undefined;
  let silence: NodeJS.Immediate | undefined;
  let open = outputs.length + 1;
  const { promise: ended, resolve } = Promise.withResolvers<Ending>();

  const heard = (): void => {
    clearTimeout(linger);
    clearImmediate(silence);
  };
  const settle = (): void => {
    heard();
    const why = lostBecause();
    resolve(exit ?? (why === undefined ? { ended: 'exit', code: null } : { ended: 'lost', why }));
  };
  // Where this process had no time to read, there is something to read by now: that comes first.
  const look = (): void => {
    silence = setImmediate(settle);
  };
  const wait = (): void => {
    heard();
    if (open > 0) linger = setTimeout(look, LINGER_MS);
  };
  const shut = (): void => {
    open -= 1;
    if (open === 0) settle();
  };
  for (const output of outputs) output.once('end', shut);
  source.once('close', () => {
    wait();
    shut();
  });
  source.once('exit', (code: number | null) => {
    exit = { ended: 'exit', code };
    wait();
    for (const output of outputs) onceFlowing(output, () => output.on('data', wait));
  });
  return { ended, lingerNoLonger: wait };
}

/** A listener for `data` makes a stream flow: if it came before the reader's own, the reader would miss data. */
function onceFlowing(output: Readable, listen: () => void): void {
  if (output.readableFlowing === true) listen();
  else output.once('resume', listen);
}
