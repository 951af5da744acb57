import type { Script } from '#core/shell.ts';
import type { Connection, Execution, ExecutionResult, Transport } from '#core/transport.ts';

/** One program that was run on a host. */
export interface ExecutionRecord {
  readonly host: string;
  readonly via: Execution['via'] | 'hold';
  /** Absent where it went over standard input: there may be secrets in it. */
  readonly script?: Script;
  readonly scriptBytes: number;
  readonly elapsedMs: number;
  /** Null when it was killed; absent when it did not come to an end. */
  readonly code?: number | null;
  readonly stdoutBytes: number;
  readonly stderrBytes: number;
  /** Why there is no result. */
  readonly error?: string;
}

export interface RecordingTransportOptions {
  readonly onExecution: (record: ExecutionRecord) => void;
  /** Keeps the scripts that went over standard input too; for tests. */
  readonly isKeepingSecrets?: boolean;
}

/** Tells of every program that goes through another transport. */
export const recordingTransport = (inner: Transport, options: RecordingTransportOptions): Transport => ({
  connect: async (host) => recordingConnection(await inner.connect(host), options),
});

function recordingConnection(
  inner: Connection,
  { onExecution, isKeepingSecrets = false }: RecordingTransportOptions,
): Connection {
  const record = async <T>(
    { script, via }: { readonly script: Script; readonly via: ExecutionRecord['via'] },
    run: () => Promise<T>,
    outcome: (result: T) => Partial<ExecutionRecord>,
  ): Promise<T> => {
    const startedAt = performance.now();
    const tell = (what: Partial<ExecutionRecord>): void =>
      onExecution({
        host: inner.host,
        via,
        ...((via !== 'stdin' || isKeepingSecrets) && { script }),
        scriptBytes: Buffer.byteLength(script),
        elapsedMs: performance.now() - startedAt,
        stdoutBytes: 0,
        stderrBytes: 0,
        ...what,
      });
    try {
      const result = await run();
      tell(outcome(result));
      return result;
    } catch (error) {
      tell({ error: error instanceof Error ? error.message : String(error) });
      throw error;
    }
  };
  return {
    host: inner.host,
    get executions() {
      return inner.executions;
    },
    get isOpen() {
      return inner.isOpen;
    },
    execute: (execution) => record(execution, () => inner.execute(execution), sizesOf),
    hold: (script, until, heartbeatMs) =>
      record(
        { script, via: 'hold' },
        () => inner.hold(script, until, heartbeatMs),
        ({ greeting }) => ({ stdoutBytes: Buffer.byteLength(greeting) }),
      ),
    forward: (address, port) => inner.forward(address, port),
    close: () => inner.close(),
  };
}

const sizesOf = ({ code, stdout, stderr }: ExecutionResult): Partial<ExecutionRecord> => ({
  code,
  stdoutBytes: Buffer.byteLength(stdout),
  stderrBytes: Buffer.byteLength(stderr),
});
