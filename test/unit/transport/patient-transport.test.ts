import { describe, expect, it } from 'vitest';

import type { Host } from '#core/cluster.ts';
import type { RunEvent } from '#core/event.ts';
import type { Connection } from '#core/transport.ts';
import { patientTransport } from '#transport/patient-transport.ts';
import { sshFailure } from '#transport/ssh-failure.ts';

const host = { name: 'cp1', user: 'root', address: '10.0.0.11', port: 22 } as Host;
const connection = {} as Connection;

/** Connects where the first tries end with these errors of the network. */
const connecting = (...codes: readonly string[]) =>
  connectingAfter(codes.map((code) => [Object.assign(new Error(code), { code }), {}]));

/** Connects where the first logins end with the last words of the host. */
const loggingIn = (...words: readonly string[]) =>
  connectingAfter(
    words.map((said) => [
      // What node-ssh makes of any end of the connection.
      Object.assign(new Error('No response from server'), { code: 'ETIMEDOUT' }),
      { hasShakenHands: true, said, authentication: { said: '' } },
    ]),
  );

async function connectingAfter(faults: readonly (readonly [cause: Error, context: object])[]) {
  const events: RunEvent[] = [];
  const left = [...faults];
  const inner = {
    connect: () => {
      const fault = left.shift();
      if (fault === undefined) return Promise.resolve(connection);
      const [cause, context] = fault;
      return Promise.reject(sshFailure(cause, { host, ...context } as never));
    },
  };
  const listener = (event: RunEvent): void => void events.push(event);
  const { signal } = new AbortController();
  const pauses = { pausesMs: [1, 2], bootPausesMs: [1, 2, 3, 4] };
  const transport = patientTransport(inner, { listener, signal, ...pauses });
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

/** @see https://github.com/systemd/systemd/blob/v252/tmpfiles.d/systemd-nologin.conf */
const BOOTING =
  'System is booting up. Unprivileged users are not permitted to log in yet. Please come back later. For technical details, see pam_nologin(8).\n';
const GOING_DOWN =
  'System is going down. Unprivileged users are not permitted to log in anymore. For technical details, see pam_nologin(8).\n';

describe('a host that hangs up during the login', () => {
  it.each([BOOTING, GOING_DOWN])('is waited for longer where it says that %s', async (words) => {
    const { result, events } = await loggingIn(words, words, words, words);
    expect(result).toBe(connection);
    expect(events).toHaveLength(4);
    expect(events[0]).toMatchObject({ event: 'connect-retried', why: expect.stringContaining('System is') });
  });

  it('is unreachable with its own words, when it stays so', async () => {
    const { result, events } = await loggingIn(...Array.from({ length: 5 }, () => BOOTING));
    expect(events).toHaveLength(4);
    expect(result).toMatchObject({
      exitCode: 6,
      message:
        'cannot connect to cp1 (root@10.0.0.11:22): it lets nobody in now: System is booting up. Unprivileged users are not permitted to log in yet. Please come back later. For technical details, see pam_nologin(8).',
      hint: expect.stringContaining('is-system-running'),
    });
  });

  it.each(['Maintenance until five', 'Your account has expired; please contact your system administrator.'])(
    'is unreachable at once where it says: %s',
    async (words) => {
      const { result, events } = await loggingIn(`${words}\r\n`);
      expect(events).toEqual([]);
      expect(result).toMatchObject({
        message: `cannot connect to cp1 (root@10.0.0.11:22): it closed the connection during the login, and its last words were: ${words}`,
        hint: expect.stringContaining('/etc/nologin'),
      });
    },
  );

  it('without a word is tried again for a moment, as one that was cut before', async () => {
    const { result, events } = await loggingIn('', '', '');
    expect(events).toHaveLength(2);
    expect(result).toMatchObject({ message: expect.stringMatching(/during the login, without a word$/) });
  });
});
