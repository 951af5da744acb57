// Asks several API servers again and again whether they are ready, until it is told to end. Then it prints, as JSON, how
// often it asked, for how long how many were away at a time, and the most that were.
//
//   node watch-api-servers.ts ADDRESS...
import { request } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';

const PAUSE_MS = 100;
/** One that is only slow is not away; one that is stopped refuses at once. */
const TIMEOUT_MS = 8000;

const addresses = process.argv.slice(2);
const ready = new Map(addresses.map((address) => [address, true]));
const awayMs = addresses.map(() => 0).concat(0);
let [looks, mostAway, since] = [0, 0, performance.now()];

process.on('SIGTERM', () => {
  count();
  process.stdout.write(JSON.stringify({ looks, mostAway, awayMs }));
  process.exit(0);
});
await Promise.all(addresses.map(watch));

async function watch(address: string): Promise<never> {
  for (;;) {
    const isReady = await ask(address);
    looks += 1;
    if (isReady !== ready.get(address)) {
      count();
      ready.set(address, isReady);
      mostAway = Math.max(mostAway, away());
    }
    await sleep(PAUSE_MS);
  }
}

/** Takes down how many have been away since it was last asked. */
function count(): void {
  const now = performance.now();
  awayMs[away()] = (awayMs[away()] ?? 0) + Math.round(now - since);
  since = now;
}

function away(): number {
  return [...ready.values()].filter((isReady) => !isReady).length;
}

function ask(host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request(
      { host, port: 6443, path: '/readyz', rejectUnauthorized: false, timeout: TIMEOUT_MS, agent: false },
      (response) => {
        response.resume();
        resolve(response.statusCode === 200);
      },
    );
    asked.on('timeout', () => asked.destroy());
    asked.on('error', () => resolve(false));
    asked.end();
  });
}
