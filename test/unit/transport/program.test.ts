import { EventEmitter, once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

import { describe, expect, it, type TestContext } from 'vitest';

import { follow } from '#transport/program.ts';

/** More than a program that has ended may keep its pipes open in silence. */
const LONG_MS = 1300;

/** A pipe of this machine's kernel, both of whose ends are here. */
async function pipe({ onTestFinished }: TestContext): Promise<readonly [write: Socket, read: Socket]> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const read = connect(typeof address === 'object' && address !== null ? address.port : 0, '127.0.0.1');
  const [write] = (await once(server, 'connection')) as [Socket];
  onTestFinished(() => {
    write.destroy();
    read.destroy();
    server.close();
  });
  return [write, read];
}

/** As a process that gets no processor: nothing is read meanwhile. */
function busy(forMs: number): void {
  const until = performance.now() + forMs;
  while (performance.now() < until);
}

describe('a program that is followed to its end', () => {
  it('is read whole, also where this process had no time to read for long', async (context) => {
    const [write, read] = await pipe(context);
    const source = new EventEmitter();
    const { ended } = follow(source, [read], () => undefined);
    let printed = '';
    read.setEncoding('utf8').on('data', (text: string) => (printed += text));
    source.emit('exit', 0);
    write.write('the last line\n');
    busy(LONG_MS);
    expect(await ended).toEqual({ ended: 'exit', code: 0 });
    expect(printed).toBe('the last line\n');
  });

  it('is left once its pipes are silent, which something in the background may hold open', async (context) => {
    const [, read] = await pipe(context);
    const source = new EventEmitter();
    const { ended } = follow(source, [read], () => undefined);
    read.resume();
    source.emit('exit', 0);
    expect(await ended).toEqual({ ended: 'exit', code: 0 });
    expect(read.readableEnded).toBe(false);
  });
});
