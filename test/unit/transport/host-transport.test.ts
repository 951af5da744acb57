import { expect, test } from 'vitest';

import { sh } from '#core/shell.ts';
import { hostTransport } from '#transport/host-transport.ts';

import { testHost } from '../../contracts/test-host.ts';

const SETTINGS = { knownHosts: '/nowhere', hostKeys: 'strict', connectTimeoutMs: 1000 } as const;
/** Nothing listens there: what runs has not come by SSH. */
const host = testHost({ connection: 'local', port: 1, become: true });

test('a local host is this machine, and its programs run as whoever runs slipway', async () => {
  const connection = await hostTransport({ settings: SETTINGS, env: { USER: 'root' } }).connect(host);
  const script = sh`echo $$; echo $PPID`;
  const { code, stdout } = await connection.execute({ script, via: 'argument', timeoutMs: 10_000 });
  expect([code, stdout.split('\n')]).toEqual([0, [expect.stringMatching(/^\d+$/), expect.any(String), '']]);
  await connection.close();
});

test('a host is else reached by SSH', async () => {
  const { connection: _, ...remote } = host;
  const transport = hostTransport({ settings: SETTINGS, env: { USER: 'root' } });
  await expect(transport.connect({ ...remote, identityFile: '/nowhere/id' })).rejects.toMatchObject({
    code: 'host-unreachable',
  });
});
