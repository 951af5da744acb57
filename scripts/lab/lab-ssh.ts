import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessOutput } from 'zx';
import type { HostUser } from './base-recipe.ts';
import { LabError } from './lab-error.ts';
import type { HostRecord, LabRecord } from './lab-record.ts';
import { consoleLogOf, identityFileOf, knownHostsFileOf } from './lab-files.ts';
import { inNamespace, networkOf } from './network.ts';
import { run, runWith } from './run.ts';

const bootTimeoutMs = 180_000;

export interface ExecOptions {
  /** Default: root. */
  readonly user?: HostUser;
  /** Standard input of the command; default: none. */
  readonly input?: string;
  /** Return a failure as a result instead of throwing it; default: false. */
  readonly nothrow?: boolean;
}

/** The argv that opens ssh to a host, from outside the lab's network. */
export function sshArgv(
  record: LabRecord,
  host: HostRecord,
  user: HostUser,
  options: readonly string[] = [],
): string[] {
  const ssh = [
    ['ssh', '-F', 'none', '-i', identityFileOf(record), '-o', 'IdentitiesOnly=yes', '-o', 'BatchMode=yes'],
    ['-o', `UserKnownHostsFile=${knownHostsFileOf(record)}`, '-o', 'GlobalKnownHostsFile=none'],
    ['-o', 'StrictHostKeyChecking=yes', '-o', 'ConnectTimeout=10', '-o', 'LogLevel=ERROR'],
    options,
    [`${user}@${host.address}`],
  ];
  return inNamespace(networkOf(record.id).namespace, ssh.flat());
}

export async function execOn(
  record: LabRecord,
  host: HostRecord,
  command: string,
  options: ExecOptions = {},
): Promise<ProcessOutput> {
  const argv = [...sshArgv(record, host, options.user ?? 'root'), command];
  const ssh = options.input === undefined ? run : runWith(options.input);
  return await ssh`${argv}`.nothrow(options.nothrow ?? false);
}

/** Waits until a host is all the way up: sshd answers and systemd has no jobs left. */
export async function waitUntilUp(record: LabRecord, host: HostRecord, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + bootTimeoutMs;
  for (;;) {
    signal.throwIfAborted();
    const { exitCode, stdout } = await execOn(record, host, 'systemctl is-system-running --wait', {
      nothrow: true,
    });
    // A unit that failed makes it "degraded", with status 1: up, and for a test to look at.
    if (exitCode === 0 || stdout.trim() === 'degraded') return;
    if (Date.now() > deadline)
      throw new LabError(`${host.name} did not come up${await lastWordsOf(record, host)}`);
    await sleep(30);
  }
}

/** Waits until a host is all the way up in another boot than `bootId`. */
export async function waitUntilRebooted(
  record: LabRecord,
  host: HostRecord,
  bootId: string,
  signal: AbortSignal,
): Promise<void> {
  const deadline = Date.now() + bootTimeoutMs;
  for (;;) {
    signal.throwIfAborted();
    const { exitCode, stdout } = await execOn(record, host, 'cat /proc/sys/kernel/random/boot_id', {
      nothrow: true,
    });
    if (exitCode === 0 && stdout.trim() !== bootId) return await waitUntilUp(record, host, signal);
    if (Date.now() > deadline)
      throw new LabError(`${host.name} did not reboot${await lastWordsOf(record, host)}`);
    await sleep(100);
  }
}

async function lastWordsOf(record: LabRecord, host: HostRecord): Promise<string> {
  const console = await readFile(consoleLogOf(record, host.name), 'utf8').catch(() => '');
  return `; the end of its console:\n${console.trimEnd().split('\n').slice(-15).join('\n')}`;
}
