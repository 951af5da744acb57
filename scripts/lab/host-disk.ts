import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { hostFile, hostUsers } from './base-recipe.ts';
import { run } from './run.ts';

/** A host's disk: an overlay over the base image, and a real directory for /var. */
export interface HostDisk {
  readonly root: string;
  /** Not an overlay, because containerd puts overlays of its own into it. */
  readonly var: string;
}

export interface DiskContent {
  readonly hostname: string;
  readonly gateway: string;
  /** Lines of /etc/hosts for the hosts of the lab. */
  readonly hostsLines: readonly string[];
  readonly authorizedKey: string;
  readonly proxyPort: number;
  readonly hasSwap: boolean;
  readonly hasImages: boolean;
}

export interface MadeDisk {
  readonly disk: HostDisk;
  /** The host's public ssh key, as a line of known_hosts has it. */
  readonly hostKey: string;
}

/** Makes the disk of a host that was never booted, in `directory`. */
export async function makeDisk(directory: string, base: string, content: DiskContent): Promise<MadeDisk> {
  const disk = { root: join(directory, 'root'), var: join(directory, 'var') };
  const layers = { upper: join(directory, 'upper'), work: join(directory, 'work') };
  for (const path of [disk.root, layers.upper, layers.work])
    await mkdir(path, { recursive: true, mode: 0o755 });
  await run`cp --archive --reflink=auto ${join(base, 'var')} ${disk.var}`;
  // "volatile" skips syncing: a host that loses its power here keeps what it wrote.
  const options = `lowerdir=${base},upperdir=${layers.upper},workdir=${layers.work},volatile`;
  await run`mount -t overlay slipway-lab -o ${options} ${disk.root}`;
  await writeContent(disk.root, content);
  if (content.hasSwap) await addSwap(disk.root);
  if (content.hasImages) await addImageImport(disk.root);
  return { disk, hostKey: await makeHostKey(disk.root, content.hostname) };
}

async function writeContent(root: string, content: DiskContent): Promise<void> {
  const { hostname, gateway, proxyPort } = content;
  const hosts = ['127.0.0.1 localhost', '::1 localhost ip6-localhost ip6-loopback', ...content.hostsLines];
  const proxy = [
    `Acquire::http::Proxy "http://${gateway}:${proxyPort}";`,
    `Acquire::http::Proxy::${gateway} "DIRECT";`,
  ];
  await put(root, 'etc/hostname', `${hostname}\n`);
  await put(root, 'etc/hosts', `${hosts.join('\n')}\n`);
  await put(root, 'etc/resolv.conf', `nameserver ${gateway}\n`);
  await put(root, 'etc/apt/apt.conf.d/01lab-proxy', `${proxy.join('\n')}\n`);
  // The files are in the base image, with the right owner and mode.
  for (const home of ['root', ...hostUsers.map(({ name }) => `home/${name}`)]) {
    await writeFile(join(root, home, '.ssh/authorized_keys'), content.authorizedKey);
  }
}

/** A swap file with its line in fstab, and the stand-ins that make it look used; see host-files/swap. */
async function addSwap(root: string): Promise<void> {
  const fstab = await readFile(join(root, 'etc/fstab'), 'utf8').catch(() => '');
  await put(root, 'etc/fstab', `${fstab}/swap.img none swap sw 0 0\n`);
  await run`truncate --size=64M ${join(root, 'swap.img')}`;
  await chmod(join(root, 'swap.img'), 0o600);
  await run`mkswap --quiet ${join(root, 'swap.img')}`;
  for (const name of ['swapon', 'swapoff'])
    await put(root, `usr/local/sbin/${name}`, hostFile('swap'), 0o755);
}

/** Has containerd import the lab's images whenever it starts, before whoever started it goes on. */
async function addImageImport(root: string): Promise<void> {
  const script = 'usr/local/lib/lab/import-images';
  const unit = ['[Service]', `ExecStartPost=/${script}`, 'TimeoutStartSec=15min', ''];
  await mkdir(join(root, 'usr/local/lib/lab/images'), { recursive: true });
  await put(root, script, hostFile('import-images'), 0o755);
  await put(root, 'etc/systemd/system/containerd.service.d/lab-images.conf', unit.join('\n'));
}

async function makeHostKey(root: string, hostname: string): Promise<string> {
  const path = join(root, 'etc/ssh/ssh_host_ed25519_key');
  await run`ssh-keygen -q -t ed25519 -N '' -C ${`root@${hostname}`} -f ${path}`;
  const [type = '', key = ''] = (await readFile(`${path}.pub`, 'utf8')).split(' ');
  return `${type} ${key}`;
}

async function put(root: string, path: string, content: string, mode = 0o644): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), content);
  await chmod(join(root, path), mode);
}
