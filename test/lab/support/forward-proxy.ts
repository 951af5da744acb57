// A proxy for http, as small as one can be: what is not on its own machine it asks another proxy for. Prints its port once it
// listens, and each request as it comes:
//   node test/lab/support/forward-proxy.ts http://10.88.0.1:3142
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import process, { argv } from 'node:process';

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const next = new URL(argv[2] ?? '');

const server = createServer(({ method = 'GET', url = '', headers, socket }, outgoing) => {
  say(`${socket.remoteAddress ?? ''} ${method} ${url}`);
  const { hostname, port, pathname, search } = new URL(url);
  const isHere = hostname === next.hostname;
  const target = isHere
    ? { hostname, port, path: `${pathname}${search}` }
    : { hostname: next.hostname, port: next.port, path: url };
  request({ ...target, method, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  })
    .on('error', () => outgoing.writeHead(502).end())
    .end();
});
server.listen(0, () => say(String((server.address() as AddressInfo).port)));
