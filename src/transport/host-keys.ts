import { mkdir, open, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

import type { Login, SshSettings } from '#core/cluster.ts';

import {
  type KnownHost,
  KnownHosts,
  fingerprint,
  keyType,
  knownHostName,
  parseKnownHosts,
} from './known-hosts.ts';
import { sshCommand, unreachable } from './unreachable.ts';

/** Host key algorithms we can check, by the key type they need; those of earlier ones are preferred. */
const ALGORITHMS: Readonly<Record<string, readonly string[]>> = {
  'ssh-ed25519': ['ssh-ed25519'],
  'ecdsa-sha2-nistp256': ['ecdsa-sha2-nistp256'],
  'ecdsa-sha2-nistp384': ['ecdsa-sha2-nistp384'],
  'ecdsa-sha2-nistp521': ['ecdsa-sha2-nistp521'],
  'ssh-rsa': ['rsa-sha2-512', 'rsa-sha2-256'],
};

/** What is known of one host's keys. */
export interface HostKeyCheck {
  /** In order of preference: first those for which a key is known, so that the server shows that key. */
  readonly algorithms: readonly string[];
  /** @throws {SlipwayError} when the key is not the host's, or nobody knows whether it is. */
  readonly verify: (key: Buffer) => Promise<void>;
}

/** The keys by which hosts are known, in a known_hosts file. */
export class HostKeys {
  readonly #settings: SshSettings;
  readonly #log: (line: string) => void;
  #writing: Promise<void> = Promise.resolve();
  /** What was read last, and the state of the file that it was read from. */
  #file: { readonly state: string; readonly hosts: KnownHosts } | undefined;
  /** A look at the file that is under way. */
  #reading: Promise<KnownHosts> | undefined;

  constructor(settings: SshSettings, log: (line: string) => void) {
    this.#settings = settings;
    this.#log = log;
  }

  async checkOf(host: Login): Promise<HostKeyCheck> {
    const entries = entriesOf(await this.#readTogether(), host);
    const known = [...entries.own, ...entries.withoutPort].filter(({ isRevoked }) => !isRevoked);
    const types = new Set(known.map(({ type }) => type));
    const families = Object.entries(ALGORITHMS);
    const [first, later] = [
      families.filter(([type]) => types.has(type)),
      families.filter(([type]) => !types.has(type)),
    ];
    return {
      algorithms: [...first, ...later].flatMap(([, algorithms]) => algorithms),
      verify: (key) => this.#verify(host, key),
    };
  }

  async #verify(host: Login, key: Buffer): Promise<void> {
    if (this.#isKnown(host, key, await this.#readTogether())) return;
    if (this.#settings.hostKeys === 'strict') throw this.#unknown(host, key);
    const written = this.#writing.then(() => this.#writeDown(host, key));
    this.#writing = written.catch(() => undefined);
    await written;
  }

  /** True when it is the host's key, false when none is known. @throws {SlipwayError} when another one is. */
  #isKnown(host: Login, key: Buffer, all: KnownHosts): boolean {
    const { own: known, withoutPort } = entriesOf(all, host);
    const same = [...known, ...withoutPort].filter((entry) => entry.key.equals(key));
    const revoked = same.find(({ isRevoked }) => isRevoked);
    if (revoked !== undefined) throw this.#revoked(host, key, revoked);
    if (same.length > 0) return true;
    const other = known.find(({ isRevoked, type }) => !isRevoked && type === keyType(key));
    const instead =
      other ?? known.find(({ isRevoked, type }) => !isRevoked && Object.hasOwn(ALGORITHMS, type));
    if (instead !== undefined) throw this.#changed(host, key, instead);
    return false;
  }

  /** Reads the file again before it writes: another connection may have written the key meanwhile. */
  async #writeDown(host: Login, key: Buffer): Promise<void> {
    const { knownHosts } = this.#settings;
    if (this.#isKnown(host, key, await this.#read())) return;
    await mkdir(dirname(knownHosts), { recursive: true, mode: 0o700 });
    const file = await open(knownHosts, 'a+', 0o600);
    try {
      const { size } = await file.stat();
      const last = size === 0 ? '\n' : (await file.read(Buffer.alloc(1), 0, 1, size - 1)).buffer.toString();
      const line = `${knownHostName(host.address, host.port)} ${keyType(key)} ${key.toString('base64')}\n`;
      // A single write to a file opened for appending is not mixed with what other programs append.
      await file.write(last === '\n' ? line : `\n${line}`);
    } finally {
      await file.close();
    }
    this.#log(`${host.name}: ${fingerprint(key)} is new, and was written to ${knownHosts}`);
  }

  /** One look at the file for all hosts that need it meanwhile. */
  async #readTogether(): Promise<KnownHosts> {
    this.#reading ??= this.#read().finally(() => (this.#reading = undefined));
    return this.#reading;
  }

  /** Parsed once for all hosts, and again when the file has changed. */
  async #read(): Promise<KnownHosts> {
    const { knownHosts } = this.#settings;
    try {
      const { mtimeNs, size, ino } = await stat(knownHosts, { bigint: true });
      const state = [mtimeNs, size, ino].join(' ');
      if (this.#file?.state === state) return this.#file.hosts;
      const hosts = new KnownHosts(parseKnownHosts(await readFile(knownHosts, 'utf8')));
      this.#file = { state, hosts };
      return hosts;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new KnownHosts([]);
      throw error;
    }
  }

  #unknown(host: Login, key: Buffer): Error {
    const { knownHosts } = this.#settings;
    return unreachable(
      host,
      `its ${keyType(key)} host key ${fingerprint(key)} is not in ${knownHosts}`,
      `compare it with "ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub" on the host, then add it with "${this.#wayToAdd(host)}", or set ssh.hostKeys to accept-new`,
    );
  }

  /** ssh-keyscan goes through no bastion; a login does, and asks. */
  #wayToAdd(host: Login): string {
    const { knownHosts } = this.#settings;
    return host.bastions === undefined
      ? `ssh-keyscan -p ${host.port} ${host.address} >>${knownHosts}`
      : sshCommand(host).replace(/^ssh /, `ssh -o UserKnownHostsFile=${knownHosts} `);
  }

  #changed(host: Login, key: Buffer, known: KnownHost): Error {
    const { knownHosts } = this.#settings;
    return unreachable(
      host,
      `its host key has changed: it shows ${keyType(key)} ${fingerprint(key)}, but ${knownHosts}:${known.line} says ${known.type} ${fingerprint(known.key)}; somebody may be in between`,
      `if the machine was installed anew, forget the old key with "ssh-keygen -f ${knownHosts} -R '${knownHostName(host.address, host.port)}'"`,
    );
  }

  #revoked(host: Login, key: Buffer, known: KnownHost): Error {
    return unreachable(
      host,
      `its host key ${fingerprint(key)} is revoked by ${this.#settings.knownHosts}:${known.line}`,
      'give the host new keys: this one is known to others',
    );
  }
}

interface HostEntries {
  readonly own: readonly KnownHost[];
  /** A key that is listed without a port is accepted on other ports too, as by OpenSSH, but refutes no key there. */
  readonly withoutPort: readonly KnownHost[];
}

function entriesOf(all: KnownHosts, { address, port }: Login): HostEntries {
  const name = knownHostName(address, port);
  const bare = address.toLowerCase();
  return { own: all.named(name), withoutPort: name === bare ? [] : all.named(bare) };
}
