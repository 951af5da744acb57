import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ProcessOutput } from 'zx';
import { serveAptProxy } from './apt-proxy.ts';
import { baseImage } from './base-image.ts';
import { operatorPassword } from './base-recipe.ts';
import { bridgeCniScript, podSubnetOf } from './bridge-cni.ts';
import { claimLab, holdingRecords } from './claim.ts';
import { debianMirror, type DebianMirror, type Suite } from './debian-mirror.ts';
import { Faults } from './faults.ts';
import { digestOf, type FilesystemSnapshot, snapshotFilesystem } from './filesystem-digest.ts';
import { type HostDisk, makeDisk } from './host-disk.ts';
import { kubernetesRepository } from './kubernetes-repository.ts';
import { LabError } from './lab-error.ts';
import { consoleLogOf, hostDirectoryOf, identityFileOf, knownHostsFileOf } from './lab-files.ts';
import { LabHost } from './lab-host.ts';
import { checkHosts, type LabHostSpec, type LabOptions } from './lab-options.ts';
import { type HostRecord, type LabRecord, writeRecord } from './lab-record.ts';
import type { LabServer } from './lab-server.ts';
import { type ExecOptions, execOn, waitUntilRebooted, waitUntilUp } from './lab-ssh.ts';
import { labUnavailable } from './lab-unavailable.ts';
import { listenInNamespace } from './listen-in-namespace.ts';
import { raiseMachineLimits } from './machine-limits.ts';
import { inNamespace, labPrefix, linkOf, makeLabNetwork, networkOf, setCable } from './network.ts';
import { run } from './run.ts';
import { sweep } from './sweep.ts';
import { installMissingTools } from './tools.ts';
import { LabWeb, type PackageSource, serveWeb } from './web-server.ts';

const webPort = 8080;
const proxyPort = 3142;
/** Labs that were started here and are not down yet. */
export const labsOfThisProcess = new Set<Lab>();

/**
 * Starts a lab: returns once every host is up.
 *
 * The lab's servers and the hosts' supervision run in this process. Do not block its event loop (execSync)
 * while something in the lab needs a package or reboots, and call {@link Lab.down} at the end.
 */
export async function startLab(options: LabOptions): Promise<Lab> {
  const reason = labUnavailable();
  if (reason !== undefined) throw new LabError(reason);
  checkHosts(options.hosts);
  const log = options.log ?? (() => undefined);
  await installMissingTools(log);
  await raiseMachineLimits(log);
  const mirror = await debianMirror();
  const suites = [...new Set(options.hosts.map(({ suite }) => suite ?? 'bookworm'))];
  const bases = new Map(
    await Promise.all(suites.map(async (suite) => [suite, await baseImage(suite, mirror, log)] as const)),
  );
  const source = options.repository ?? (await kubernetesRepository());

  const lab = new Lab(await claimLab(log), options, log);
  labsOfThisProcess.add(lab);
  try {
    await lab.start(mirror, source, bases);
    return lab;
  } catch (error) {
    await lab.down();
    throw error;
  }
}

/** A running lab. Made by {@link startLab}. */
export class Lab {
  readonly web: LabWeb;
  /** Faults of the Debian mirror, as the hosts see it. Those of the web server are in {@link LabWeb.faults}. */
  readonly mirrorFaults = new Faults();
  /** The sudo password of the user `operator`. */
  readonly operatorPassword = operatorPassword;
  #record: LabRecord;
  readonly #options: LabOptions;
  readonly #log: (line: string) => void;
  readonly #hosts = new Map<string, LabHost>();
  readonly #servers: LabServer[] = [];
  readonly #ending = new AbortController();
  #started: Promise<void> = Promise.resolve();
  #down: Promise<void> | undefined;

  constructor(record: LabRecord, options: LabOptions, log: (line: string) => void) {
    const { gateway } = networkOf(record.id);
    this.#options = options;
    this.#log = log;
    this.web = new LabWeb(`http://${gateway}:${webPort}`, new Faults());
    this.#record = {
      ...record,
      repositoryUrl: this.web.url,
      hosts: options.hosts.map(({ name, suite = 'bookworm' }, index) => {
        return { name, suite, address: linkOf(record.id, index, name).address };
      }),
    };
  }

  get name(): string {
    return labPrefix(this.#record.id);
  }

  get hosts(): readonly HostRecord[] {
    return this.#record.hosts;
  }

  /** The address of the lab in its own network: the hosts' default route, which leads nowhere. */
  get gateway(): string {
    return networkOf(this.#record.id).gateway;
  }

  /** What stands for `https://pkgs.k8s.io` here: `/core:/stable:/v1.34/deb/` is below it. */
  get repositoryUrl(): string {
    return this.#record.repositoryUrl;
  }

  /** A private key that root and every other user of the hosts accepts. */
  get identityFile(): string {
    return identityFileOf(this.#record);
  }

  /** The hosts' real keys, by name and by address. */
  get knownHostsFile(): string {
    return knownHostsFileOf(this.#record);
  }

  /** The argv that runs `argv` in the lab's network and otherwise on this machine. */
  inNetwork(argv: readonly string[]): string[] {
    return inNamespace(networkOf(this.#record.id).namespace, argv);
  }

  /** Runs a shell command on a host over ssh. @throws zx's ProcessOutput when it fails, unless `nothrow`. */
  async exec(host: string, command: string, options?: ExecOptions): Promise<ProcessOutput> {
    return await execOn(this.#record, this.#hostRecord(host), command, options);
  }

  /** Pulls a host's plug. What it wrote is still on its disk. */
  async powerOff(host: string): Promise<void> {
    await this.#host(host).powerOff();
  }

  /** Boots a host that is off; returns when it is up. */
  async powerOn(host: string): Promise<void> {
    await this.#host(host).powerOn();
    await this.waitUntilUp(host);
  }

  async waitUntilUp(host: string): Promise<void> {
    await waitUntilUp(this.#record, this.#hostRecord(host), this.#ending.signal);
  }

  /** Tells one boot of a host from the next. */
  async bootId(host: string): Promise<string> {
    return (await this.exec(host, 'cat /proc/sys/kernel/random/boot_id')).stdout.trim();
  }

  /** Waits until a host is up again in another boot than `bootId`. */
  async waitUntilRebooted(host: string, bootId: string): Promise<void> {
    await waitUntilRebooted(this.#record, this.#hostRecord(host), bootId, this.#ending.signal);
  }

  /** What the host wrote to its console, from the first boot on. */
  consoleLog(host: string): string {
    return consoleLogOf(this.#record, host);
  }

  /** Pulls a host's network cable: it goes on running, alone. */
  async cutNetwork(host: string): Promise<void> {
    const { network, link } = this.#host(host).options;
    await setCable(network, link, 'down');
  }

  async restoreNetwork(host: string): Promise<void> {
    const { network, link } = this.#host(host).options;
    await setCable(network, link, 'up');
  }

  /** Everything on a host's disk; compare two with `filesystemChanges`. */
  async filesystemSnapshot(host: string): Promise<FilesystemSnapshot> {
    return await snapshotFilesystem(this.#host(host).options.disk);
  }

  /** Two equal digests: nothing on the host's disk was changed in between. See `volatilePaths`. */
  async filesystemDigest(host: string): Promise<string> {
    return digestOf(await this.filesystemSnapshot(host));
  }

  /** Gives a host a pod network of the lab's own, so that its node becomes Ready without Calico. */
  async installBridgeCni(host: string): Promise<void> {
    const index = this.#indexOf(host);
    await this.exec(host, 'sh', { input: bridgeCniScript(index) });
    // The other hosts find these pods, now and after they reboot.
    const route = `${podSubnetOf(index)} via ${this.#hostRecord(host).address}`;
    for (const other of this.#hosts.values()) {
      if (other.options.name !== host) await other.addRoute(route);
    }
  }

  /** Real nodes need a pod network of the lab's own: Calico's images cannot be had there. Stand-ins need none. */
  async bringPodNetwork(): Promise<void> {
    if (!process.env['SLIPWAY_LAB_REPO']) return;
    for (const { name } of this.hosts) await this.installBridgeCni(name);
  }

  /** Stops and removes everything of the lab. Safe to call at any time, and twice. */
  async down(): Promise<void> {
    this.#down ??= this.#takeDown();
    await this.#down;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.down();
  }

  /** Only for {@link startLab}. */
  async start(mirror: DebianMirror, source: PackageSource, bases: ReadonlyMap<Suite, string>): Promise<void> {
    this.#started = this.#start(mirror, source, bases);
    await this.#started;
  }

  async #start(
    mirror: DebianMirror,
    source: PackageSource,
    bases: ReadonlyMap<Suite, string>,
  ): Promise<void> {
    await writeRecord(this.#record);
    await mkdir(this.#record.directory, { recursive: true, mode: 0o755 });
    await run`ssh-keygen -q -t ed25519 -N '' -C ${this.name} -f ${this.identityFile}`;
    const network = networkOf(this.#record.id);
    await makeLabNetwork(network);
    const [web, proxy] = await listenInNamespace(network.namespace, network.gateway, [webPort, proxyPort]);
    if (web === undefined || proxy === undefined) throw new LabError('no sockets in the lab');
    this.#servers.push(await serveWeb(web, this.web, source));
    this.#servers.push(await serveAptProxy({ mirror, listen: proxy, faults: this.mirrorFaults }));

    const authorizedKey = await readFile(`${this.identityFile}.pub`, 'utf8');
    const knownHosts = await Promise.all(
      this.#options.hosts.map((spec, index) => this.#makeHost(spec, index, bases, authorizedKey)),
    );
    await writeFile(this.knownHostsFile, knownHosts.join(''));
    await Promise.all([...this.#hosts.keys()].map((host) => this.powerOn(host)));
    this.#record = { ...this.#record, isReady: true };
    await writeRecord(this.#record);
  }

  /** Makes one host, not yet booted. Returns its line of known_hosts. */
  async #makeHost(
    spec: LabHostSpec,
    index: number,
    bases: ReadonlyMap<Suite, string>,
    authorizedKey: string,
  ): Promise<string> {
    const { name, suite = 'bookworm', swap = false } = spec;
    const given = this.#options.images ?? process.env['SLIPWAY_LAB_IMAGES'];
    const images = given ? resolve(given) : undefined;
    const link = linkOf(this.#record.id, index, name);
    const { disk, hostKey } = await makeDisk(hostDirectoryOf(this.#record, name), bases.get(suite) ?? '', {
      hostname: name,
      gateway: this.gateway,
      hostsLines: this.#record.hosts.map((host) => `${host.address} ${host.name}`),
      authorizedKey,
      proxyPort,
      hasSwap: swap,
      hasImages: images !== undefined,
    });
    this.#addHost(name, link, disk, images);
    return `${name},${link.address} ${hostKey}\n`;
  }

  #addHost(name: string, link: LabHost['options']['link'], disk: HostDisk, images: string | undefined): void {
    const { id, cgroupParents } = this.#record;
    this.#hosts.set(
      name,
      new LabHost({
        name,
        machine: `${labPrefix(id)}-${name}`,
        disk,
        network: networkOf(id),
        link,
        cgroupParents,
        consoleLog: this.consoleLog(name),
        images,
        log: this.#log,
      }),
    );
  }

  /** The CPU time of these hosts together, by default of all, each since it was switched on. */
  async cpuSeconds(...names: readonly string[]): Promise<number> {
    const hosts = names.length === 0 ? [...this.#hosts.values()] : names.map((name) => this.#host(name));
    const used = await Promise.all(hosts.map((host) => host.cpuSeconds()));
    return used.reduce((sum, each) => sum + each, 0);
  }

  async #takeDown(): Promise<void> {
    this.#ending.abort(new LabError(`${this.name} is being taken down`));
    await this.#started.catch(() => undefined);
    // Whatever one of them cannot end, the sweep meets again.
    await Promise.allSettled([...this.#hosts.values()].map((host) => host.powerOff()));
    for (const server of this.#servers) await server.close();
    await holdingRecords(() => sweep(this.#record));
    labsOfThisProcess.delete(this);
  }

  #host(name: string): LabHost {
    const host = this.#hosts.get(name);
    if (host === undefined) throw new LabError(`${this.name} has no host "${name}"`);
    return host;
  }

  #hostRecord(name: string): HostRecord {
    const host = this.#record.hosts.find((each) => each.name === name);
    if (host === undefined) throw new LabError(`${this.name} has no host "${name}"`);
    return host;
  }

  #indexOf(name: string): number {
    return this.#record.hosts.indexOf(this.#hostRecord(name));
  }
}
