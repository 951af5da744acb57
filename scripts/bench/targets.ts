import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Suite } from '../lab/debian-mirror.ts';
import { type Lab, startLab } from '../lab/lab.ts';
import { run } from '../lab/run.ts';
import { packageNames, type Work, workOn } from './work.ts';

/** Second octet of the addresses that are this far away: all of them are the one host. */
const networks: Readonly<Record<number, number>> = { 0: 64, 20: 65, 100: 66 };
/** Second octet of the addresses the stand-in server answers on. */
const standInNetwork = 67;
export const standInPort = 2222;

export const addressesAt = (delayMs: number, count: number): readonly string[] =>
  addressesIn(networks[delayMs] ?? 64, count);

export const standInAddresses = (count: number): readonly string[] => addressesIn(standInNetwork, count);

const addressesIn = (network: number, count: number): readonly string[] =>
  Array.from(
    { length: count },
    (_, index) => `10.${network}.${Math.floor(index / 250)}.${(index % 250) + 1}`,
  );

const started = new Set<Targets>();

/** For a benchmark that was interrupted: all but the labs, which look after themselves. */
export const clearTargets = async (): Promise<void> => {
  await Promise.all([...started].map((targets) => targets.clear()));
};

/**
 * One lab host whose sshd answers on every address of three networks: to a tool that looks and changes nothing
 * they are so many hosts. Two of the networks lie behind delay lines.
 */
export class Targets implements AsyncDisposable {
  readonly lab: Lab;
  readonly directory: string;
  readonly work: Work;
  readonly #children: ChildProcess[] = [];

  private constructor(lab: Lab, directory: string, work: Work) {
    this.lab = lab;
    this.directory = directory;
    this.work = work;
  }

  static async start(suite: Suite, log: (line: string) => void): Promise<Targets> {
    const lab = await startLab({ hosts: [{ name: 'bench', suite }], log });
    try {
      log('Installing what the work asks for on the target');
      await lab.exec('bench', SETUP);
      const rows = (await lab.exec('bench', `dpkg-query -W ${packageNames.join(' ')}`)).stdout.trim();
      const versions = Object.fromEntries(rows.split('\n').map((row) => row.split('\t')));
      const directory = await mkdtemp(join(tmpdir(), 'slipway-bench-'));
      const targets = new Targets(lab, directory, workOn(versions));
      started.add(targets);
      await targets.#makeNetworks();
      await targets.#writeKnownHosts();
      return targets;
    } catch (error) {
      await lab.down();
      throw error;
    }
  }

  path(name: string): string {
    return join(this.directory, name);
  }

  /** Starts a program in the lab's network that lives as long as the targets; settles when it says `ready`. */
  async serve(argv: readonly string[]): Promise<void> {
    const [program = '', ...args] = argv;
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#children.push(child);
    await Promise.race([
      once(child.stdout, 'data'),
      once(child, 'exit').then(() => Promise.reject(new Error(`${argv.join(' ')} ended`))),
    ]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.clear();
    await this.lab.down();
  }

  /** Ends and removes all there is but the lab. */
  async clear(): Promise<void> {
    for (const child of this.#children) child.kill();
    await rm(this.directory, { recursive: true, force: true });
  }

  async #makeNetworks(): Promise<void> {
    const [near, far] = [this.lab.name, `${this.lab.name}-bench`];
    const host = this.lab.hosts[0]?.address ?? '';
    for (const network of Object.values(networks)) {
      await run`ip -n ${far} route add local 10.${network}.0.0/16 dev lo`;
    }
    await run`ip -n ${near} link set lo up`;
    await run`ip -n ${near} route add local 10.${standInNetwork}.0.0/16 dev lo`;
    await run`ip -n ${near} route add 10.${networks[0] ?? 0}.0.0/16 via ${host}`;
    const limits = 'net.core.somaxconn=65535 net.ipv4.tcp_max_syn_backlog=65535';
    await run`${this.lab.inNetwork(['sh', '-c', `sysctl -qw ${limits} net.ipv4.conf.all.rp_filter=2`])}`;
    // BBR, which some clouds' images have, spreads over a round trip what is sent at once; Linux's default, cubic, doesn't,
    // but a namespace may not choose that one itself.
    for (const namespace of [near, far]) {
      await run`ip netns exec ${namespace} sysctl -qw net.ipv4.tcp_congestion_control=reno`;
    }
    for (const delayMs of [20, 100]) {
      const name = `delay${delayMs}`;
      const own = `10.1${networks[delayMs]}.1.1`;
      const line = fileURLToPath(new URL('delay_line.py', import.meta.url));
      await this.serve(['/usr/bin/python3', line, near, far, name, String(delayMs * 500)]);
      await run`ip -n ${near} addr add ${own}/32 dev ${name}`;
      await run`ip -n ${near} link set ${name} up txqueuelen 100000`;
      await run`ip -n ${near} route add 10.${networks[delayMs] ?? 0}.0.0/16 dev ${name} src ${own}`;
      await run`ip -n ${far} link set ${name} up txqueuelen 100000`;
      await run`ip -n ${far} route add ${own}/32 dev ${name}`;
    }
  }

  /** One key for all addresses of the host, and one for the stand-in server: both are checked by all tools. */
  async #writeKnownHosts(): Promise<void> {
    await run`ssh-keygen -q -t ed25519 -N ${''} -f ${this.path('stand-in')}`;
    const own = (await readFile(this.path('stand-in.pub'), 'utf8')).split(' ').slice(0, 2).join(' ');
    const known = await readFile(this.lab.knownHostsFile, 'utf8');
    const keys = new Set(known.split('\n').flatMap((line) => /(ssh-|ecdsa-)\S+ \S+$/.exec(line)?.[0] ?? []));
    const lines = [...keys].map((key) => `10.* ${key}`);
    await writeFile(this.path('known_hosts'), `${[...lines, `[10.*]:${standInPort} ${own}`].join('\n')}\n`);
  }
}

/** PAM and logind would be most of what a login costs, for every tool alike. */
const SETUP = `set -e
export DEBIAN_FRONTEND=noninteractive
apt-get update -q >/dev/null
apt-get install -y -q --no-install-recommends python3-apt ${packageNames.join(' ')} >/dev/null
mkdir -p /etc/bench.d
usermod -p '*' root
cat >/etc/ssh/sshd_config.d/bench.conf <<'END'
UsePAM no
MaxStartups 20000:30:40000
PerSourceMaxStartups none
LoginGraceTime 600
UseDNS no
LogLevel ERROR
END
systemctl restart ssh`;
