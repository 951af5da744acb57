import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rmdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const mountPoint = '/sys/fs/cgroup';
const controllersV1 = ['cpu', 'cpuacct', 'cpuset', 'memory', 'devices', 'freezer', 'blkio', 'pids'];

/** True when the controllers are in cgroup v1 hierarchies (v2 may be mounted beside them, as "unified"). */
export const isCgroupV1 = () => !existsSync(join(mountPoint, 'cgroup.controllers'));

/**
 * The directories a lab makes its cgroups in, one per hierarchy.
 *
 * On v1 below this process's own group, which is all a container may write. On v2 at the root: anywhere
 * else a group that holds processes, as ours does, cannot hand controllers down.
 */
export async function cgroupParents(): Promise<string[]> {
  if (!isCgroupV1()) return [mountPoint];
  const own = new Map<string, string>();
  for (const line of (await readFile('/proc/self/cgroup', 'utf8')).trim().split('\n')) {
    const [, names = '', path = '/'] = line.split(':');
    for (const name of names === '' ? ['unified'] : names.split(','))
      own.set(name.replace('name=', ''), path);
  }
  return [...controllersV1, 'systemd', 'unified']
    .filter((hierarchy) => existsSync(join(mountPoint, hierarchy)))
    .map((hierarchy) => join(mountPoint, hierarchy, own.get(hierarchy) ?? '/'))
    .filter((directory) => existsSync(directory));
}

/** Makes the cgroup `name` in each parent, ready to take processes. */
export async function makeCgroup(parents: readonly string[], name: string): Promise<string[]> {
  await handDownControllers();
  const groups = parents.map((parent) => join(parent, name));
  for (const group of groups) {
    await mkdir(group, { recursive: true });
    for (const file of ['cpuset.cpus', 'cpuset.mems']) {
      // A v1 cpuset takes no process before it has CPUs and memory nodes of its own.
      const isV1Cpuset = existsSync(join(group, 'cpuset.cpu_exclusive'));
      if (isV1Cpuset) await writeFile(join(group, file), await readFile(join(dirname(group), file)));
    }
  }
  return groups;
}

/** On v2, makes every controller available below the root; a machine with systemd has done so already. */
async function handDownControllers(): Promise<void> {
  if (isCgroupV1()) return;
  const controllers = (await readFile(join(mountPoint, 'cgroup.controllers'), 'utf8')).trim().split(' ');
  for (const controller of controllers) {
    // One that cannot be handed down is one the hosts do without.
    await writeFile(join(mountPoint, 'cgroup.subtree_control'), `+${controller}`).catch(() => undefined);
  }
}

/** The argv that runs `argv` inside `groups`: in them before it starts, and so is everything it starts. */
export function inCgroups(groups: readonly string[], argv: readonly string[]): string[] {
  const enter = 'while [ "$1" != -- ]; do echo 0 >"$1/cgroup.procs" || exit; shift; done; shift; exec "$@"';
  return ['sh', '-c', enter, 'sh', ...groups, '--', ...argv];
}

/** The cgroups in `parents` whose name starts with `prefix`. */
export async function findCgroups(parents: readonly string[], prefix: string): Promise<string[]> {
  const found: string[] = [];
  for (const parent of parents) {
    const names = await readdir(parent).catch(() => []);
    found.push(...names.filter((name) => name.startsWith(prefix)).map((name) => join(parent, name)));
  }
  return found;
}

/** A process that waits for a slow disk outlives its SIGKILL until that has answered. */
const REMOVAL_MS = 60_000;

/** Kills every process in `groups` and below, then removes them. Returns what could not be removed. */
export async function removeCgroups(groups: readonly string[]): Promise<string[]> {
  let left = groups.filter((group) => existsSync(group));
  const end = performance.now() + REMOVAL_MS;
  while (left.length > 0 && performance.now() < end) {
    for (const group of left) await killAll(group);
    for (const group of left) await removeEmpty(group);
    left = left.filter((group) => existsSync(group));
    if (left.length > 0) await sleep(25);
  }
  return left;
}

async function killAll(group: string): Promise<void> {
  for (const directory of [group, ...(await descendantsOf(group))]) {
    const pids = await readFile(join(directory, 'cgroup.procs'), 'utf8').catch(() => '');
    for (const pid of pids.split('\n').filter((line) => Number(line) > 1)) {
      try {
        process.kill(Number(pid), 'SIGKILL');
      } catch {
        // Gone already.
      }
    }
  }
}

async function removeEmpty(group: string): Promise<void> {
  for (const directory of [...(await descendantsOf(group)).toReversed(), group]) {
    await rmdir(directory).catch(() => undefined);
  }
}

async function descendantsOf(group: string): Promise<string[]> {
  const children = await childrenOf(group);
  const below = await Promise.all(children.map(descendantsOf));
  return children.flatMap((child, index) => [child, ...(below[index] ?? [])]);
}

async function childrenOf(group: string): Promise<string[]> {
  const entries = await readdir(group, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map((entry) => join(group, basename(entry.name)));
}

/**
 * The CPU time of all that has run in a cgroup, which has a directory in each hierarchy.
 *
 * @see https://docs.kernel.org/admin-guide/cgroup-v1/cpuacct.html and cgroup-v2.html#cpu-interface-files
 */
export async function cpuSeconds(groups: readonly string[]): Promise<number> {
  const usage = await firstOf(groups, 'cpuacct.usage');
  if (usage !== undefined) return Number(usage) / 1e9;
  return (
    Number(/^usage_usec (\d+)$/m.exec((await firstOf(groups, 'cpu.stat')) ?? '')?.[1] ?? Number.NaN) / 1e6
  );
}

/** What a file says in the first of the directories that has it. */
export async function firstOf(groups: readonly string[], file: string): Promise<string | undefined> {
  for (const group of groups) {
    const text = await readFile(join(group, file), 'utf8').catch(() => undefined);
    if (text !== undefined) return text;
  }
  return undefined;
}
