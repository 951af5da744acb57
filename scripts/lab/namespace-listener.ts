// The child of listen-in-namespace.ts: node namespace-listener.ts HOST PORT...
import { once } from 'node:events';
import { createServer } from 'node:net';

const [host = '', ...ports] = process.argv.slice(2);
for (const port of ports) {
  const server = createServer();
  server.listen({ host, port: Number(port) });
  await once(server, 'listening');
  await new Promise((resolve) => process.send?.({ port }, server, {}, resolve));
  server.close();
}
process.disconnect();
