import type { Host } from '#core/cluster.ts';
import { EXIT } from '#core/exit-code.ts';
import { SlipwayError } from '#core/slipway-error.ts';

/** The error for a host that nobody got into, with the reason in plain words. */
export const unreachable = (
  host: Host,
  why: string,
  { hint, cause }: { readonly hint: string; readonly cause?: unknown },
): SlipwayError =>
  new SlipwayError(`cannot connect to ${host.name} (${host.user}@${host.address}:${host.port}): ${why}`, {
    code: 'host-unreachable',
    host: host.name,
    exitCode: EXIT.unreachable,
    hint,
    cause,
  });
