import { type AddressInfo, type Server, type Socket, createServer } from 'node:net';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Host } from '#core/cluster.ts';
import { Secret } from '#core/secret.ts';
import { sshTransport } from '#transport/ssh-transport.ts';

import { Sshd, sshdIsMissing, whyNotSshd } from './sshd.ts';
import { testHost } from './test-host.ts';

const failure = async (host: Partial<Host>, knownHosts = '/nonexistent/known_hosts'): Promise<unknown> => {
  const settings = { knownHosts, hostKeys: 'strict', connectTimeoutMs: 700 } as const;
  const tried = sshTransport({ settings, env: {} }).connect(testHost({ password: new Secret('x'), ...host }));
  return tried.then(
    () => undefined,
    (error: unknown) => error,
  );
};

async function withServer<T>(
  onConnection: (socket: Socket) => void,
  use: (port: number) => Promise<T>,
): Promise<T> {
  const sockets: Socket[] = [];
  const server: Server = createServer((socket) => {
    sockets.push(socket.on('error', () => undefined));
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await use((server.address() as AddressInfo).port);
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
}

const reason = (why: string | RegExp) => ({
  code: 'host-unreachable',
  exitCode: 6,
  host: 'n1',
  message: expect.stringMatching(why),
  hint: expect.any(String),
});

describe('a host that cannot be reached', () => {
  it('because nothing listens', async () => {
    const port = await withServer(
      () => undefined,
      (free) => Promise.resolve(free),
    );
    expect(await failure({ port })).toMatchObject(
      reason(`(root@127.0.0.1:${port}): nothing listens on port ${port}`.replaceAll(/[()]/g, '.')),
    );
  });

  it('because its name does not resolve', async () => {
    expect(await failure({ address: 'no-such-host.invalid' })).toMatchObject(
      reason(/the name no-such-host\.invalid (does not resolve|cannot be looked up)$/),
    );
  });

  it('because it says nothing', async () => {
    await withServer(
      () => undefined,
      async (port) =>
        expect(await failure({ port })).toMatchObject(
          reason(/it answers, but no SSH session came about within 0\.7 s$/),
        ),
    );
  });

  it.each([
    ['closes', (socket: Socket) => void socket.end()],
    ['resets', (socket: Socket) => void socket.resetAndDestroy()],
  ])('because it %s at once', async (_name, hangUp) => {
    await withServer(hangUp, async (port) =>
      expect(await failure({ port })).toMatchObject(
        reason(/the connection was cut before anybody was let in$/),
      ),
    );
  });

  it('because it is no SSH server', async () => {
    await withServer(
      (socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'),
      async (port) => expect(await failure({ port })).toMatchObject(reason(/cannot connect to n1/)),
    );
  });
});

describe.skipIf(sshdIsMissing !== undefined)(`a real sshd${whyNotSshd}`, () => {
  const postQuantum = 'sntrup761x25519-sha512@openssh.com';
  let sshd: Sshd;
  beforeAll(async () => {
    sshd = await Sshd.start([`KexAlgorithms ${postQuantum}`]);
  });
  afterAll(() => sshd.stop());

  it('that takes only post-quantum key exchanges is told apart', async () => {
    expect(await failure({ port: sshd.port })).toMatchObject({
      code: 'host-unreachable',
      message: expect.stringContaining(
        `it takes only post-quantum key exchanges (${postQuantum}), which slipway does not have`,
      ),
      hint: 'allow one more in its sshd_config: KexAlgorithms +curve25519-sha256',
    });
  });
});

describe.skipIf(sshdIsMissing !== undefined)(`a login shell that runs nothing${whyNotSshd}`, () => {
  let sshd: Sshd;
  beforeAll(async () => {
    sshd = await Sshd.start(['ForceCommand echo This account is not available; exit 1']);
  });
  afterAll(() => sshd.stop());

  it('is not taken for a program that failed', async () => {
    const connection = await sshTransport({ settings: sshd.settings(), env: {} }).connect(sshd.host());
    await expect(
      connection.execute({ script: 'echo' as never, via: 'argument', timeoutMs: 5000 }),
    ).rejects.toMatchObject({
      code: 'host-unreachable',
      message:
        'the login shell of root on n1 ended with code 1 and ran nothing: This account is not available',
    });
    await connection.close();
  });
});
