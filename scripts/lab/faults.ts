import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** Which requests go wrong, and for how long: the next `times` of them (default: all). */
export interface FaultTarget {
  /** Matched against the path as the client wrote it, query included. */
  readonly path: RegExp;
  readonly times?: number;
  /** The address of the one client it happens to; default: everyone. */
  readonly client?: string;
}

type Effect =
  | { readonly status: number }
  | { readonly delayMs: number }
  | { readonly body: string | Buffer }
  | { readonly afterBytes: number };

/** Faults that a test plants in the lab's web server and Debian mirror. */
export class Faults {
  #planted: { target: FaultTarget; effect: Effect; left: number }[] = [];

  /** Answers with `status` and no content. */
  fail(options: FaultTarget & { readonly status: number }): void {
    this.#plant(options, { status: options.status });
  }

  /** Answers correctly, `delayMs` later. */
  delay(options: FaultTarget & { readonly delayMs: number }): void {
    this.#plant(options, { delayMs: options.delayMs });
  }

  /** Answers 200 with another body. */
  replace(options: FaultTarget & { readonly body: string | Buffer }): void {
    this.#plant(options, { body: options.body });
  }

  /** Promises a whole body and breaks the connection after `afterBytes` of it. */
  breakOff(options: FaultTarget & { readonly afterBytes: number }): void {
    this.#plant(options, { afterBytes: options.afterBytes });
  }

  clear(): void {
    this.#planted = [];
  }

  /** Lets a planted fault happen to this request; true when it has been answered by that. */
  async happen(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const fault = this.#planted.find(({ target, left }) => left > 0 && isTarget(target, request));
    if (fault === undefined) return false;
    fault.left -= 1;
    const { effect } = fault;
    if ('delayMs' in effect) {
      await sleep(effect.delayMs);
      return false;
    }
    if ('status' in effect) response.writeHead(effect.status).end();
    if ('body' in effect)
      response.writeHead(200, { 'content-length': Buffer.byteLength(effect.body) }).end(effect.body);
    if ('afterBytes' in effect) breakOffAfter(response, effect.afterBytes);
    return true;
  }

  #plant(target: FaultTarget, effect: Effect): void {
    this.#planted.push({ target, effect, left: target.times ?? Number.POSITIVE_INFINITY });
  }
}

function isTarget(target: FaultTarget, request: IncomingMessage): boolean {
  if (target.client !== undefined && clientOf(request) !== target.client) return false;
  return target.path.test(request.url ?? '');
}

function breakOffAfter(response: ServerResponse, bytes: number): void {
  response.writeHead(200, { 'content-length': bytes + 1_000_000 });
  response.write(Buffer.alloc(bytes), () => response.destroy());
}

export function clientOf(request: IncomingMessage): string {
  return (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
}
