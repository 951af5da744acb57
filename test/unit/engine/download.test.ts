import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { expect, onTestFinished, test } from 'vitest';

import { pinnedArtifact } from '#core/artifact.ts';
import type { RunEvent } from '#core/event.ts';
import { fetchArtifacts } from '#engine/artifacts.ts';
import { download } from '#engine/download.ts';
import { fileFetcher } from '#engine/fetch-file.ts';

async function serve(answer: RequestListener): Promise<{ readonly server: Server; readonly url: string }> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/file` };
}

function options(signal = new AbortController().signal) {
  const events: RunEvent[] = [];
  return {
    events,
    timeoutMs: 5000,
    hint: 'a hint',
    signal,
    pausesMs: [1, 2],
    listener: (event: RunEvent) => events.push(event),
  };
}

test('a cache that cannot be written fails nothing: what is fetched is used, and fetched again', async () => {
  let asked = 0;
  const { url } = await serve((_request, response) => {
    asked += 1;
    response.end('content');
  });
  // No directory can be made below a device; a full disk refuses as well.
  const given = { ...options(), cache: '/dev/null/cache' };
  const sha256 = createHash('sha256').update('content').digest('hex');
  expect(await fileFetcher(given)({ url, sha256 })).toBe(Buffer.from('content').toString('base64'));
  const ref = pinnedArtifact({ location: url, sha256 });
  expect([...(await fetchArtifacts([ref], given)).values()]).toEqual(['content']);
  expect(asked).toBe(2);
});

test('a fault of the server passes, and is said', async () => {
  let asked = 0;
  const { url } = await serve((_request, response) => {
    asked += 1;
    response.writeHead(asked === 1 ? 503 : 200).end(asked === 1 ? '' : 'content');
  });
  const given = options();
  expect((await download(url, given)).toString()).toBe('content');
  expect(given.events).toEqual([
    { event: 'fetching', location: url },
    {
      event: 'fetch-retried',
      location: url,
      why: 'HTTP 503 Service Unavailable',
      pauseMs: 1,
      attempt: 2,
    },
    { event: 'fetched', location: url },
  ]);
});

test('a file that is not there is not asked for twice', async () => {
  let asked = 0;
  const { url } = await serve((_request, response) => {
    asked += 1;
    response.writeHead(404).end();
  });
  await expect(download(url, options())).rejects.toMatchObject({
    message: `cannot fetch ${url}: HTTP 404 Not Found`,
    hint: 'a hint',
  });
  expect(asked).toBe(1);
});

test('a body that breaks off is fetched again', async () => {
  let asked = 0;
  const { url } = await serve((_request, response) => {
    asked += 1;
    response.writeHead(200, { 'content-length': 7 });
    if (asked > 1) response.end('content');
    else response.write('con', () => response.destroy());
  });
  const given = options();
  expect((await download(url, given)).toString()).toBe('content');
  expect(given.events.map(({ event }) => event)).toEqual(['fetching', 'fetch-retried', 'fetched']);
});

test('an interrupted run does not wait for a silent server', async () => {
  const { server, url } = await serve(() => undefined);
  const interruption = new AbortController();
  const downloading = download(url, options(interruption.signal));
  await once(server, 'request');
  interruption.abort();
  await expect(downloading).rejects.toMatchObject({ name: 'AbortError' });
});
