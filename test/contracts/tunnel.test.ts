import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { sshTransport } from '#transport/ssh-transport.ts';
import { openTunnel, type Tunnel } from '#kubeconfig/tunnel.ts';

import { Sshd, sshdIsMissing, whyNotSshd } from './sshd.ts';

const client = (at: number): Socket => connect(at, '127.0.0.1').on('error', () => undefined);

/** What comes back, up to its end; the client has said all it has to say by then. */
const said = async (socket: Socket, words: string): Promise<string> => {
  socket.end(words);
  return text(socket);
};

describe.skipIf(sshdIsMissing !== undefined)(`a tunnel through a real sshd${whyNotSshd}`, () => {
  let sshd: Sshd;
  let echo: Server;
  let port = 0;
  beforeAll(async () => {
    sshd = await Sshd.start();
    echo = createServer({ allowHalfOpen: true }, (socket) =>
      socket.on('error', () => undefined).pipe(socket),
    );
    echo.listen(0, '127.0.0.1');
    await once(echo, 'listening');
    port = (echo.address() as { port: number }).port;
  });
  afterAll(async () => {
    echo.close();
    await sshd.stop();
  });

  const open = async (to = port): Promise<Tunnel & { readonly refusals: string[] }> => {
    const connection = await sshTransport({ settings: sshd.settings(), env: {} }).connect(sshd.host());
    const refusals: string[] = [];
    const tunnel = await openTunnel(connection, {
      address: '127.0.0.1',
      port: to,
      onRefused: (why) => refusals.push(why),
    });
    const close = async (): Promise<void> => {
      await tunnel.close();
      await connection.close();
    };
    return { ...tunnel, close, refusals };
  };
  it('serves many clients at once, and none afterwards', async () => {
    const tunnel = await open();
    const words = Array.from({ length: 12 }, (_, index) => `${index} `.repeat(20_000));
    const answers = await Promise.all(words.map((word) => said(client(tunnel.port), word)));
    expect(answers.every((answer, index) => answer === words[index])).toBe(true);
    await tunnel.close();
    const late = connect(tunnel.port, '127.0.0.1');
    const [error] = (await once(late, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNREFUSED');
  });

  it('says why it turns a client away', async () => {
    const tunnel = await open(1);
    expect(await said(client(tunnel.port), 'x').catch(() => '')).toBe('');
    expect(tunnel.refusals).toEqual([expect.stringContaining('opens no way to 127.0.0.1:1')]);
    await tunnel.close();
  });

  it('tells that it is cut, and ends what flowed through it', async () => {
    const tunnel = await open();
    const socket = client(tunnel.port);
    socket.write('x');
    await once(socket, 'data');
    const closed = once(socket, 'close');
    sshd.killSessions();
    await tunnel.lost;
    await closed;
    await said(client(tunnel.port), 'x').catch(() => '');
    expect(tunnel.refusals).toHaveLength(1);
    await tunnel.close();
  });
});
