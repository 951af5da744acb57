import { expect, it } from 'vitest';

import { sh } from '#core/shell.ts';
import { localTransport } from '#transport/local-transport.ts';
import { type ExecutionRecord, recordingTransport } from '#transport/recording-transport.ts';

import { testHost } from './test-host.ts';
import { transportContract } from './transport-contract.ts';

transportContract('recording', () =>
  recordingTransport(localTransport(), { onExecution: () => undefined }).connect(testHost()),
);

it('recording transport tells of every program, and keeps to itself what went over standard input', async () => {
  const records: ExecutionRecord[] = [];
  const transport = recordingTransport(localTransport(), { onExecution: (record) => records.push(record) });
  const connection = await transport.connect(testHost());
  await connection.execute({ script: sh`echo 1; exit 4`, via: 'argument', timeoutMs: 5000 });
  await connection.execute({ script: sh`echo secret >&2`, via: 'stdin', timeoutMs: 5000 });
  await connection.execute({ script: sh`sleep 5`, via: 'argument', timeoutMs: 100 }).catch(() => undefined);
  const held = await connection.hold(sh`echo hello; echo ready; cat`, 'ready', 1000);
  await held.release();
  expect(records).toMatchObject([
    { host: 'n1', via: 'argument', script: 'echo 1; exit 4', code: 4, stdoutBytes: 2, stderrBytes: 0 },
    { host: 'n1', via: 'stdin', scriptBytes: 15, code: 0, stdoutBytes: 0, stderrBytes: 7 },
    { host: 'n1', via: 'argument', error: 'no end after 0.1 s on n1' },
    { host: 'n1', via: 'hold', stdoutBytes: 6 },
  ]);
  expect(records[1]).not.toHaveProperty('script');
});
