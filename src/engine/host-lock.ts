import { randomBytes } from 'node:crypto';

import { EXIT } from '#core/exit-code.ts';
import { embed, lines, sh } from '#core/shell.ts';
import { SlipwayError } from '#core/slipway-error.ts';
import type { Connection, Held } from '#core/transport.ts';

const LOCK = '/run/lock/slipway.lock';
/** How often the controller sends a heartbeat; three times as long without one, and the lock is freed. */
const HEARTBEAT_MS = 15_000;
const HELD = 'slipway-lock-held';
const BUSY = 'slipway-lock-busy';
/** What waits for a lock looks this often, and so many times. */
const LOOK_AGAIN_S = 0.02;
const LOOKS = 1500;

export interface LockHolder {
  /** For the other run's error. */
  readonly holder: string;
  /** Random: shows that it is this run that has taken the lock. */
  readonly token: string;
}

export const lockToken = (): string => `lock-${randomBytes(9).toString('hex')}`;

/**
 * Takes a host's lock for as long as the connection lives.
 *
 * A process on the SSH channel holds it, by `flock`. When the channel closes, the process reads the end of its input
 * and exits, and the kernel frees the lock. A network that is cut closes no channel, so the process also exits when no
 * heartbeat comes.
 *
 * @throws {SlipwayError} with exit code 5 when another run has it.
 * @see https://man7.org/linux/man-pages/man1/flock.1.html (util-linux 2.38)
 */
export async function lockHost(connection: Connection, { holder, token }: LockHolder): Promise<Held> {
  const hold = lines(
    sh`printf '%s\n' ${holder} ${token} >${LOCK}`,
    sh`echo ${HELD}`,
    sh`while timeout ${(3 * HEARTBEAT_MS) / 1000} sh -c 'IFS= read -r beat'; do :; done`,
    sh`: >${LOCK}`,
  );
  const script = lines(
    sh`: >>${LOCK} || exit 1`,
    sh`flock -o -n -E 75 ${LOCK} sh -c ${hold}; code=$?`,
    sh`[ "$code" = 75 ] && { echo ${BUSY}; head -n 1 ${LOCK}; }`,
    sh`exit "$code"`,
  );
  const held = await connection.hold(script, HELD, HEARTBEAT_MS);
  if (held.isHeld) return held;
  const [, other] = held.greeting.split(`${BUSY}\n`);
  if (other === undefined) {
    throw new SlipwayError(`${connection.host} gave no lock: ${held.greeting.trim() || 'no answer'}`, {
      code: 'lock-failed',
      host: connection.host,
    });
  }
  throw new SlipwayError(`${connection.host} is locked by another run: ${other.trim() || 'just starting'}`, {
    code: 'locked',
    host: connection.host,
    hint: 'wait for it to end; its lock goes with it, however it ends',
    exitCode: EXIT.locked,
  });
}

/**
 * The same connection for programs that are sent while the lock is being taken: each waits, on the host, until
 * the lock has this token.
 */
export function behindLock(
  connection: Pick<Connection, 'host' | 'execute'>,
  token: string,
): Pick<Connection, 'host' | 'execute'> {
  const isHeld = sh`{ IFS= read -r slipway_who && IFS= read -r slipway_who; } 2>/dev/null <${LOCK} && [ "$slipway_who" = ${token} ]`;
  const wait = lines(
    sh`slipway_looks=0`,
    sh`until ${embed(isHeld)}; do`,
    sh`[ "$((slipway_looks += 1))" -le ${LOOKS} ] || { echo 'the lock was not taken' >&2; exit 1; }`,
    sh`sleep ${LOOK_AGAIN_S}`,
    sh`done; unset slipway_who slipway_looks`,
  );
  return {
    host: connection.host,
    execute: (execution) => connection.execute({ ...execution, script: lines(wait, execution.script) }),
  };
}
