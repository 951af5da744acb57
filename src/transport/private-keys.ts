import { readFile } from 'node:fs/promises';

import ssh2, { type ParsedKey } from 'ssh2';

import type { Secret } from '#core/secret.ts';

/** A private key that could be read, or why not. */
export type PrivateKey =
  | { readonly is: 'usable'; readonly path: string; readonly key: ParsedKey }
  | { readonly is: 'absent' | 'encrypted' | 'wrong-passphrase'; readonly path: string }
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
  // The declared type leaves out that some formats give a list.
  const parsed = ssh2.utils.parseKey(content, passphrase?.reveal()) as
    | ParsedKey
    | Error
    | readonly ParsedKey[];
  const key = Array.isArray(parsed) ? (parsed as readonly ParsedKey[])[0] : (parsed as ParsedKey | Error);
  if (key === undefined) return { is: 'unreadable', path, why: 'it holds no key' };
  if (key instanceof Error) {
    if (/passphrase given/i.test(key.message)) return { is: 'encrypted', path };
    if (/passphrase|integrity check|decrypt/i.test(key.message)) return { is: 'wrong-passphrase', path };
    return { is: 'unreadable', path, why: 'it is in no key format known here' };
  }
  if (!key.isPrivateKey()) return { is: 'unreadable', path, why: 'it holds a public key' };
  return { is: 'usable', path, key };
}
