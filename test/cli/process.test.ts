import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { cp, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

import manifest from '../../package.json' with { type: 'json' };
import { scratchDirectory } from '../support/scratch-directory.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const launcher = `${root}bin/slipway.cjs`;

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs slipway as a process of its own. */
const slipway = (argv: readonly string[], node = process.execPath, flags: readonly string[] = []): Ended =>
  spawnSync(node, [...flags, launcher, ...argv], { cwd: root, encoding: 'utf8', env: { PATH: '' } });

/** One host that takes connections and never says a word. */
const silentInventory = (port: number): string => `cluster: {name: silent}
network: {plugin: none}
kubernetes:
  version: 1.34.9
hosts:
  - {name: cp1, address: 127.0.0.1, port: ${port}, role: control-plane, nodeIp: 10.0.0.11, password: {env: SILENT_PASSWORD}}
`;

describe('process', () => {
  test('prints its version', () => {
    expect(slipway(['--version'])).toMatchObject({ status: 0, stdout: `${manifest.version}\n`, stderr: '' });
  });

  test('prints its help', () => {
    expect(slipway(['--help']).stdout).toContain('Usage: slipway');
  });

  test.skipIf(process.getuid?.() !== 0)('runs for a user that has no name and no home', () => {
    const options = { cwd: root, encoding: 'utf8', env: { PATH: '' }, uid: 4711, gid: 4711 } as const;
    const { status, stdout, stderr } = spawnSync(process.execPath, [launcher, 'plan', '--offline'], options);
    expect({ status, stderr }).toMatchObject({
      status: 0,
      stderr: expect.not.stringContaining('Error') as string,
    });
    expect(stdout).toMatch(/^Plan: \d+ to change, /m);
  });

  test('exits with 3 for what it does not know', () => {
    const { status, stderr } = slipway(['aply']);
    expect(status).toBe(3);
    expect(stderr).toBe("Error: unknown command 'aply'\nHint: did you mean apply?\n");
  });

  test('reads an inventory from standard input, where paths are of the working directory', () => {
    const { status, stdout } = spawnSync(process.execPath, [launcher, 'validate', '-i', '-'], {
      cwd: root,
      encoding: 'utf8',
      env: { PATH: '' },
      input: readFileSync(`${root}inventory.yaml`),
    });
    expect([status, stdout]).toEqual([0, expect.stringMatching(/^<stdin> is valid: cluster example, /)]);
    const wrong = spawnSync(process.execPath, [launcher, 'plan', '--offline', '-i', '-'], {
      cwd: root,
      encoding: 'utf8',
      env: { PATH: '' },
      input: 'kubernetes: {version: "1.35.8"}\nhosts: [{name: cp1, rol: worker}]\n',
    });
    expect(wrong.status).toBe(3);
    expect(wrong.stderr).toContain('<stdin>:2:21: hosts[0]: unknown key "rol"');
  });

  test('prints a new inventory on standard output where that is to be the file', () => {
    const { status, stdout } = slipway(['init', '-i', '-', '--control-planes', 'cp1=10.0.0.11']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^hosts:$/m);
    expect(existsSync(`${root}-`)).toBe(false);
  });

  test('exits with 3 for an inventory that is not there', () => {
    const { status, stderr } = slipway(['validate', '-i', 'nowhere.yaml']);
    expect(status).toBe(3);
    expect(stderr).toContain('nowhere.yaml');
    expect(stderr).not.toContain('    at ');
  });

  test('plans the example offline', () => {
    const { status, stdout } = slipway(['plan', '--offline']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^Plan: \d+ to change, /m);
  });

  test('plans hosts that are called like words of its own', async () => {
    const names = ['answer', 'host', 'outcome', 'why', 'steps', 'none', '1a'];
    const hosts = names
      .map((name, index) => `  - {name: '${name}', address: 10.0.0.${index + 21}}\n`)
      .join('');
    const inventory = join(await scratchDirectory(), 'inventory.yaml');
    await writeFile(
      inventory,
      `${silentInventory(22).replace('password: {env: SILENT_PASSWORD}', '')}${hosts}`,
    );
    const { status, stdout } = slipway(['plan', '--offline', '-i', inventory]);
    expect(status).toBe(0);
    expect(stdout).toContain(`\n${names.join(', ')} (7 hosts, the same changes)\n`);
    expect(stdout).toContain(
      'sysctl:net.ipv4.ip_forward                  after a reboot: 1, live value: 1\n',
    );
    expect(stdout).toMatch(
      /node-ready:<host> \(on cp1\) +Ready: False -> True, only waited for, after join\n/,
    );
    expect(stdout).not.toContain('undefined');
  });

  test('loads neither SSH, schemas nor the live view to say its version', () => {
    const trace =
      "data:text/javascript,import{registerHooks}from'node:module';registerHooks({resolve(s,c,n){const r=n(s,c);process.stderr.write(r.url+'\\n');return r}})";
    expect(slipway(['--version'], process.execPath, ['--import', trace]).stderr).not.toContain('/commander/');
    const { stderr } = slipway(['version'], process.execPath, ['--import', trace]);
    expect(stderr).toContain('/commander/');
    expect(stderr).not.toMatch(/\/(ajv|ssh2|node-ssh|listr2|yaml|diff)\//);
  });

  test('is quiet when its reader goes away', async () => {
    const child = spawn(process.execPath, [launcher, 'plan', '--offline', '--format', 'json'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.stdout.destroy();
    const status = await new Promise((resolve) => child.on('close', resolve));
    expect(status).toBe(0);
    expect(stderr).not.toContain('EPIPE');
  });

  test('goes on when nobody reads what it says beside its result', async () => {
    const child = spawn(process.execPath, [launcher, 'plan', '--offline'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stderr.destroy();
    let stdout = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    const status = await new Promise((resolve) => child.on('close', resolve));
    expect(status).toBe(0);
    expect(stdout).toMatch(/^Plan: \d+ to change, /m);
  });

  test.skipIf(!existsSync('/dev/full')).each([[['validate']], [['plan', '--offline']], [['--help']]])(
    'says that its result cannot be written: %j',
    async (argv) => {
      const full = openSync('/dev/full', 'w');
      const { status, stderr } = spawnSync(process.execPath, [launcher, ...argv], {
        cwd: root,
        encoding: 'utf8',
        stdio: ['ignore', full, 'pipe'],
      });
      closeSync(full);
      expect(status).toBe(1);
      expect(stderr).toMatch(/^Error: cannot write to standard output: .*no space left on device/m);
      expect(stderr).not.toMatch(/^ {4}at |Interrupted/m);
    },
  );

  const older = ['/usr/bin/node', '/usr/local/bin/node'].find(
    (path) =>
      existsSync(path) && /^v2[01]\./.test(spawnSync(path, ['--version'], { encoding: 'utf8' }).stdout),
  );

  test.skipIf(older === undefined)('is started by an older Node through a newer one', () => {
    expect(slipway(['version'], older)).toMatchObject({ status: 0, stdout: `slipway ${manifest.version}\n` });
    expect(slipway(['aply'], older).status).toBe(3);
  });

  test('without its dependencies says how to get them', async () => {
    const directory = await scratchDirectory();
    for (const file of ['bin/slipway.cjs', 'package.json', 'src/main.ts'])
      await cp(join(root, file), join(directory, file));
    const { status, stderr } = spawnSync(process.execPath, [join(directory, 'bin', 'slipway.cjs')], {
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stderr).toBe(`Error: the dependencies are not installed\nHint: run npm ci in ${directory}/\n`);
  });

  test('that is told to end while it waits for a host ends with 130', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const directory = await scratchDirectory();
    const inventory = join(directory, 'inventory.yaml');
    await writeFile(inventory, silentInventory(port));
    const argv = [launcher, 'plan', '--inventory', inventory, '--only', 'swap'];
    const env = { ...process.env, SILENT_PASSWORD: 'unheard' };
    const child = spawn(process.execPath, argv, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    server.once('connection', () => child.kill('SIGTERM'));
    const status = await new Promise((resolve) => child.on('close', resolve));
    server.close();
    expect(status, stderr).toBe(130);
    expect(stderr).toContain('Interrupted.');
  });
});
