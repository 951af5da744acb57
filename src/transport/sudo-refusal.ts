import { EXIT } from '#core/exit-code.ts';
import { type Secret, mask } from '#core/secret.ts';
import { SlipwayError } from '#core/slipway-error.ts';

/** What sudo says, what it means, and what to do. @see https://www.sudo.ws/docs/man/sudo.man/ (1.9.13 to 1.9.16, sudo-rs 0.2) */
const REASONS: readonly {
  readonly says: RegExp;
  readonly why: (user: string) => string;
  readonly hint: (user: string) => string;
}[] = [
  {
    says: /must have a tty/,
    why: (user) => `its sudoers file demands a terminal of ${user} (requiretty)`,
    hint: (user) => `add "Defaults:${user} !requiretty" to the host's sudoers file`,
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
    says: /sudo.*(not found|no such file)/i,
    why: () => 'there is no sudo on it',
    hint: () => 'install sudo on the host, or log in as root',
  },
];

/** True when sudo has turned the password down, and is about to ask again. */
export const isAskingAgain = (stderr: string): boolean => /try again/i.test(stderr);

/** The error for a sudo that ended before the program began. */
export function sudoRefusal(
  host: string,
  user: string,
  stderr: string,
  secrets: readonly Secret[],
): SlipwayError {
  const reason = REASONS.find(({ says }) => says.test(stderr));
  const said = mask(stderr, secrets)
    .split('\n')
    .findLast((line) => line.trim() !== '');
  const why = reason?.why(user) ?? said ?? 'sudo ended without a word';
  return new SlipwayError(`${user} cannot become root on ${host}: ${why}`, {
    code: 'sudo-refused',
    host,
    exitCode: EXIT.unreachable,
    hint: reason?.hint(user) ?? `try "sudo -n true" as ${user} on the host`,
  });
}

/** The error for a login shell that ended before the program began. */
export function shellRefusal(host: string, user: string, output: string, code: number | null): SlipwayError {
  const said = mask(output).trim().split('\n').slice(-3).join(' / ');
  const end = code === null ? 'was killed' : `ended with code ${code}`;
  return new SlipwayError(
    `the login shell of ${user} on ${host} ${end} and ran nothing${said === '' ? '' : `: ${said}`}`,
    {
      code: 'host-unreachable',
      host,
      exitCode: EXIT.unreachable,
      hint: 'log in as a user whose shell runs commands, and whose authorized_keys forces none',
    },
  );
}
