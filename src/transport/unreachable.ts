import type { Host } from '#core/cluster.ts';
import { EXIT } from '#core/exit-code.ts';
import { SlipwayError } from '#core/slipway-error.ts';

interface UnreachableOptions {
  readonly hint: string;
  readonly cause?: unknown;
  /** Whether the same may succeed a moment later. */
  readonly isPassing?: boolean;
}

/** An error that is worth another try: the host is there, and has closed the connection. */
export class ConnectionCut extends SlipwayError {}

/** The error for a host that could not be logged in to, with the reason in plain words. */
export const unreachable = (
  host: Host,
  why: string,
  { hint, cause, isPassing = false }: UnreachableOptions,
): SlipwayError =>
  new (isPassing ? ConnectionCut : SlipwayError)(
    `cannot connect to ${host.name} (${host.user}@${host.address}:${host.port}): ${why}`,
    {
      code: 'host-unreachable',
      host: host.name,
      exitCode: EXIT.unreachable,
      hint,
      cause,
    },
  );
