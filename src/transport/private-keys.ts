import { createPrivateKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';

import ssh2, { type ParsedKey } from 'ssh2';

import type { Secret } from '#core/secret.ts';

/** A private key that could be read, or why not. */
export type PrivateKey =
  | { readonly is: 'usable'; readonly path: string; readonly key: ParsedKey }
  | { readonly is: 'absent' | 'wrong-passphrase'; readonly path: string }
  /** The public half is known, if at all, from the file itself or from the one beside it. */
  | { readonly is: 'encrypted' | 'public'; readonly path: string; readonly publicKey: Buffer | undefined }
  | { readonly is: 'unreadable'; readonly path: string; readonly why: string };

/** Private keys, each file read and parsed once: unlocking one takes a good part of a second. */
export class PrivateKeys {
  readonly #keys = new Map<string, Promise<PrivateKey>>();

  async get(path: string, passphrase?: Secret): Promise<PrivateKey> {
    const id = JSON.stringify([path, passphrase?.reveal() ?? null]);
    const key = this.#keys.get(id) ?? readKey(path, passphrase);
    this.#keys.set(id, key);
    return key;
  }
}

async function readKey(path: string, passphrase: Secret | undefined): Promise<PrivateKey> {
  let content: Buffer;
  try {
    content = await readFile(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? { is: 'absent', path } : { is: 'unreadable', path, why: message };
  }
  const key = parse(content, passphrase) ?? parse(forSsh(content, passphrase), undefined);
  if (key === undefined) return { is: 'unreadable', path, why: 'it holds no key' };
  if (key instanceof Error) {
    const isLocked = content.includes('ENCRYPTED');
    if (/passphrase given/i.test(key.message) || (isLocked && passphrase === undefined)) {
      return { is: 'encrypted', path, publicKey: publicHalf(content) ?? (await publicKeyIn(`${path}.pub`)) };
    }
    if (isLocked || /passphrase|integrity check|decrypt/i.test(key.message))
      return { is: 'wrong-passphrase', path };
    return { is: 'unreadable', path, why: 'it is in no key format known here' };
  }
  return key.isPrivateKey()
    ? { is: 'usable', path, key }
    : { is: 'public', path, publicKey: key.getPublicSSH() };
}

/** The key; why there is none; undefined where the format is not known. */
function parse(
  content: Buffer | string | Error,
  passphrase: Secret | undefined,
): ParsedKey | Error | undefined {
  if (content instanceof Error) return content;
  // The declared type leaves out that some formats give a list.
  const parsed = ssh2.utils.parseKey(content, passphrase?.reveal()) as
    | ParsedKey
    | Error
    | readonly ParsedKey[];
  const key = Array.isArray(parsed) ? (parsed as readonly ParsedKey[])[0] : (parsed as ParsedKey | Error);
  return key instanceof Error && key.message === 'Unsupported key format' ? undefined : key;
}

/**
 * What ssh2 does not read and OpenSSL does, as OpenSSH: PKCS#8, and PEM with other blocks or text before the key. It
 * comes back in a form that ssh2 reads.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5958
 */
function forSsh(content: Buffer, passphrase: Secret | undefined): string | Error {
  try {
    const key = createPrivateKey({ key: content, ...(passphrase && { passphrase: passphrase.reveal() }) });
    if (key.asymmetricKeyType === 'ed25519') return openSshKey(key);
    return key.export({ format: 'pem', type: key.asymmetricKeyType === 'rsa' ? 'pkcs1' : 'sec1' }).toString();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** @see https://github.com/openssh/openssh-portable/blob/V_9_9_P1/PROTOCOL.key */
function openSshKey(key: KeyObject): string {
  const { x = '', d = '' } = key.export({ format: 'jwk' }) satisfies JsonWebKey;
  const [type, publicKey, seed] = [
    Buffer.from('ssh-ed25519'),
    Buffer.from(x, 'base64url'),
    Buffer.from(d, 'base64url'),
  ];
  const secret = Buffer.concat([
    // Two equal numbers by which a wrong passphrase would be noticed; then the key, no comment, and the padding.
    Buffer.alloc(8),
    ...[type, publicKey, Buffer.concat([seed, publicKey]), Buffer.alloc(0)].map(field),
  ]);
  const padding = Buffer.from(Array.from({ length: (8 - (secret.length % 8)) % 8 }, (_, index) => index + 1));
  const none = Buffer.from('none');
  const whole = Buffer.concat([
    Buffer.from(OPENSSH_MAGIC),
    ...[none, none, Buffer.alloc(0)].map(field),
    Buffer.from([0, 0, 0, 1]),
    field(Buffer.concat([type, publicKey].map(field))),
    field(Buffer.concat([secret, padding])),
  ]);
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${whole.toString('base64')}\n-----END OPENSSH PRIVATE KEY-----\n`;
}

const OPENSSH_MAGIC = 'openssh-key-v1\0';

/** A field of a key: its length, and itself. */
function field(content: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  return Buffer.concat([length, content]);
}

/** The public half of a locked key in OpenSSH's own format, where it is not encrypted. */
function publicHalf(content: Buffer): Buffer | undefined {
  const [, base64 = ''] = /BEGIN OPENSSH PRIVATE KEY-+([^-]+)/.exec(content.toString('latin1')) ?? [];
  const key = Buffer.from(base64, 'base64');
  if (!key.toString('latin1').startsWith(OPENSSH_MAGIC)) return undefined;
  let at = OPENSSH_MAGIC.length;
  const next = (): Buffer => {
    const end = at + 4 + key.readUInt32BE(at);
    const part = key.subarray(at + 4, end);
    at = end;
    return part;
  };
  try {
    // The cipher, the derivation of its key, and that one's options; then how many keys there are.
    for (let skipped = 0; skipped < 3; skipped += 1) next();
    at += 4;
    return next();
  } catch {
    return undefined;
  }
}

async function publicKeyIn(path: string): Promise<Buffer | undefined> {
  const key = parse(await readFile(path).catch(() => Buffer.alloc(0)), undefined);
  return key instanceof Error ? undefined : key?.getPublicSSH();
}
