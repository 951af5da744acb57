import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { cpuSeconds, inCgroups, isCgroupV1, makeCgroup, removeCgroups } from './cgroups.ts';
import type { HostDisk } from './host-disk.ts';
import { addRoute, connectHost, disconnectHost, type HostLink, type LabNetwork } from './network.ts';
import { labEnvironment } from './run.ts';

// systemd-nspawn's exit status when the container asked for a reboot.
const rebootStatus = 133;

export interface LabHostOptions {
  readonly name: string;
  /** Of the machine's containers: unique on the whole machine. */
  readonly machine: string;
  readonly disk: HostDisk;
  readonly network: LabNetwork;
  readonly link: HostLink;
  readonly cgroupParents: readonly string[];
  readonly consoleLog: string;
  /** A directory of image tarballs, bound read-only into the host. */
  readonly images: string | undefined;
  readonly log: (line: string) => void;
}

/**
 * One host: systemd-nspawn under supervision, booted again when it asks for a reboot.
 *
 * This process is the host's power supply: when it dies, the kernel kills the container (PDEATHSIG).
 */
export class LabHost {
  readonly options: LabHostOptions;
  readonly #routes: string[] = [];
  #container: ChildProcess | undefined;
  #cgroups: readonly string[] = [];
  #isWanted = false;
  #reboot: Promise<void> = Promise.resolve();

  constructor(options: LabHostOptions) {
    this.options = options;
  }

  get isRunning(): boolean {
    return this.#container !== undefined;
  }

  /** Adds a route that the host has from now on, after every boot too. */
  async addRoute(route: string): Promise<void> {
    this.#routes.push(route);
    if (this.isRunning) await addRoute(this.options.link, route);
  }

  async powerOn(): Promise<void> {
    if (this.#isWanted) return;
    this.#isWanted = true;
    await this.#boot();
  }

  /** Pulls the plug: no unit is stopped and nothing is said on the network. */
  async powerOff(): Promise<void> {
    this.#isWanted = false;
    await this.#reboot;
    await this.#stop();
  }

  /** The CPU time of all its programs since it was switched on. */
  async cpuSeconds(): Promise<number> {
    return cpuSeconds(this.#cgroups);
  }

  async #stop(): Promise<void> {
    const container = this.#container;
    const ended = container === undefined ? undefined : once(container, 'exit');
    await removeCgroups(this.#cgroups);
    await ended;
    await disconnectHost(this.options.network, this.options.link);
  }

  async #boot(): Promise<void> {
    const { network, link } = this.options;
    this.#cgroups = await makeCgroup(this.options.cgroupParents, this.options.machine);
    await connectHost(network, link, this.#routes);
    const argv = containerArgv(this.options, this.#cgroups);
    const log = openSync(this.options.consoleLog, 'a');
    const [program = '', ...args] = argv;
    const container = spawn(program, args, {
      stdio: ['ignore', log, log],
      env: { PATH: labEnvironment.PATH, SYSTEMD_NSPAWN_API_VFS_WRITABLE: 'network' },
      // Ctrl-C is for the owner, who takes the hosts down in order.
      detached: true,
    });
    closeSync(log);
    this.#container = container;
    container.once('exit', (status) => {
      this.#container = undefined;
      this.#reboot = this.#afterExit(status).catch((error: unknown) =>
        this.options.log(`${this.options.name}: ${String(error)}`),
      );
    });
  }

  /** Boots again if that is what the host asked for; else it is a machine that switched itself off. */
  async #afterExit(status: number | null): Promise<void> {
    if (!this.#isWanted) return;
    if (status === rebootStatus) {
      await removeCgroups(this.#cgroups);
      await this.#boot();
    } else {
      this.#isWanted = false;
      await this.#stop();
    }
  }
}

function containerArgv(options: LabHostOptions, cgroups: readonly string[]): string[] {
  const { disk, link, name, machine, images } = options;
  // A host's own time since boot; the wall clock is everybody's.
  const uptimeSeconds = readFileSync('/proc/uptime', 'utf8').replace(/\..*/s, '');
  const devices = ['/dev/kmsg', '/dev/fuse', '/dev/net/tun'].filter((path) => existsSync(path));
  const keeper = [
    ['setpriv', '--pdeathsig', 'KILL'],
    // A PID namespace around nspawn: whatever kills nspawn, the kernel kills the host with it.
    ['unshare', '--fork', '--pid', '--kill-child', '--mount-proc', '--propagation', 'slave'],
    ['--time', '--boottime', `-${uptimeSeconds}`, '--monotonic', `-${uptimeSeconds}`],
  ];
  const nspawn = [
    ['systemd-nspawn', '--quiet', '--register=no', '--keep-unit', '--console=read-only'],
    [`--directory=${disk.root}`, `--bind=${disk.var}:/var`, `--machine=${machine}`, `--hostname=${name}`],
    [`--network-namespace-path=/run/netns/${link.namespace}`],
    // No host may set the machine's clock, load modules into its kernel or switch its swap.
    ['--capability=all', '--drop-capability=CAP_SYS_TIME,CAP_SYS_MODULE'],
    ['--system-call-filter=add_key keyctl request_key bpf perf_event_open @mount'],
    ['--resolv-conf=off', '--timezone=off', '--link-journal=no'],
    devices.map((path) => `--bind=${path}`),
    images === undefined ? [] : [`--bind-ro=${images}:/usr/local/lib/lab/images`],
    ['/usr/local/lib/lab/init'],
    // systemd needs to be told twice that v1 is still what this machine has.
    isCgroupV1() ? ['systemd.unified_cgroup_hierarchy=0', 'SYSTEMD_CGROUP_ENABLE_LEGACY_FORCE=1'] : [],
  ];
  return [...keeper.flat(), ...inCgroups(cgroups, nspawn.flat())];
}
