import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';

/** How a server is reached, beyond its address. */
export interface HttpTrust {
  /** The certificates of its authority, PEM; absent: those of this machine. */
  readonly ca?: string | undefined;
  /** Whether any certificate will do. */
  readonly skipVerify?: boolean | undefined;
}

export interface HttpGetOptions extends HttpTrust {
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** How long a server may keep silent. */
  readonly silenceMs: number;
}

const REDIRECTS = 5;

/**
 * Asks for a URL and follows where it leads; what tells who asks goes to no other server. fetch is not used, since it
 * knows no authority but those of this machine.
 *
 * @throws {Error} when there is no answer.
 */
export async function httpGet(url: string, options: HttpGetOptions): Promise<IncomingMessage> {
  let at = new URL(url);
  let { headers } = options;
  for (let left = REDIRECTS; ; left -= 1) {
    const response = await getOnce(at, { ...options, headers });
    const { statusCode = 0, headers: said } = response;
    if (![301, 302, 303, 307, 308].includes(statusCode) || said.location === undefined) return response;
    response.resume();
    if (left === 0) throw new Error('it leads from one place to the next without end');
    const next = new URL(said.location, at);
    if (next.origin !== at.origin) {
      const { authorization: _own, ...others } = headers;
      headers = others;
    }
    at = next;
  }
}

async function getOnce(
  url: URL,
  { headers, signal, silenceMs, ca, skipVerify }: HttpGetOptions,
): Promise<IncomingMessage> {
  const request = url.protocol === 'http:' ? requestHttp : requestHttps;
  return new Promise((resolve, reject) => {
    const asked = request(url, {
      headers,
      signal,
      timeout: silenceMs,
      ...(ca !== undefined && { ca }),
      ...(skipVerify === true && { rejectUnauthorized: false }),
    });
    asked.once('timeout', () => asked.destroy(new Error(`no answer for ${silenceMs / 1000} s`)));
    asked.once('error', reject);
    asked.once('response', resolve);
    asked.end();
  });
}

/** The whole of a short answer. @throws {Error} when it is longer. */
export async function bodyOf(response: IncomingMessage, limitBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limitBytes) throw new Error(`it is longer than ${limitBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
