// What stands before the API servers of several control planes: passes each TCP connection on to the first of the
// servers that takes it. It says `listening`, and runs until it is killed.
//
//   node load-balancer.ts ADDRESS PORT SERVER-ADDRESS...
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';

const CONNECT_TIMEOUT_MS = 500;

const [address = '', port = '', ...servers] = process.argv.slice(2);

const balancer = createServer({ pauseOnConnect: true }, (client) => {
  client.on('error', () => client.destroy());
  void join(client);
});
balancer.listen(Number(port), address, () => process.stdout.write('listening\n'));

async function join(client: Socket): Promise<void> {
  for (const server of servers) {
    const upstream = await connected(server);
    if (upstream === undefined) continue;
    client.once('close', () => upstream.destroy());
    upstream.once('close', () => client.destroy());
    client.pipe(upstream).pipe(client);
    client.resume();
    return;
  }
  client.destroy();
}

/** A server whose host is off says nothing at all. */
async function connected(server: string): Promise<Socket | undefined> {
  const socket = connect(Number(port), server);
  socket.on('error', () => socket.destroy());
  const isOpen = once(socket, 'connect').then(
    () => true,
    () => false,
  );
  // What came while this process had to wait for the machine is read before it is judged.
  const isLate = sleep(CONNECT_TIMEOUT_MS).then(() => setImmediate(!socket.connecting && !socket.destroyed));
  if (await Promise.race([isOpen, isLate])) return socket;
  socket.destroy();
  return undefined;
}
