import { type Socket, connect, createServer } from 'node:net';

export interface DelayLine {
  readonly port: number;
  /** How often the near side has spoken after it had heard something: round trips, the TCP handshake's apart. */
  readonly turns: () => number;
  readonly close: () => Promise<void>;
}

/** A port whose bytes reach another one only after a while, in both directions. */
export async function delayLine(target: number, delayMs: number): Promise<DelayLine> {
  const sockets = new Set<Socket>();
  let turns = 0;
  let hasHeard = false;
  const server = createServer((near) => {
    const far = connect(target, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.setNoDelay(true);
      from.on('data', (chunk) => {
        if (from === near && hasHeard) turns += 1;
        if (from === near) hasHeard = false;
        setTimeout(() => {
          if (to === near) hasHeard = true;
          to.write(chunk);
        }, delayMs);
      });
      from.on('close', () => setTimeout(() => to.end(), delayMs));
      from.on('error', () => undefined);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('no port');
  return {
    port: address.port,
    turns: () => turns,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
