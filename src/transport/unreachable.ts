import type { Host } from '#core/cluster.ts';
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
  host: Host,
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
