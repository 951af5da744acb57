// slipway's connections without the rest of it: each host is connected to, asked by one program, and left:
//   node connections-run.ts HOSTS PROGRAM CONCURRENCY
import { readFile } from 'node:fs/promises';
import { argv, resourceUsage } from 'node:process';

import type { Host, SshSettings } from '#core/cluster.ts';
import type { Script } from '#core/shell.ts';

import { startAsLaunched } from './as-launched.ts';

startAsLaunched();
const { boundGarbage } = await import('../../src/cli/bound-garbage.ts');
boundGarbage();
const { Semaphore } = await import('#core/semaphore.ts');
const { sshTransport } = await import('#transport/ssh-transport.ts');

const TIMEOUT_MS = 60_000;

const [, , hosts = '', program = '', concurrency = '50'] = argv;
const { ssh, defaults, addresses } = JSON.parse(await readFile(hosts, 'utf8')) as {
  readonly ssh: Pick<SshSettings, 'knownHosts'>;
  readonly defaults: Pick<Host, 'user' | 'port' | 'identityFile'>;
  readonly addresses: readonly string[];
};
const script = (await readFile(program, 'utf8')) as Script;
const settings: SshSettings = { ...ssh, hostKeys: 'strict', connectTimeoutMs: TIMEOUT_MS };
const transport = sshTransport({ settings, env: {} });
const slots = new Semaphore(Number(concurrency));
let whole = 0;
let executions = 0;
await Promise.all(
  addresses.map((address) =>
    slots.run(async () => {
      // What else an inventory says of a host is nothing to its connection.
      const host = { ...defaults, name: address, address, become: true } as Host;
      const connection = await transport.connect(host);
      const { stdout } = await connection.execute({ script, via: 'argument', timeoutMs: TIMEOUT_MS });
      if (stdout.endsWith('@end\n')) whole += 1;
      executions += connection.executions;
      await connection.close();
    }),
  ),
);
process.stdout.write(`${JSON.stringify({ whole, executions, residentMb: resourceUsage().maxRSS / 1000 })}\n`);
