import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { serveAptProxy } from './apt-proxy.ts';
import { baseRecipe, type BaseRecipe, recipeDigest } from './base-recipe.ts';
import type { DebianMirror, Suite } from './debian-mirror.ts';
import { exclusively } from './exclusive.ts';
import { cacheDirectory } from './lab-paths.ts';
import { labEnvironment, run, runWith } from './run.ts';

const unusedDays = 14;

/**
 * The directory of the base image of `suite`, built now if this recipe never was. Nothing may write into it:
 * it is the lower layer of every running host.
 */
export async function baseImage(
  suite: Suite,
  mirror: DebianMirror,
  log: (line: string) => void,
): Promise<string> {
  const recipe = baseRecipe(suite, mirror);
  const directory = join(cacheDirectory(), 'bases', `${suite}-${recipeDigest(recipe)}`);
  if (!existsSync(directory)) {
    await exclusively(`${directory}.lock`, async () => {
      if (existsSync(directory)) return;
      log(`Building the base image of ${suite}, once (about half a minute)`);
      await build(recipe, `${directory}.building`, mirror);
      await rename(`${directory}.building`, directory);
      await removeUnused(dirname(directory));
    });
  }
  const now = new Date();
  await utimes(`${directory}.lock`, now, now);
  return directory;
}

async function build(recipe: BaseRecipe, root: string, mirror: DebianMirror): Promise<void> {
  await rm(root, { recursive: true, force: true });
  await mkdir(root, { recursive: true, mode: 0o755 });
  await bootstrap(recipe, root, mirror);
  await makeUsers(recipe, root);
  for (const file of recipe.files) {
    await mkdir(dirname(join(root, file.path)), { recursive: true });
    await writeFile(join(root, file.path), file.content);
    await chmod(join(root, file.path), file.mode);
  }
  await run`depmod -b ${root} ${recipe.kernel}`.nothrow();
  await run`chroot ${root} systemctl -q enable ssh.service`;
  await run`chroot ${root} systemctl -q mask ${recipe.maskedUnits}`;
  await run`chroot ${root} systemctl -q disable ${recipe.disabledTimers}`.nothrow();
  await forgetIdentity(root);
}

/** mmdebstrap in a mount namespace of its own, so that one that is killed leaves no mounts behind. */
async function bootstrap(recipe: BaseRecipe, root: string, mirror: DebianMirror): Promise<void> {
  const proxy = await serveAptProxy({ mirror, listen: { host: '127.0.0.1', port: 0 } });
  const withoutDocuments = ['man', 'doc', 'locale'].map(
    (part) => `--dpkgopt=path-exclude=/usr/share/${part}/*`,
  );
  const inOwnMounts = ['setpriv', '--pdeathsig', 'TERM', 'unshare', '--mount', '--propagation', 'private'];
  const env = { ...labEnvironment, http_proxy: `http://127.0.0.1:${proxy.port}` };
  try {
    await run({ env })`${inOwnMounts} mmdebstrap --quiet --variant=minbase --mode=root ${withoutDocuments} \
      --include=${recipe.packages.join(',')} ${recipe.suite} ${root} ${recipe.sources}`;
  } finally {
    await proxy.close();
  }
}

async function makeUsers(recipe: BaseRecipe, root: string): Promise<void> {
  for (const { name, sudo } of recipe.users) {
    // Debian has a group "operator" already, so the user's own group is named, and made, by hand.
    await run`chroot ${root} groupadd --force ${name}`;
    await run`chroot ${root} useradd --create-home --shell /bin/bash --gid ${name} ${name}`;
    if (sudo !== 'no') await run`chroot ${root} usermod --append --groups sudo ${name}`;
    await run`chroot ${root} install -d -m 0700 -o ${name} -g ${name} /home/${name}/.ssh`;
    await run`chroot ${root} install -m 0600 -o ${name} -g ${name} /dev/null /home/${name}/.ssh/authorized_keys`;
  }
  await run`chroot ${root} install -d -m 0700 /root/.ssh`;
  await run`chroot ${root} install -m 0600 /dev/null /root/.ssh/authorized_keys`;
  await runWith(`operator:${recipe.operatorPassword}\n`)`chroot ${root} chpasswd`;
}

/** What every machine has of its own is made anew for every host; package lists a cloud image has none of. */
async function forgetIdentity(root: string): Promise<void> {
  const ssh = join(root, 'etc/ssh');
  for (const name of await readdir(ssh)) if (name.startsWith('ssh_host_')) await rm(join(ssh, name));
  for (const path of ['etc/hostname', 'etc/resolv.conf', 'var/lib/dbus/machine-id']) {
    await rm(join(root, path), { force: true });
  }
  await writeFile(join(root, 'etc/machine-id'), '');
  for (const directory of ['var/lib/apt/lists', 'var/cache/apt/archives']) {
    for (const name of await readdir(join(root, directory))) {
      await rm(join(root, directory, name), { recursive: true });
    }
  }
  for (const name of ['pkgcache.bin', 'srcpkgcache.bin'])
    await rm(join(root, 'var/cache/apt', name), { force: true });
}

/** Removes images of older recipes that no lab runs on and none has used for two weeks. */
async function removeUnused(bases: string): Promise<void> {
  const mounts = await readFile('/proc/self/mountinfo', 'utf8');
  for (const name of await readdir(bases)) {
    if (!name.endsWith('.lock')) continue;
    const directory = join(bases, name.slice(0, -'.lock'.length));
    const lastUsedMs = (await stat(join(bases, name))).mtimeMs;
    if (Date.now() - lastUsedMs < unusedDays * 86_400_000 || mounts.includes(directory)) continue;
    await rm(directory, { recursive: true, force: true });
    await rm(join(bases, name), { force: true });
  }
}
