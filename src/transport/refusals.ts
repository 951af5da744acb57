import { EXIT } from '#core/exit-code.ts';
import { SlipwayError } from '#core/slipway-error.ts';

interface Refused {
  readonly host: string;
  readonly user: string;
  /** What it printed, without secrets. */
  readonly said: string;
  /** How long it was waited for, in ms; undefined where it ended by itself. */
  readonly late: number | undefined;
}

/** What somebody says, what it means, and what to do. */
interface Reason {
  readonly says: RegExp;
  readonly why: (user: string) => string;
  readonly hint: (user: string) => string;
}

/** @see https://www.sudo.ws/docs/man/sudo.man/ (1.9.13 to 1.9.16, sudo-rs 0.2) */
const SUDO_REASONS: readonly Reason[] = [
  {
    says: /must have a tty/,
    why: (user) => `its sudoers file demands a terminal of ${user} (requiretty)`,
    hint: (user) => `add "Defaults:${user} !requiretty" to the host's sudoers file`,
  },
  {
    says: /password (has|is) expired|new password is required|change (of|your) password|account validation failure/i,
    why: (user) => `the password or the account of ${user} has expired`,
    hint: (user) => `see "chage -l ${user}" on the host`,
  },
  {
    says: /try again|incorrect (password|authentication)|authentication failed/i,
    why: (user) => `the password of ${user} was not accepted`,
    hint: () => 'correct becomePassword in the inventory',
  },
  {
    says: /not in the sudoers file|may not run|not allowed to (execute|run)|I'm sorry/,
    why: (user) => `its sudoers file does not let ${user} become root`,
    hint: (user) => `add "${user} ALL=(ALL) ALL" to the host's sudoers file, or log in as root`,
  },
  {
    says: /password is required|no password was provided|interactive authentication is required|unable to read the password|terminal is required/i,
    why: (user) => `sudo asks ${user} for a password, and there is none to give`,
    hint: (user) => `set becomePassword in the inventory, or give ${user} a NOPASSWD rule`,
  },
  {
    says: /exec: sudo: (not found|no such file)|sudo: not found/i,
    why: () => 'there is no sudo on it',
    hint: () => 'install sudo on the host, or log in as root',
  },
];

/**
 * What login shells and sshd say when they run nothing.
 *
 * @see https://man7.org/linux/man-pages/man8/nologin.8.html, https://www.gnu.org/software/bash/manual/html_node/The-Restricted-Shell.html
 */
const SHELL_REASONS: readonly Reason[] = [
  {
    says: /password (has|is) expired|required to change your password|password change required/i,
    why: (user) => `the password of ${user} has expired, and has to be changed before anything else`,
    hint: (user) => `change it in a login by hand; "chage -l ${user}" on the host shows when it expires`,
  },
  {
    says: /account (is|has) (currently )?(not available|expired)/i,
    why: (user) => `${user} is not to log in there`,
    hint: (user) => `give it a shell (usermod -s /bin/sh ${user}), or log in as another user`,
  },
  {
    says: /restricted|git-shell|unrecognized command/i,
    why: (user) => `the login shell of ${user} runs only some commands`,
    hint: (user) => `give it another one (usermod -s /bin/sh ${user}), or log in as another user`,
  },
];

/** The error for a sudo that ended, or was given up, before the program began. */
export function sudoRefusal({ host, user, said, late }: Refused): SlipwayError {
  const reason = SUDO_REASONS.find(({ says }) => says.test(said));
  const words = lastWords(said, 1);
  const known = reason?.why(user) ?? (words === '' ? 'sudo ended without a word' : words);
  const slow = late === undefined ? '' : `sudo has not come to an end in ${late / 1000} s`;
  const why = slow === '' ? known : [slow, words].filter(Boolean).join(': ');
  return new SlipwayError(`${user} cannot become root on ${host}: ${why}`, {
    code: 'sudo-refused',
    host,
    exitCode: EXIT.unreachable,
    hint: reason?.hint(user) ?? `try "sudo -n true" as ${user} on the host`,
  });
}

/** The error for a login shell that did not run what it was told to. */
export function shellRefusal({
  host,
  user,
  said,
  late,
  code,
}: Refused & {
  /** Null when it was killed. */
  readonly code: number | null;
}): SlipwayError {
  const reason = SHELL_REASONS.find(({ says }) => says.test(said));
  const ended = code === null ? 'was killed' : `ended with code ${code}`;
  const end = late === undefined ? `${ended} and ran nothing` : `ran nothing in ${late / 1000} s`;
  const words = lastWords(said, 3);
  const why = reason === undefined ? words : [reason.why(user), words].filter(Boolean).join(': ');
  return new SlipwayError(`the login shell of ${user} on ${host} ${end}${why === '' ? '' : `: ${why}`}`, {
    code: 'host-unreachable',
    host,
    exitCode: EXIT.unreachable,
    hint:
      reason?.hint(user) ??
      `see that no start-up file of ${user} (~/.bashrc) starts another shell or ends it, and that no ForceCommand in sshd_config and no command in authorized_keys runs in its place`,
  });
}

/** The last lines; one that repeats a whole program is cut. */
const lastWords = (said: string, count: number): string =>
  said
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .slice(-count)
    .map((line) => (line.length > LINE_LENGTH ? `${line.slice(0, LINE_LENGTH)}...` : line))
    .join(' / ');

const LINE_LENGTH = 200;
