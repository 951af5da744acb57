import { readFile } from 'node:fs/promises';
import { type AddressInfo, type Server, type Socket, createServer } from 'node:net';

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import type { Host } from '#core/cluster.ts';
import { Secret } from '#core/secret.ts';
import { sh } from '#core/shell.ts';
import type { Connection } from '#core/transport.ts';
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
          reason(/it answers, but no SSH session came about: it said nothing for 0\.7 s$/),
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

describe.skipIf(sshdIsMissing !== undefined)(
  `a login shell that does not do as it is told${whyNotSshd}`,
  () => {
    let sshd: Sshd;
    const started = async (forceCommand: string): Promise<Connection> => {
      sshd = await Sshd.start([`ForceCommand ${forceCommand}`]);
      const options = { settings: sshd.settings(), env: {}, shellPatienceMs: 1500 };
      return sshTransport(options).connect(sshd.host());
    };
    afterEach(() => sshd.stop());

    it.each([
      {
        shell: 'echo This account is not available; exit 1',
        why: 'ended with code 1 and ran nothing: root is not to log in there: This account is not available',
      },
      {
        shell: '/usr/bin/git-shell -c "$SSH_ORIGINAL_COMMAND"',
        why: /ended with code \d+ and ran nothing: the login shell of root runs only some commands: fatal: unrecognized command .*\.\.\.$/,
      },
      {
        // Its echo makes lines of the escapes in the command, as a start-up file with "set -x" nearly does.
        shell: `/bin/dash -c 'echo "rejected: $SSH_ORIGINAL_COMMAND"'`,
        why: /^the login shell of root on n1 ended with code 0 and ran nothing: /,
      },
      { shell: '/bin/false', why: /ended with code 1 and ran nothing$/ },
      { shell: '/bin/bash -r -c "$SSH_ORIGINAL_COMMAND"', why: /: exec: restricted$/ },
      {
        shell: 'echo You are required to change your password immediately; exit 1',
        why: /: the password of root has expired, and has to be changed before anything else: You are required/,
      },
    ])('such as $shell, is not taken for a program that failed', async ({ shell, why }) => {
      const connection = await started(shell);
      await expect(
        connection.execute({ script: sh`echo`, via: 'argument', timeoutMs: 5000 }),
      ).rejects.toMatchObject({
        code: 'host-unreachable',
        message: expect.stringMatching(
          typeof why === 'string' ? `^the login shell of root on n1 ${why}$` : why,
        ),
        hint: expect.any(String),
      });
      await connection.close();
    });

    it('gets nothing of a program, nor a heartbeat, before it was seen to run what it was told to', async () => {
      const connection = await started('cat >>"$HOME"/heard');
      const late = {
        code: 'host-unreachable',
        message: expect.stringContaining('the login shell of root on n1 ran nothing in 1.5 s'),
      };
      const held = connection.hold(sh`echo ready`, 'ready', 100);
      const step = connection.execute({ script: sh`echo hunter2`, via: 'stdin', timeoutMs: 5000 });
      await Promise.all([expect(held).rejects.toMatchObject(late), expect(step).rejects.toMatchObject(late)]);
      await connection.close();
      expect(await readFile(sshd.path('heard'), 'utf8')).toBe('');
    });
  },
);
