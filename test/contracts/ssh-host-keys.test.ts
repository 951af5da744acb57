import { readFile, stat, writeFile } from 'node:fs/promises';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { sshTransport } from '#transport/ssh-transport.ts';

import { Sshd, sshdIsMissing, whyNotSshd } from './sshd.ts';

describe.skipIf(sshdIsMissing !== undefined)(`host keys of a real sshd${whyNotSshd}`, () => {
  let sshd: Sshd;
  beforeAll(async () => {
    sshd = await Sshd.start();
    sshd.generateKey('other_ed25519', 'ed25519');
    sshd.generateKey('other_ecdsa', 'ecdsa');
  });
  afterAll(() => sshd.stop());
  beforeEach(() => sshd.knowHostKeys([]));

  const connect = async (overrides: Parameters<Sshd['settings']>[0] = {}): Promise<string> => {
    const logged: string[] = [];
    const transport = sshTransport({
      settings: sshd.settings(overrides),
      env: {},
      log: (line) => logged.push(line),
    });
    const connection = await transport.connect(sshd.host());
    await connection.close();
    return logged.join('\n');
  };
  const fingerprintOf = async (name: string): Promise<string> => {
    const { createHash } = await import('node:crypto');
    const [, key = ''] = (await readFile(sshd.path(name), 'utf8')).split(' ');
    return `SHA256:${createHash('sha256').update(Buffer.from(key, 'base64')).digest('base64').replace('=', '')}`;
  };

  it('unknown are refused under strict, with what to do', async () => {
    const fingerprint = await fingerprintOf('host_ed25519.pub');
    await expect(connect()).rejects.toMatchObject({
      code: 'host-unreachable',
      exitCode: 6,
      host: 'n1',
      message: `cannot connect to n1 (root@127.0.0.1:${sshd.port}): its ssh-ed25519 host key ${fingerprint} is not in ${sshd.path('known_hosts')}`,
      hint: expect.stringContaining('ssh-keyscan'),
    });
  });

  it('unknown are written down under accept-new, once, with the directory', async () => {
    const knownHosts = sshd.path('new/.ssh/known_hosts');
    const transport = sshTransport({
      settings: sshd.settings({ knownHosts, hostKeys: 'accept-new' }),
      env: {},
    });
    const connections = await Promise.all(Array.from({ length: 5 }, () => transport.connect(sshd.host())));
    await Promise.all(connections.map((connection) => connection.close()));
    const key = (await readFile(sshd.path('host_ed25519.pub'), 'utf8')).split(' ').slice(0, 2).join(' ');
    expect(await readFile(knownHosts, 'utf8')).toBe(`[127.0.0.1]:${sshd.port} ${key}\n`);
    expect((await stat(sshd.path('new/.ssh'))).mode % 0o1000).toBe(0o700);
    expect(await connect({ knownHosts })).toBe('');
  });

  it('written down begin a line of their own, and are told of', async () => {
    await writeFile(sshd.path('known_hosts'), '# no newline');
    expect(await connect({ hostKeys: 'accept-new' })).toMatch(
      /^n1: SHA256:\S+ is new, and was written to \S+known_hosts$/,
    );
    expect(await readFile(sshd.path('known_hosts'), 'utf8')).toMatch(
      /^# no newline\n\[127\.0\.0\.1\]:\d+ ssh-ed25519 \S+\n$/,
    );
  });

  it.each(['host_ed25519.pub', 'host_rsa.pub'])('known only as %s are asked for', async (name) => {
    await sshd.knowHostKeys([name]);
    await expect(connect()).resolves.toBe('');
  });

  it('known by an old key are good by any of them', async () => {
    await sshd.knowHostKeys(['other_ed25519.pub', 'host_ed25519.pub']);
    await expect(connect()).resolves.toBe('');
  });

  it.each(['strict', 'accept-new'] as const)('changed are refused under %s', async (hostKeys) => {
    await sshd.knowHostKeys(['client.pub', 'other_ed25519.pub'].slice(1));
    const [shown, known] = [
      await fingerprintOf('host_ed25519.pub'),
      await fingerprintOf('other_ed25519.pub'),
    ];
    const file = sshd.path('known_hosts');
    await expect(connect({ hostKeys })).rejects.toMatchObject({
      code: 'host-unreachable',
      message: expect.stringContaining(
        `it shows ssh-ed25519 ${shown}, but ${file}:1 says ssh-ed25519 ${known}; somebody may be in between`,
      ),
      hint: expect.stringContaining(`ssh-keygen -f ${file} -R '[127.0.0.1]:${sshd.port}'`),
    });
  });

  it('of another type than the known one count as changed', async () => {
    await sshd.knowHostKeys(['other_ecdsa.pub']);
    await expect(connect({ hostKeys: 'accept-new' })).rejects.toMatchObject({
      message: expect.stringContaining('its host key has changed'),
    });
  });

  it('revoked are refused', async () => {
    const key = await readFile(sshd.path('host_ed25519.pub'), 'utf8');
    await writeFile(sshd.path('known_hosts'), `[127.0.0.1]:${sshd.port} ${key}@revoked * ${key}`);
    await expect(connect({ hostKeys: 'accept-new' })).rejects.toMatchObject({
      message: expect.stringMatching(/is revoked by \S+known_hosts:2$/),
    });
  });

  it('under the bare address count for other ports, but not against them', async () => {
    const [right, wrong] = await Promise.all(
      ['host_ed25519.pub', 'other_ed25519.pub'].map((name) => readFile(sshd.path(name), 'utf8')),
    );
    await writeFile(sshd.path('known_hosts'), `127.0.0.1 ${right}`);
    await expect(connect()).resolves.toBe('');
    await writeFile(sshd.path('known_hosts'), `127.0.0.1 ${wrong}`);
    await expect(connect()).rejects.toMatchObject({ message: expect.stringContaining('is not in') });
  });

  it('in a file that cannot be read are a plain error', async () => {
    await expect(connect({ knownHosts: sshd.directory })).rejects.toMatchObject({
      code: 'host-unreachable',
      message: expect.stringContaining('EISDIR'),
    });
  });
});
