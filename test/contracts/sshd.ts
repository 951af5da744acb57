import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Host, SshSettings } from '#core/cluster.ts';

import { freePort } from '../../scripts/lab/free-port.ts';
import { testHost } from './test-host.ts';

const SSHD = '/usr/sbin/sshd';

/** Why there can be no sshd here; undefined where there can. */
export const sshdIsMissing: string | undefined = !existsSync(SSHD)
  ? 'there is no /usr/sbin/sshd: install openssh-server'
  : process.getuid?.() === 0
    ? undefined
    : 'it takes root to start an sshd that lets root in';

/** For titles of skipped suites. */
export const whyNotSshd = sshdIsMissing === undefined ? '' : ` (${sshdIsMissing})`;

/** Private and public, once one was made. */
let rsaHostKey: readonly Buffer[] | undefined;

/** A real OpenSSH server on 127.0.0.1, with keys and configuration of its own. */
export class Sshd {
  readonly directory: string;
  readonly port: number;
  readonly #config: readonly string[];
  #process: ChildProcess | undefined;

  private constructor(directory: string, port: number, config: readonly string[]) {
    this.directory = directory;
    this.port = port;
    this.#config = config;
  }

  /** @param config further lines of sshd_config; they win over the usual ones. */
  static async start(config: readonly string[] = []): Promise<Sshd> {
    const directory = await mkdtemp(join(tmpdir(), 'slipway-sshd-'));
    const sshd = new Sshd(directory, await freePort(), config);
    sshd.generateKey('host_ed25519', 'ed25519');
    await sshd.#writeRsaHostKey();
    sshd.generateKey('client', 'ed25519');
    await writeFile(join(directory, 'authorized_keys'), await readFile(join(directory, 'client.pub')), {
      mode: 0o600,
    });
    await sshd.knowHostKeys(['host_ed25519.pub']);
    await sshd.up();
    return sshd;
  }

  path(name: string): string {
    return join(this.directory, name);
  }

  host(overrides: Partial<Host> = {}): Host {
    return testHost({ port: this.port, identityFile: this.path('client'), ...overrides });
  }

  settings(overrides: Partial<SshSettings> = {}): SshSettings {
    return {
      knownHosts: this.path('known_hosts'),
      hostKeys: 'strict',
      connectTimeoutMs: 10_000,
      ...overrides,
    };
  }

  generateKey(name: string, type: 'ed25519' | 'rsa' | 'ecdsa', passphrase = ''): void {
    // Larger ones take a second to find.
    const size = type === 'rsa' ? ['-b', '2048'] : [];
    const named = ['-N', passphrase, '-C', name, '-f', this.path(name)];
    execFileSync('ssh-keygen', ['-q', '-t', type, ...size, ...named]);
  }

  /** The same for all: it takes a while to find one. */
  async #writeRsaHostKey(): Promise<void> {
    const names = ['host_rsa', 'host_rsa.pub'] as const;
    if (rsaHostKey === undefined) {
      this.generateKey('host_rsa', 'rsa');
      rsaHostKey = await Promise.all(names.map((name) => readFile(this.path(name))));
    } else {
      const [key, publicKey] = rsaHostKey;
      await writeFile(this.path(names[0]), key ?? '', { mode: 0o600 });
      await writeFile(this.path(names[1]), publicKey ?? '');
    }
  }

  /** Writes known_hosts with these public keys. */
  async knowHostKeys(names: readonly string[]): Promise<void> {
    const keys = await Promise.all(names.map((name) => readFile(this.path(name), 'utf8')));
    await writeFile(this.path('known_hosts'), keys.map((key) => `[127.0.0.1]:${this.port} ${key}`).join(''));
  }

  async up(): Promise<void> {
    await mkdir('/run/sshd', { recursive: true });
    const config = [
      ...this.#config,
      `Port ${this.port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${this.path('host_ed25519')}`,
      `HostKey ${this.path('host_rsa')}`,
      `AuthorizedKeysFile ${this.path('authorized_keys')}`,
      // The start-up files of whoever runs the tests are not what is tested.
      `SetEnv HOME=${this.directory}`,
      'PidFile none',
      'UsePAM no',
      'StrictModes no',
      'PermitRootLogin yes',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'PrintMotd no',
      'MaxStartups 100:100:100',
    ];
    await writeFile(this.path('sshd_config'), `${config.join('\n')}\n`);
    const child = spawn(SSHD, ['-D', '-e', '-f', this.path('sshd_config')], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#process = child;
    process.once('exit', () => child.kill('SIGKILL'));
    await new Promise<void>((resolve, reject) => {
      let said = '';
      child.stderr.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        if (said.includes('Server listening')) resolve();
      });
      child.once('exit', () => reject(new Error(`sshd ended: ${said}`)));
    });
  }

  /** The processes that serve connections. */
  sessions(): readonly number[] {
    return childrenOf(this.#process?.pid ?? 0);
  }

  /** Lets connections go silent, or speak again. */
  signalSessions(signal: 'SIGSTOP' | 'SIGCONT'): void {
    for (const session of this.sessions()) process.kill(session, signal);
  }

  /** Cuts all connections the hard way. */
  killSessions(): void {
    for (const session of this.sessions()) {
      for (const pid of [session, ...childrenOf(session)]) killQuietly(pid);
    }
  }

  async stop(): Promise<void> {
    this.killSessions();
    const child = this.#process;
    if (child !== undefined && child.exitCode === null) {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await gone;
    }
    await rm(this.directory, { recursive: true, force: true });
  }
}

/** sshd's own processes among the children, not the shells it started. */
function childrenOf(pid: number): readonly number[] {
  try {
    const children = execFileSync('ps', ['-o', 'pid=,comm=', '--ppid', String(pid)], { encoding: 'utf8' });
    return children
      .split('\n')
      .filter((line) => /sshd/.test(line))
      .map((line) => Number.parseInt(line, 10));
  } catch {
    return [];
  }
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It is gone already.
  }
}
