import { createHash, createHmac } from 'node:crypto';

import { globExpression } from '#core/glob.ts';

/** A line of a known_hosts file that names a host key. */
export interface KnownHost {
  readonly isRevoked: boolean;
  /** As written in the file: plain, with wildcards, negated, or one hashed name. */
  readonly patterns: readonly string[];
  /** `ssh-ed25519`. */
  readonly type: string;
  readonly key: Buffer;
  /** Counted from 1. */
  readonly line: number;
}

/**
 * Reads a file in OpenSSH's known_hosts format. Lines that name no host key are skipped, as OpenSSH does. Certificate
 * authorities are not supported, and skipped as well.
 *
 * @see https://man.openbsd.org/sshd#SSH_KNOWN_HOSTS_FILE_FORMAT (OpenSSH 10.0)
 */
export function parseKnownHosts(text: string): readonly KnownHost[] {
  return text.split('\n').flatMap((content, index) => {
    const fields = content.trim().split(/\s+/);
    const marker = fields[0]?.startsWith('@') === true ? fields.shift() : undefined;
    const [names, type, encoded] = fields;
    if (names === undefined || names.startsWith('#') || type === undefined || encoded === undefined)
      return [];
    if (marker !== undefined && marker !== '@revoked') return [];
    const key = Buffer.from(encoded, 'base64');
    if (keyType(key) !== type) return [];
    return [{ isRevoked: marker === '@revoked', patterns: names.split(','), type, key, line: index + 1 }];
  });
}

/** Finds hosts by name, quickly: a file may hold thousands, and a run may ask for as many. */
export class KnownHosts {
  readonly #plain = new Map<string, KnownHost[]>();
  /** With wildcards, negated or hashed: they have to be tried one by one. */
  readonly #others: KnownHost[] = [];

  constructor(all: readonly KnownHost[]) {
    for (const entry of all) {
      if (entry.patterns.some((pattern) => /[*?!|]/.test(pattern))) {
        this.#others.push(entry);
        continue;
      }
      for (const name of new Set(entry.patterns.map((pattern) => pattern.toLowerCase()))) {
        const found = this.#plain.get(name);
        if (found === undefined) this.#plain.set(name, [entry]);
        else found.push(entry);
      }
    }
  }

  /** In the order of the file. */
  named(name: string): readonly KnownHost[] {
    const plain = this.#plain.get(name) ?? [];
    const others = this.#others.filter((entry) => isNamed(entry, name));
    return others.length === 0 ? plain : [...plain, ...others].toSorted((a, b) => a.line - b.line);
  }
}

/** The name a host goes by: its address, with the port where it is not 22. */
export const knownHostName = (address: string, port: number): string =>
  (port === 22 ? address : `[${address}]:${port}`).toLowerCase();

function isNamed({ patterns }: KnownHost, name: string): boolean {
  let isMatch = false;
  for (const pattern of patterns) {
    if (pattern.startsWith('!')) {
      if (matches(pattern.slice(1), name)) return false;
    } else {
      isMatch ||= matches(pattern, name);
    }
  }
  return isMatch;
}

/** As OpenSSH prints it: `SHA256:` and base64 without padding. */
export const fingerprint = (key: Buffer): string =>
  `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;

/**
 * The type a public key says it has.
 *
 * @see https://www.rfc-editor.org/rfc/rfc4253#section-6.6
 */
export function keyType(key: Buffer): string | undefined {
  if (key.length < 4) return undefined;
  const end = 4 + key.readUInt32BE(0);
  return end > key.length ? undefined : key.toString('latin1', 4, end);
}

function matches(pattern: string, name: string): boolean {
  if (pattern.startsWith('|1|')) return matchesHash(pattern, name);
  if (!/[*?]/.test(pattern)) return pattern.toLowerCase() === name;
  return globExpression(pattern.toLowerCase()).test(name);
}

/** `|1|` salt `|` HMAC-SHA1 of the name, both in base64. */
function matchesHash(pattern: string, name: string): boolean {
  const [, , salt = '', hash = ''] = pattern.split('|');
  const digest = createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest();
  return digest.equals(Buffer.from(hash, 'base64'));
}
