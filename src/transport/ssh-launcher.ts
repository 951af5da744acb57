import type { Duplex } from 'node:stream';

import type { Client, ClientChannel } from 'ssh2';

import { ConnectionLost } from '#core/execution-error.ts';

import { type Launcher, NoMoreSessions, type Program, follow } from './program.ts';

/** How long the end of the connection may take to be sent. */
const GOODBYE_MS = 1000;

/** Starts command lines on one SSH connection, each on a channel of its own. */
export class SshLauncher implements Launcher {
  readonly #host: string;
  readonly #client: Client;
  readonly #socket: Duplex;
  readonly #closed: Promise<void>;
  #lastError: string | undefined;
  lostBecause: string | undefined;

  constructor(host: string, client: Client, socket: Duplex) {
    this.#host = host;
    this.#client = client;
    this.#socket = socket;
    client.on('error', (error: Error) => {
      this.#lastError = plain(error);
    });
    this.#closed = new Promise((resolve) => {
      client.once('close', () => {
        this.lostBecause ??= this.#lastError ?? 'the host closed it';
        resolve();
      });
    });
  }

  /** Settles when the connection has ended. */
  get closed(): Promise<void> {
    return this.#closed;
  }

  launch(commandLine: string): Promise<Program> {
    return new Promise((resolve, reject) => {
      try {
        this.#client.exec(commandLine, (error: Error | undefined, channel: ClientChannel) => {
          if (error) reject(this.#refusal(error));
          else resolve(this.#programOf(channel));
        });
      } catch (error) {
        // What ssh2 throws when it knows that the socket is gone.
        reject(this.#refusal(error as Error));
      }
    });
  }

  /** @see https://www.rfc-editor.org/rfc/rfc4254#section-7.2 (direct-tcpip) */
  forward(address: string, port: number): Promise<Duplex> {
    return new Promise((resolve, reject) => {
      try {
        this.#client.forwardOut('127.0.0.1', 0, address, port, (error, channel) => {
          if (error) reject(this.lostBecause === undefined ? new Error(plain(error)) : this.#refusal(error));
          else resolve(channel);
        });
      } catch (error) {
        reject(this.#refusal(error as Error));
      }
    });
  }

  /** Sends the end of the connection, and does not wait for the answer: that would cost one more round trip. */
  async close(): Promise<void> {
    if (this.lostBecause !== undefined) return;
    this.lostBecause = 'it was closed';
    const hangUp = (): void => void this.#socket.destroy();
    this.#socket.once('finish', hangUp);
    this.#client.end();
    const limit = setTimeout(hangUp, GOODBYE_MS);
    await this.#closed;
    clearTimeout(limit);
  }

  /** To be called in the callback itself: the channel may end in the same packet that opened it. */
  #programOf(channel: ClientChannel): Program {
    channel.on('error', () => undefined);
    const { ended, lingerNoLonger } = follow(channel, [channel, channel.stderr], () => this.lostBecause);
    const abandon = (): void => {
      channel.close();
      lingerNoLonger();
    };
    return { stdin: channel, stdout: channel, stderr: channel.stderr, ended, abandon };
  }

  #refusal(error: Error): Error {
    // https://www.rfc-editor.org/rfc/rfc4254#section-5.1: the server gives a reason for a channel that it did not open.
    const { reason } = error as Error & { readonly reason?: unknown };
    if (typeof reason === 'number') return new NoMoreSessions(plain(error));
    return new ConnectionLost(this.#host, this.lostBecause ?? this.#lastError ?? plain(error));
  }
}

const plain = ({ message }: Error): string =>
  /keepalive timeout/i.test(message) ? 'the host no longer answers' : message.replace(/^\(SSH\) /, '');
