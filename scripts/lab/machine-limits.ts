import { readFile, writeFile } from 'node:fs/promises';

const inotifyInstances = '/proc/sys/fs/inotify/max_user_instances';
const wantedInstances = 1024;

/**
 * Raises the one limit of this machine that hosts share and soon reach: a host with systemd and a kubelet
 * takes some 20 inotify instances, and all hosts' are root's, who has 128. Not lowered again: others may
 * have come to need it, and a limit costs nothing.
 */
export async function raiseMachineLimits(log: (line: string) => void): Promise<void> {
  const now = Number(await readFile(inotifyInstances, 'utf8'));
  if (now >= wantedInstances) return;
  log(`Raising fs.inotify.max_user_instances of this machine from ${now} to ${wantedInstances}`);
  await writeFile(inotifyInstances, String(wantedInstances));
}
