import { EXIT } from '#core/exit-code.ts';
import { lines, sh } from '#core/shell.ts';
import { SlipwayError } from '#core/slipway-error.ts';
import type { Connection, Held } from '#core/transport.ts';

const LOCK = '/run/lock/slipway.lock';
/** The controller is heard from this often, and given up after three times as long. */
const HEARTBEAT_MS = 15_000;
const HELD = 'slipway-lock-held';
const BUSY = 'slipway-lock-busy';

/**
 * Takes a host's lock for as long as the connection lives.
 *
 * The holder is a process on the SSH channel with its hand on a `flock`: when the channel closes it reads the
 * end of its input and goes, and the kernel frees the lock. A cut network closes nothing, so it also goes when
 * no heartbeat comes.
 *
 * @param holder who holds it, for the other run's error.
 * @throws {SlipwayError} with exit code 5 when another run has it.
 * @see https://man7.org/linux/man-pages/man1/flock.1.html (util-linux 2.38)
 */
export async function lockHost(connection: Connection, holder: string): Promise<Held> {
  const hold = lines(
    sh`printf '%s\n' ${holder} >${LOCK}`,
    sh`echo ${HELD}`,
    sh`while timeout ${(3 * HEARTBEAT_MS) / 1000} sh -c 'IFS= read -r beat'; do :; done`,
    sh`: >${LOCK}`,
  );
  const script = lines(
    sh`: >>${LOCK} || exit 1`,
    sh`flock -o -n -E 75 ${LOCK} sh -c ${hold}; code=$?`,
    sh`[ "$code" = 75 ] && { echo ${BUSY}; cat ${LOCK}; }`,
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
