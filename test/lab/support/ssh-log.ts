import type { Lab } from '../../../scripts/lab/lab.ts';

/** What a host's own sshd has seen of somebody. */
export interface SshSeen {
  /** Connections, those included that were not let in. */
  readonly connections: number;
  readonly logins: number;
  /** Programs started: each has a session of its own. */
  readonly programs: number;
}

/**
 * Has the sshd of all hosts write down every program it starts. A restart ends when it listens again; a reload ends before it has closed
 * its port for a moment. Connections stay.
 *
 * @see https://man.openbsd.org/sshd_config#LogLevel (OpenSSH 9.2 and 10.0; the first value counts)
 */
export async function logPrograms(lab: Lab): Promise<void> {
  const command = `echo 'LogLevel VERBOSE' >/etc/ssh/sshd_config.d/00-log.conf && systemctl restart ssh`;
  await Promise.all(lab.hosts.map(({ name }) => lab.exec(name, command)));
}

/** Does something, and tells what the sshd of each host saw of it. */
export async function seenBySshd(lab: Lab, work: () => Promise<void>): Promise<ReadonlyMap<string, SshSeen>> {
  const onAll = (command: string): Promise<readonly string[]> =>
    Promise.all(lab.hosts.map(async ({ name }) => (await lab.exec(name, command)).stdout));
  const cursors = await onAll(
    `journalctl --sync; journalctl -n 0 --show-cursor | sed -n 's/^-- cursor: //p'`,
  );
  await work();
  // The look at the log is in the log too: by the port it comes from.
  const looks = lab.hosts.map(async ({ name }, index) => {
    const since = `journalctl --sync; journalctl -t sshd -t sshd-session -o cat --after-cursor '${cursors[index]?.trim()}'`;
    const { stdout } = await lab.exec(
      name,
      `${since} | grep -v " port $(echo $SSH_CONNECTION | cut -d ' ' -f 2)\\b"`,
    );
    return [name, counted(stdout.split('\n'))] as const;
  });
  return new Map(await Promise.all(looks));
}

function counted(log: readonly string[]): SshSeen {
  const count = (start: RegExp): number => log.filter((line) => start.test(line)).length;
  return {
    connections: count(/^Connection from /),
    logins: count(/^Accepted publickey /),
    programs: count(/^Starting session: command /),
  };
}
