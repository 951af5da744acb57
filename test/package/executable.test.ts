import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import manifest from '../../package.json' with { type: 'json' };
import { Sshd, sshdIsMissing } from '../contracts/sshd.ts';
import { type Ended, run } from './support.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const isX64Linux = process.platform === 'linux' && process.arch === 'x64';

describe.skipIf(!isX64Linux)('the single executable', { timeout: 60_000 }, () => {
  let directory: string;
  /** It and the clone, in a folder that has no Node to be found. */
  const alone = (...argv: readonly string[]): Ended =>
    run(['env', '-i', `HOME=${directory}`, 'PATH=/nowhere', join(directory, 'slipway'), ...argv], directory);
  const clone = (...argv: readonly string[]): Ended =>
    run([process.execPath, join(root, 'bin', 'slipway.cjs'), ...argv], directory);

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'slipway-executable-'));
    await cp(join(root, 'inventory.yaml'), join(directory, 'inventory.yaml'));
    const script = join(root, 'scripts', 'executable.ts');
    const { status, stderr } = run([process.execPath, script, join(directory, 'slipway')], root);
    if (status !== 0) throw new Error(`scripts/executable.ts: ${stderr}`);
  }, 120_000);
  afterAll(() => rm(directory, { recursive: true, force: true }));

  test('says and plans what the clone does, without Node', () => {
    expect(alone('--version')).toEqual({ status: 0, stdout: `${manifest.version}\n`, stderr: '' });
    for (const argv of [
      ['validate'],
      ['plan', '--offline'],
      ['plan', '--offline', '--format', 'html'],
      ['completion', 'bash'],
      ['aply'],
    ])
      expect(alone(...argv), argv.join(' ')).toEqual(clone(...argv));
  });

  test('reads standard input, and takes nothing from NODE_OPTIONS', () => {
    const said = 'Host cp1\n  HostName 10.0.0.11\n  User vagrant\n';
    const shell = `printf %s "$0" | NODE_OPTIONS=--no-such-flag ./slipway import vagrant`;
    const { status, stdout, stderr } = run(['sh', '-c', shell, said], directory);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('10.0.0.11');
  });

  test.skipIf(sshdIsMissing !== undefined)(
    'asks a host over SSH, and plans what the clone plans',
    async () => {
      const sshd = await Sshd.start();
      try {
        const inventory = {
          cluster: { name: 'executable' },
          kubernetes: { version: '1.36.4' },
          ssh: { knownHosts: sshd.path('known_hosts') },
          hosts: [
            {
              name: 'cp1',
              role: 'control-plane',
              address: '127.0.0.1',
              nodeIp: '10.0.0.11',
              port: sshd.port,
              user: 'root',
              identityFile: sshd.path('client'),
            },
          ],
        };
        await writeFile(join(directory, 'host.yaml'), JSON.stringify(inventory));
        // What needs nothing from the internet.
        const argv = ['plan', '-i', 'host.yaml', '--only', 'kernel', '--verbose'];
        const [own, other] = [alone(...argv), clone(...argv)];
        expect([own.status, own.stdout], own.stderr).toEqual([other.status, other.stdout]);
        expect(own.stdout).toContain('kernel-module:overlay');
      } finally {
        await sshd.stop();
      }
    },
    60_000,
  );
});
