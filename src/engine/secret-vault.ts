import { type MadeSecret, Secret, type SecretSource } from '#core/secret.ts';
import { SlipwayError } from '#core/slipway-error.ts';
import type { Connection } from '#core/transport.ts';

const TIMEOUT_MS = 60_000;

/**
 * Gives secrets to steps. A secret that a host makes is made when the first step needs it, kept for the run, and
 * revoked at its end. If the controller dies first, it expires by itself.
 */
export class SecretVault {
  readonly #sources: ReadonlyMap<string, SecretSource>;
  readonly #connect: (host: string) => Promise<Connection>;
  readonly #made = new Map<string, Promise<Secret>>();

  constructor(sources: readonly SecretSource[], connect: (host: string) => Promise<Connection>) {
    this.#sources = new Map(sources.map((source) => [source.name, source]));
    this.#connect = connect;
  }

  async get(name: string): Promise<Secret> {
    const source = this.#sources.get(name);
    if (source === undefined) throw new TypeError(`no source for the secret ${name}`);
    if ('value' in source) return source.value;
    const made = this.#made.get(name) ?? this.#create(source);
    this.#made.set(name, made);
    // A failure is forgotten: for the next step, the API server may be up again.
    made.catch(() => this.#made.delete(name));
    return made;
  }

  /** Revokes what hosts made. @returns the names of those that could not be revoked; they expire by themselves. */
  async revokeAll(): Promise<readonly string[]> {
    const unrevoked: string[] = [];
    for (const [name, made] of this.#made) {
      const source = this.#sources.get(name);
      if (source === undefined || 'value' in source || source.revoke === undefined) continue;
      try {
        const value = await made;
        const connection = await this.#connect(source.host);
        const script = source.revoke(value.reveal());
        const { code } = await connection.execute({ script, via: 'stdin', timeoutMs: TIMEOUT_MS });
        if (code !== 0) unrevoked.push(name);
      } catch {
        unrevoked.push(name);
      }
    }
    this.#made.clear();
    return unrevoked;
  }

  async #create(source: MadeSecret): Promise<Secret> {
    const connection = await this.#connect(source.host);
    const result = await connection.execute({ script: source.create, via: 'stdin', timeoutMs: TIMEOUT_MS });
    if (result.code !== 0) {
      const why = result.stderr.trim().split('\n').at(-1) ?? '';
      throw new SlipwayError(`${source.host} could not make the secret ${source.name}: ${why}`, {
        code: 'secret-failed',
        host: source.host,
      });
    }
    return new Secret(source.read(result.stdout));
  }
}
