import { describe, expect, it } from 'vitest';

import type { Host } from '#core/cluster.ts';
import type { RunEvent } from '#core/event.ts';
import type { Connection } from '#core/transport.ts';
import { patientTransport } from '#transport/patient-transport.ts';
import { sshFailure } from '#transport/ssh-failure.ts';

const host = { name: 'cp1', user: 'root', address: '10.0.0.11', port: 22 } as Host;
const connection = {} as Connection;

/** Connects where the first tries end with these errors of the network. */
async function connecting(...codes: readonly string[]) {
  const events: RunEvent[] = [];
  const left = [...codes];
  const inner = {
    connect: () => {
      const code = left.shift();
      if (code === undefined) return Promise.resolve(connection);
      const cause = Object.assign(new Error(code), { code });
      return Promise.reject(sshFailure(cause, { host } as never));
    },
  };
  const listener = (event: RunEvent): void => void events.push(event);
  const { signal } = new AbortController();
  const transport = patientTransport(inner, { listener, signal, pausesMs: [1, 2] });
  const result = await transport.connect(host).catch((error: unknown) => error);
  return { result, events };
}

describe('a connection that is cut before anybody was let in', () => {
  it('is tried again, with growing pauses, and that is said', async () => {
    const { result, events } = await connecting('ECONNRESET', 'ECONNRESET');
    expect(result).toBe(connection);
    expect(events).toMatchObject([
      { event: 'connect-retried', host: 'cp1', pauseMs: 1, attempt: 2 },
      { event: 'connect-retried', host: 'cp1', pauseMs: 2, attempt: 3 },
    ]);
  });

  it('is an unreachable host after three', async () => {
    const { result, events } = await connecting('ECONNRESET', 'ECONNRESET', 'ECONNRESET');
    expect(result).toMatchObject({ exitCode: 6, message: expect.stringContaining('was cut') as string });
    expect(events).toHaveLength(2);
  });
});

it.each(['ECONNREFUSED', 'EHOSTUNREACH', 'ENOTFOUND'])('%s is said at once', async (code) => {
  const { result, events } = await connecting(code);
  expect(result).toMatchObject({ exitCode: 6 });
  expect(events).toEqual([]);
});
