import type { Duplex } from 'node:stream';

import type { Host } from './cluster.ts';
import type { Fact, HostAnswers } from './fact.ts';
import type { Script } from './shell.ts';

/** A program to run on a host, as root. */
export interface Execution {
  readonly script: Script;
  /**
   * `argument`: the program travels as the command itself, one round trip less; it must hold no secret and
   * be under 100 KiB. `stdin`: it is fed to a shell.
   */
  readonly via: 'argument' | 'stdin';
  readonly timeoutMs: number;
  /** What the program reads on standard input, however long; `via` is `argument` then, and the program short. */
  readonly input?: AsyncIterable<Uint8Array>;
  /** Called with each whole line of standard output as it arrives. */
  readonly onLine?: (line: string) => void;
  /** The line that its output ends with. Once it has come, nobody waits for word that the program has ended well. */
  readonly lastLine?: string;
}

export interface ExecutionResult {
  /** Null when the program was killed or the connection went away before it ended. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program that lives as long as its connection: a lock's holder. */
export interface Held {
  /** False when it ended before it printed the line that was waited for. */
  readonly isHeld: boolean;
  /** What it printed up to that line, or up to its end. */
  readonly greeting: string;
  /** Settles when it ends, for whatever reason. */
  readonly ended: Promise<void>;
  release(): Promise<void>;
}

/** One open connection to a host. It can change the host; only apply is given one. */
export interface Connection {
  readonly host: string;
  /** How many programs it has run; for reports. */
  readonly executions: number;
  /** False once it has gone away. */
  readonly isOpen: boolean;
  /**
   * @throws {ConnectionLost} when the connection goes away first.
   * @throws {ExecutionTimeout} when the time is over; the connection stays usable.
   */
  execute(execution: Execution): Promise<ExecutionResult>;
  /** Starts a program and resolves when it has printed the line `until`, or has ended before; its input gets a line every heartbeat. */
  hold(script: Script, until: string, heartbeatMs: number): Promise<Held>;
  /**
   * Opens a stream to a TCP port, as the host reaches it.
   *
   * @throws {SlipwayError} with code `forward-refused` when nothing answers there, or the host forwards nothing.
   */
  forward(address: string, port: number): Promise<Duplex>;
  close(): Promise<void>;
}

/** A way to look at a host, or to run programs on the controller. */
export type Looked = Pick<Connection, 'host' | 'execute'>;

export interface Transport {
  /** @throws {SlipwayError} with exit code 6 when the host cannot be reached or lets nobody in. */
  connect(host: Host): Promise<Connection>;
}

/** All that planning may do to a host: ask it declared questions. There is no way to write through this. */
export interface Observer {
  ask(facts: readonly Fact[]): Promise<HostAnswers>;
}
