import type { Cluster } from '#core/cluster.ts';
import { rememberLast } from '#core/remember-last.ts';
import type { TurnOrder } from '#core/daemon.ts';

/** In which order nodes may be out of service, and how many workers at once: what the inventory says under `upgrade`. */
export const turnOrder = rememberLast(
  (
    { upgrade: { maxUnavailable, order, pauseAfter }, hosts }: Cluster,
    first: TurnOrder['first'],
  ): TurnOrder => {
    const [, count = '1', percent] = /^(\d+)(%?)$/.exec(maxUnavailable) ?? [];
    const workers = hosts.filter(({ role }) => role === 'worker').length;
    const share = Math.floor((workers * Number(count)) / 100);
    return {
      first,
      workersAtOnce: Math.max(1, percent === '' ? Number(count) : share),
      stages: order,
      pauses: pauseAfter,
    };
  },
);
