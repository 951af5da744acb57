import { bracketed } from '#core/bracketed.ts';
import type { Login } from '#core/cluster.ts';
import { EXIT } from '#core/exit-code.ts';
import { SlipwayError } from '#core/slipway-error.ts';

interface UnreachableOptions {
  readonly cause?: unknown;
  /** That the same may succeed later: in a moment, or once the host is up. */
  readonly passes?: typeof SlipwayError;
}

/** An error that is worth another try: the host is there, and has closed the connection. */
export class ConnectionCut extends SlipwayError {}

/** An error that is worth waiting for longer: the host is there, and lets nobody in before it is up. */
export class HostComingUp extends ConnectionCut {}

/** The error for a host that could not be logged in to, with the reason in plain words. */
export const unreachable = (
  host: Login,
  why: string,
  hint: string,
  { cause, passes = SlipwayError }: UnreachableOptions = {},
): SlipwayError =>
  new passes(`cannot connect to ${host.name} (${host.user}@${host.address}:${host.port}): ${why}`, {
    code: 'host-unreachable',
    host: host.name,
    exitCode: EXIT.unreachable,
    hint,
    cause,
  });

/** What a person types to log in by hand, bastions included. @see https://man.openbsd.org/ssh#J (OpenSSH 10.0) */
export const sshCommand = ({ user, address, port, bastions = [] }: Login): string => {
  const jumps = bastions.map((bastion) => `${bastion.user}@${bracketed(bastion.address)}:${bastion.port}`);
  const through = jumps.length === 0 ? '' : `-J ${jumps.join(',')} `;
  return `ssh ${through}-p ${port} ${user}@${address}`;
};
