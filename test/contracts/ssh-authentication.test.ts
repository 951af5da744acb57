import { execFileSync, spawn } from 'node:child_process';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync } from 'node:fs';
import { appendFile, copyFile, readFile, writeFile } from 'node:fs/promises';

import ssh2, { type AuthContext } from 'ssh2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Host } from '#core/cluster.ts';
import { Secret } from '#core/secret.ts';
import { sshTransport } from '#transport/ssh-transport.ts';

import { Sshd, sshdIsMissing, whyNotSshd } from './sshd.ts';
import { temporaryDirectory } from './temporary-directory.ts';
import { testHost } from './test-host.ts';

/** As in authorized_keys; ssh-keygen makes none of an ed25519 key in PKCS#8. */
function authorizedKey(publicKey: KeyObject): string {
  const { x = '', y = '', n = '', e = '', kty } = publicKey.export({ format: 'jwk' });
  const point = Buffer.concat([Buffer.from([4]), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]);
  const fields = {
    RSA: ['ssh-rsa', number(e), number(n)],
    EC: ['ecdsa-sha2-nistp256', 'nistp256', point],
    OKP: ['ssh-ed25519', Buffer.from(x, 'base64url')],
  }[kty as 'RSA' | 'EC' | 'OKP'];
  const blob = Buffer.concat(fields.map((one) => sized(Buffer.from(one))));
  return `${String(fields[0])} ${blob.toString('base64')}`;
}

function number(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64url');
  return (bytes[0] ?? 0) > 127 ? Buffer.concat([Buffer.alloc(1), bytes]) : bytes;
}

function sized(content: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  return Buffer.concat([length, content]);
}

describe.skipIf(sshdIsMissing !== undefined)(`logging in to a real sshd${whyNotSshd}`, () => {
  const home = temporaryDirectory();
  let sshd: Sshd;
  beforeAll(async () => {
    sshd = await Sshd.start();
    sshd.generateKey('stranger', 'ed25519');
    sshd.generateKey('rsa', 'rsa');
    await appendFile(sshd.path('authorized_keys'), await readFile(sshd.path('rsa.pub')));
    await copyFile(sshd.path('client'), sshd.path('locked'));
    execFileSync('ssh-keygen', ['-q', '-p', '-N', 'open sesame', '-f', sshd.path('locked')]);
  });
  afterAll(() => sshd.stop());

  const connect = async ({ identityFile = '', ...overrides }: Partial<Host>, agent = ''): Promise<void> => {
    const env = { HOME: home(), SSH_AUTH_SOCK: agent };
    const { identityFile: _theClients, ...host } = sshd.host();
    const named = identityFile === '' ? {} : { identityFile: sshd.path(identityFile) };
    const connection = await sshTransport({ settings: sshd.settings(), env }).connect({
      ...host,
      ...named,
      ...overrides,
    });
    await connection.close();
  };

  it('works with an encrypted key and its passphrase', async () => {
    const host = { identityFile: 'locked', passphrase: new Secret('open sesame') };
    await expect(connect(host)).resolves.toBeUndefined();
  });

  it.each([
    { identityFile: 'locked', why: /locked is encrypted, and there is no passphrase for it$/ },
    {
      identityFile: 'locked',
      passphrase: new Secret('wrong'),
      why: /the passphrase does not open \S+locked$/,
    },
    { identityFile: 'nowhere', why: /there is no file \S+nowhere$/ },
    { identityFile: 'client.pub', why: /client\.pub cannot be used: it holds a public key$/ },
    { identityFile: 'sshd_config', why: /sshd_config cannot be used: it is in no key format known here$/ },
    {
      identityFile: 'stranger',
      why: /it did not accept \S+stranger \(SHA256:\S+\); it takes publickey$/,
    },
    { password: new Secret('hunter2'), why: /it did not accept the password; it takes publickey$/ },
    { why: /there is no key and no password to log in with$/ },
  ])('says $why', async ({ why, ...host }) => {
    await expect(connect(host)).rejects.toMatchObject({
      code: 'host-unreachable',
      exitCode: 6,
      message: expect.stringMatching(why),
      hint: expect.any(String),
    });
  });

  /** The same key in other files, as openssl writes them; OpenSSL knows nothing of OpenSSH's own format. */
  it.each(
    (['RSA', 'EC', 'ED25519'] as const).flatMap((algorithm) =>
      ['PKCS#8', 'PKCS#8, encrypted', 'text before it'].map((form) => ({ algorithm, form })),
    ),
  )('works with an $algorithm key in $form', async ({ algorithm, form }) => {
    const { privateKey, publicKey } = {
      RSA: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
      EC: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
      ED25519: () => generateKeyPairSync('ed25519'),
    }[algorithm]();
    const isEncrypted = form.endsWith('encrypted');
    const passphrase = isEncrypted ? { cipher: 'aes-256-cbc', passphrase: 'open sesame' } : {};
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem', ...passphrase }).toString();
    const before = form.startsWith('text') ? 'Bag Attributes\r\n    friendlyName: me\r\n' : '';
    await writeFile(sshd.path('pkcs8'), `${before}${pem}`, { mode: 0o600 });
    await appendFile(sshd.path('authorized_keys'), `${authorizedKey(publicKey)}\n`);
    const host = { identityFile: 'pkcs8', ...(isEncrypted && { passphrase: new Secret('open sesame') }) };
    await expect(connect(host)).resolves.toBeUndefined();
    if (!isEncrypted) return;
    await expect(connect({ identityFile: 'pkcs8' })).rejects.toThrow(
      /is encrypted, and there is no passphrase/,
    );
    await expect(connect({ ...host, passphrase: new Secret('wrong') })).rejects.toThrow(
      /passphrase does not open/,
    );
  });

  it('finds the usual files, and passes over those that are locked', async () => {
    execFileSync('mkdir', [`${home()}/.ssh`]);
    await copyFile(sshd.path('locked'), `${home()}/.ssh/id_ed25519`);
    await expect(connect({})).rejects.toMatchObject({
      message: expect.stringMatching(/id_ed25519 is encrypted\)$/),
    });
    await copyFile(sshd.path('client'), `${home()}/.ssh/id_rsa`);
    await connect({});
  });

  const withAgent = async (use: (socket: string, add: (key: string) => void) => Promise<void>) => {
    const socket = `${home()}/agent`;
    const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
    try {
      await expect.poll(() => existsSync(socket)).toBe(true);
      await use(socket, (key) => {
        execFileSync('ssh-add', ['-q', key], { env: { ...process.env, SSH_AUTH_SOCK: socket } });
      });
    } finally {
      agent.kill();
    }
    return socket;
  };

  it('uses the agent, and does without one that is gone', async () => {
    const socket = await withAgent(async (running, add) => {
      await expect(connect({}, running)).rejects.toThrow('no key and no password');
      add(sshd.path('stranger'));
      await expect(connect({}, running)).rejects.toMatchObject({
        message: expect.stringContaining('it did not accept the key of the agent'),
      });
      add(sshd.path('client'));
      await connect({}, running);
    });
    await expect(connect({}, socket)).rejects.toMatchObject({
      message: expect.stringContaining('no key and no password'),
    });
  });

  it.each([
    ['an encrypted key', 'locked'],
    ['an encrypted PEM key, by the public key beside it', 'pem'],
    ['a public key', 'client.pub'],
  ])('uses the agent for %s that is named, and no other key of it', async (_, identityFile) => {
    await copyFile(sshd.path('rsa'), sshd.path('pem'));
    execFileSync('ssh-keygen', ['-q', '-p', '-m', 'PEM', '-N', 'open sesame', '-f', sshd.path('pem')]);
    await copyFile(sshd.path('rsa.pub'), sshd.path('pem.pub'));
    await withAgent(async (socket, add) => {
      add(sshd.path('stranger'));
      await expect(connect({ identityFile }, socket)).rejects.toMatchObject({
        message: expect.stringMatching(/, and the agent does not have it$/),
      });
      add(sshd.path(identityFile === 'pem' ? 'rsa' : 'client'));
      await connect({ identityFile }, socket);
      await expect(connect({ identityFile: 'stranger.pub' }, socket)).rejects.toMatchObject({
        message: expect.stringMatching(/it did not accept \S+stranger\.pub \(SHA256:\S+\), by the agent$/),
      });
    });
  });
});

function answer(context: AuthContext, method: 'password' | 'keyboard-interactive'): void {
  if (context.method !== method) context.reject([method]);
  else if (context.method === 'password') {
    if (context.password === 'right') context.accept();
    else context.reject([method]);
  } else if (context.method === 'keyboard-interactive') {
    context.prompt([{ prompt: 'Password: ', echo: false }], (answers) => {
      if (answers[0] === 'right') context.accept();
      else context.reject([method]);
    });
  }
}

/** Made by OpenSSL: of ssh2's own ed25519 keys, one in 256 (public part begins with a zero) cannot be read. */
const HOST_KEY = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  .privateKey.export({ type: 'sec1', format: 'pem' })
  .toString();

describe('logging in with a password', () => {
  const directory = temporaryDirectory();

  async function login(method: 'password' | 'keyboard-interactive', password: string): Promise<void> {
    const server = new ssh2.Server({ hostKeys: [HOST_KEY] }, (client) => {
      client.on('error', () => undefined);
      client.on('authentication', (context) => answer(context, method));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const settings = {
        knownHosts: `${directory()}/known_hosts`,
        hostKeys: 'accept-new',
        connectTimeoutMs: 5000,
      } as const;
      const host = testHost({
        port: (server.address() as { port: number }).port,
        password: new Secret(password),
      });
      const connection = await sshTransport({ settings, env: {} }).connect(host);
      await connection.close();
    } finally {
      server.close();
    }
  }

  it.each(['password', 'keyboard-interactive'] as const)('works over %s', async (method) => {
    await expect(login(method, 'right')).resolves.toBeUndefined();
  });

  it('says what was tried, but not the password', async () => {
    const error = await login('keyboard-interactive', 'hunter2').catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      message: expect.stringMatching(
        /it did not accept the password, the password, typed \(keyboard-interactive\); it takes keyboard-interactive$/,
      ),
    });
    expect(String(error)).not.toContain('hunter2');
  });
});
