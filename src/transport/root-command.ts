import { randomBytes } from 'node:crypto';

import { type Script, lines, sh } from '#core/shell.ts';

export const KILL_AFTER_MS = 5000;

/**
 * What one argument of a program may hold on Linux, with room for the words around it.
 *
 * @see https://man7.org/linux/man-pages/man2/execve.2.html (MAX_ARG_STRLEN, 131072 bytes with 4 KiB pages)
 */
const ARGUMENT_LIMIT_BYTES = 120_000;

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** How a user becomes root. */
export type Escalation = 'none' | 'sudo' | 'sudo-with-password';

export interface RootCommandOptions {
  readonly script: Script;
  readonly via: 'argument' | 'stdin';
  /** Standard input is for what the program reads. */
  readonly hasInput?: boolean;
  readonly escalation: Escalation;
  /** Absent: as long as it takes, with standard input left to the program. */
  readonly timeoutMs?: number;
  /** How long a program that ignores SIGTERM has before SIGKILL; default: 5 seconds. */
  readonly killAfterMs?: number | undefined;
}

/**
 * A program as it is sent: the command line, and what goes into its standard input.
 *
 * Words that tell who speaks are put together on the host: they stand nowhere in the command line, so that a shell that
 * only repeats that line is not taken for one that runs it.
 */
export interface RootCommand {
  readonly line: string;
  /** Printed on standard error once the login shell has begun to run the line: what comes before is that shell's. */
  readonly begun: string;
  /** By which sudo asks for the password. */
  readonly prompt: string;
  /** Printed on both outputs when the program begins, as root. */
  readonly marker: string;
  /** What the program reads. */
  readonly input: string;
}

/**
 * Builds the command line that runs a script as root.
 *
 * `timeout` ends the whole process group on the host, even if the connection is lost. A prologue prints that the
 * program is running, and sets the environment.
 *
 * @see https://man7.org/linux/man-pages/man1/timeout.1.html (coreutils 9.1)
 */
export function rootCommand(options: RootCommandOptions): RootCommand {
  const { script, via, escalation, timeoutMs, killAfterMs = KILL_AFTER_MS } = options;
  const nonce = randomBytes(9).toString('hex');
  const marker = `slipway-${nonce}`;
  const words = { begun: `${marker}-begun`, prompt: `${marker}-password`, marker };
  const prologue = lines(
    sh`export PATH=${PATH} LC_ALL=C`,
    sh`umask 022; cd /`,
    sh`nonce=${nonce}; echo slipway-"$nonce"; echo slipway-"$nonce" >&2; unset nonce`,
  );
  if (timeoutMs === undefined) {
    const start = sh`exec /bin/sh -c "$(printf %b "$2")"`;
    return { ...words, line: commandLine(escalation, nonce, [lines(prologue, start), script]), input: '' };
  }
  const limit = sh`/usr/bin/timeout -k ${killAfterMs / 1000} ${secondsOf(timeoutMs)} `;
  const limited = (program: Script): string =>
    commandLine(escalation, nonce, [lines(prologue, program)], limit);
  if (options.hasInput === true) {
    const line = limited(script);
    if (via === 'argument' && Buffer.byteLength(line) <= ARGUMENT_LIMIT_BYTES)
      return { ...words, line, input: '' };
    throw new TypeError('a program that reads something has to fit into an argument');
  }
  if (via === 'argument') {
    const line = limited(lines(sh`exec </dev/null`, script));
    if (Buffer.byteLength(line) <= ARGUMENT_LIMIT_BYTES) return { ...words, line, input: '' };
  }
  const end = `# ${marker}-end`;
  return { ...words, line: limited(wholeProgram(end)), input: `${script}\n${end}\n` };
}

/**
 * Reads the whole program before any of it runs. So what the program starts finds none of it on standard input, and a
 * connection that breaks on the way does not leave half a program running.
 */
const wholeProgram = (end: string): Script =>
  lines(
    sh`slipway_program=$(cat); exec </dev/null`,
    sh`case $slipway_program in *${end}) ;; *) echo 'the program did not arrive whole' >&2; exit 255 ;; esac`,
    sh`eval "unset slipway_program; $slipway_program"`,
  );

/** `timeout` takes 0 for no limit. */
const secondsOf = (timeoutMs: number): number => (Number.isFinite(timeoutMs) ? timeoutMs / 1000 : 0);

const SUDO: Readonly<Record<Exclude<Escalation, 'none'>, string>> = {
  sudo: 'sudo -n',
  'sudo-with-password': 'sudo -S -p slipway-"$n"-password',
};

/** The beginning of a command line: with sudo, a shell of ours says first that the login shell did as it was told. */
const escalated = (escalation: Escalation, nonce: string): string =>
  escalation === 'none'
    ? 'exec '
    : `exec /bin/sh -c 'export LC_ALL=C; n=$1; shift; echo slipway-"$n"-begun >&2; exec ${SUDO[escalation]} -- "$@"' sh ${nonce} `;

/**
 * A command line that every login shell reads the same way, csh and fish included: the only escapes inside its quotes
 * are `\n`, and `\0` with octal digits, which none of them interprets, and which printf turns back.
 */
const commandLine = (
  escalation: Escalation,
  nonce: string,
  programs: readonly Script[],
  limit = '',
): string =>
  [
    `${escalated(escalation, nonce)}${limit}/bin/sh -c 'eval "$(printf %b "$1")"' sh`,
    ...programs.map(encode),
  ].join(' ');

function encode(program: Script): string {
  if (program.includes('\0')) throw new TypeError('a shell program cannot hold a NUL byte');
  return `'${program.replaceAll(INTERPRETED, (found, at: number) => {
    const isBeforeDigit = OCTAL_DIGIT.test(program.charAt(at + found.length));
    return (isBeforeDigit ? BEFORE_DIGIT : ESCAPES).get(found) ?? escaped(found, isBeforeDigit);
  })}'`;
}

/** A quote within quotes, as `quote` writes it, is looked for as one: programs within programs have hundreds of them. */
const INTERPRETED = /'\\''|[\u0001-\u0008\n-\u001f\u007f'!\\]/g;

const OCTAL_DIGIT = /[0-7]/;

/** As few characters as there can be: what is sent at once is what TCP lets go unacknowledged, some 14 kB on a new connection. */
const escaped = (text: string, isBeforeDigit: boolean): string =>
  text.replaceAll(/[^]/g, (one, at: number) => {
    if (one === '\n') return String.raw`\n`;
    const isLast = at + 1 === text.length;
    return `\\0${one
      .charCodeAt(0)
      .toString(8)
      .padStart(isLast && isBeforeDigit ? 3 : 2, '0')}`;
  });

/** Those that programs are full of. */
const FREQUENT = [String.raw`'\''`, "'", '\\', '!', '\n'];
const ESCAPES: ReadonlyMap<string, string> = new Map(FREQUENT.map((found) => [found, escaped(found, false)]));
const BEFORE_DIGIT: ReadonlyMap<string, string> = new Map(
  FREQUENT.map((found) => [found, escaped(found, true)]),
);
