import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { get as getHttp, type IncomingMessage, type ServerResponse } from 'node:http';
import { get as getHttps } from 'node:https';
import { finished } from 'node:stream/promises';

const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'upgrade',
]);

/** Passes a GET on to `url` and its answer back; a whole answer of 200 is also kept in the file `keepAs`. */
export async function forward(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  keepAs?: string,
): Promise<void> {
  const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => !hopByHop.has(name)));
  const get = url.protocol === 'https:' ? getHttps : getHttp;
  const upstream = get(url, { headers: { ...headers, host: url.host }, method: request.method ?? 'GET' });
  response.on('close', () => response.writableFinished || upstream.destroy());
  const { promise, resolve } = Promise.withResolvers<void>();
  upstream.on('error', (error) => {
    if (response.headersSent) response.destroy();
    else response.writeHead(502).end(error.message);
    resolve();
  });
  upstream.on('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
    answer.on('error', () => response.destroy());
    const isWhole =
      answer.statusCode === 200 && request.headers.range === undefined && request.method === 'GET';
    const kept = keepAs !== undefined && isWhole ? keep(answer, keepAs) : Promise.resolve();
    kept.then(resolve, resolve);
  });
  await promise;
}

/** Writes an answer to `path`, which appears only once it is there in full. */
async function keep(answer: IncomingMessage, path: string): Promise<void> {
  const temporary = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}.tmp`;
  const file = createWriteStream(temporary);
  answer.pipe(file);
  answer.on('close', () => answer.complete || file.destroy());
  try {
    await finished(file);
    await rename(temporary, path);
  } catch {
    await rm(temporary, { force: true });
  }
}
