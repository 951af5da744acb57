import { appendFile, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Host, Login } from '#core/cluster.ts';
import { ConnectionLost } from '#core/execution-error.ts';
import { sh } from '#core/shell.ts';
import type { Connection } from '#core/transport.ts';
import { type SshTransportOptions, sshTransport } from '#transport/ssh-transport.ts';

import { Sshd, sshdIsMissing, whyNotSshd } from './sshd.ts';
import { KILL_AFTER_MS, transportContract } from './transport-contract.ts';

const login = (sshd: Sshd, name: string, overrides: Partial<Login> = {}): Login => ({
  name,
  address: '127.0.0.1',
  port: sshd.port,
  user: 'root',
  identityFile: sshd.path('client'),
  ...overrides,
});

const portsSeenBy = async (connection: Connection): Promise<string> => {
  const script = sh`echo "$SSH_CONNECTION"`;
  const { stdout } = await connection.execute({ script, via: 'argument', timeoutMs: 5000 });
  return stdout;
};

describe.skipIf(sshdIsMissing !== undefined)(`behind a bastion with a real sshd${whyNotSshd}`, () => {
  let edge: Sshd;
  let inner: Sshd;
  let target: Sshd;
  beforeAll(async () => {
    [edge, inner, target] = await Promise.all([Sshd.start(), Sshd.start(), Sshd.start()]);
    for (const sshd of [edge, inner]) {
      await appendFile(target.path('known_hosts'), await readFile(sshd.path('known_hosts')));
    }
  });
  afterAll(async () => {
    for (const sshd of [edge, inner, target]) await sshd.stop();
  });

  const behind = (bastions: readonly Login[], overrides: Partial<Host> = {}): Host =>
    target.host({ bastions, ...overrides });
  const transport = (overrides: Partial<SshTransportOptions> = {}) =>
    sshTransport({ settings: target.settings(), env: {}, killAfterMs: KILL_AFTER_MS, ...overrides });
  const errorOf = (host: Host, overrides: Partial<SshTransportOptions> = {}): Promise<unknown> =>
    transport(overrides)
      .connect(host)
      .catch((error: unknown) => error);
  transportContract('ssh through a bastion', () => transport().connect(behind([login(edge, 'edge')])));
  transportContract('ssh through two bastions', () =>
    transport().connect(behind([login(edge, 'edge'), login(inner, 'inner')])),
  );

  it('all hosts share one connection to it, which ends with the last of them', async () => {
    const ssh = transport();
    const hosts = Array.from({ length: 12 }, (_, index) =>
      behind([login(edge, 'edge')], { name: `n${index}` }),
    );
    const connections = await Promise.all(hosts.map((host) => ssh.connect(host)));
    expect(await portsSeenBy(connections[11]!)).toMatch(/^127\.0\.0\.1 /);
    expect(edge.sessions()).toHaveLength(1);
    expect(target.sessions().length).toBeGreaterThanOrEqual(12);
    await Promise.all(connections.slice(1).map((connection) => connection.close()));
    await portsSeenBy(connections[0]!);
    expect(edge.sessions()).toHaveLength(1);
    await connections[0]!.close();
    await expect.poll(() => edge.sessions().length).toBe(0);

    const again = await ssh.connect(hosts[0]!);
    await portsSeenBy(again);
    await again.close();
  });

  it('lets each log in as somebody else, with a key of its own', async () => {
    const error = await errorOf(
      behind([login(edge, 'edge', { identityFile: target.path('client') })], { name: 'w1' }),
    );
    expect(error).toMatchObject({
      code: 'host-unreachable',
      host: 'w1',
      message: expect.stringMatching(
        /^cannot connect to w1 \(root@127\.0\.0\.1:\d+\): it is behind the bastion edge: cannot connect to edge \(root@127\.0\.0\.1:\d+\): it did not accept /,
      ),
      hint: expect.stringContaining('authorized_keys'),
    });
  });

  it('is to be known by its host key, as hosts are', async () => {
    const knownHosts = target.path('known_to_nobody');
    const error = await errorOf(behind([login(edge, 'edge')]), {
      settings: target.settings({ knownHosts }),
    });
    expect(error).toMatchObject({
      message: expect.stringContaining(`it is behind the bastion edge`),
      hint: expect.stringContaining(`ssh-keyscan -p ${edge.port} 127.0.0.1 >>${knownHosts}`),
    });
  });

  it('is gone through by the command that makes a host known', async () => {
    const knownHosts = target.path('known_edge');
    await appendFile(knownHosts, await readFile(edge.path('known_hosts')));
    const error = await errorOf(behind([login(edge, 'edge')]), {
      settings: target.settings({ knownHosts }),
    });
    expect(error).toMatchObject({
      hint: expect.stringContaining(
        `"ssh -o UserKnownHostsFile=${knownHosts} -J root@127.0.0.1:${edge.port} -p ${target.port} root@127.0.0.1"`,
      ),
    });
  });

  it('says what it said of a port where nothing listens', async () => {
    expect(await errorOf(behind([login(edge, 'edge')], { port: 1 }))).toMatchObject({
      message: expect.stringContaining('its bastion edge opens no way to it: Connection refused'),
      hint: expect.stringContaining('AllowTcpForwarding'),
    });
    await expect.poll(() => edge.sessions().length).toBe(0);
  });

  it('that forwards nothing is told with the setting that lets it', async () => {
    const closed = await Sshd.start(['AllowTcpForwarding no']);
    try {
      await appendFile(target.path('known_hosts'), await readFile(closed.path('known_hosts')));
      expect(await errorOf(behind([login(closed, 'closed')]))).toMatchObject({
        message: expect.stringContaining('its bastion closed opens no way to it: open failed'),
        hint: expect.stringContaining('AllowTcpForwarding yes or local'),
      });
    } finally {
      await closed.stop();
    }
  });

  it('gives a host behind it up that is silent', async () => {
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = silent.address() as { port: number };
      const settings = target.settings({ connectTimeoutMs: 1000 });
      expect(await errorOf(behind([login(edge, 'edge')], { port }), { settings })).toMatchObject({
        message: expect.stringContaining(
          'it answers, but no SSH session came about: it said nothing for 1 s',
        ),
      });
    } finally {
      silent.close();
    }
  });

  it('that goes away takes along what runs behind it, and is asked anew afterwards', async () => {
    const ssh = transport();
    const host = behind([login(edge, 'edge')]);
    const connection = await ssh.connect(host);
    const running = connection.execute({ script: sh`sleep 5`, via: 'argument', timeoutMs: 20_000 });
    running.catch(() => undefined);
    await portsSeenBy(connection);
    edge.killSessions();
    await expect(running).rejects.toBeInstanceOf(ConnectionLost);
    const again = await ssh.connect(host);
    expect(await portsSeenBy(again)).toMatch(/^127/);
    await again.close();
  });
});
