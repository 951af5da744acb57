import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { loginMeans } from '#transport/login-means.ts';
import { scratchDirectory } from '../../support/scratch-directory.ts';

const NOTHING = { isAgentNamed: false, agentKeys: 0, files: [], locked: [] };

const make = (path: string | undefined, type: string, passphrase: string): void => {
  execFileSync('ssh-keygen', ['-q', '-t', type, '-N', passphrase, '-f', path ?? '']);
};

test('login means are the usual keys, those that are locked apart', async () => {
  const home = await scratchDirectory();
  const [open, locked, broken] = ['id_ed25519', 'id_ecdsa', 'id_rsa'].map((name) => join(home, '.ssh', name));
  await mkdir(join(home, '.ssh'));
  make(open, 'ed25519', '');
  make(locked, 'ecdsa', 'a passphrase');
  await writeFile(broken ?? '', 'no key\n');
  expect(await loginMeans({ HOME: home })).toEqual({ ...NOTHING, files: [open], locked: [locked] });
});

test('login means are none without a home, and with an agent that is gone', async () => {
  expect(await loginMeans({})).toEqual(NOTHING);
  const gone = join(await scratchDirectory(), 'agent');
  expect(await loginMeans({ SSH_AUTH_SOCK: gone })).toEqual({ ...NOTHING, isAgentNamed: true });
});
