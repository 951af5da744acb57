import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import type { SshSettings } from '#core/cluster.ts';
import { HostKeys } from '#transport/host-keys.ts';

import { testHost } from '../../contracts/test-host.ts';
import { scratchDirectory } from '../../support/scratch-directory.ts';

const field = (text: string | Buffer): Buffer => {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([0, 0, 0, bytes.length]), bytes]);
};
const key = Buffer.concat([field('ssh-ed25519'), field(Buffer.alloc(32, 7))]);
const line = `h1 ssh-ed25519 ${key.toString('base64')}\n`;
const host = testHost({ address: 'h1', port: 22 });

const keysIn = (knownHosts: string, hostKeys: SshSettings['hostKeys'] = 'strict'): HostKeys =>
  new HostKeys({ knownHosts, hostKeys } as SshSettings, () => undefined);

describe('host keys', () => {
  it('that were added to the file after a look at it are seen by the next', async () => {
    const path = join(await scratchDirectory(), 'known_hosts');
    await writeFile(path, '');
    const keys = keysIn(path);
    const [{ verify }] = await Promise.all([keys.checkOf(host), keys.checkOf(host)]);
    await expect(verify(key)).rejects.toMatchObject({ code: 'host-unreachable' });
    await appendFile(path, line);
    await expect(verify(key)).resolves.toBeUndefined();
  });

  it('that many hosts show at once are looked for together, and each is written down once', async () => {
    const path = join(await scratchDirectory(), 'known_hosts');
    const keys = keysIn(path, 'accept-new');
    const checks = await Promise.all(Array.from({ length: 5 }, () => keys.checkOf(host)));
    await Promise.all(checks.map(({ verify }) => verify(key)));
    expect(await readFile(path, 'utf8')).toBe(line);
    expect((await keysIn(path).checkOf(host)).algorithms[0]).toBe('ssh-ed25519');
  });
});
