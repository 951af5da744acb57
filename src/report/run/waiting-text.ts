import type { RunEvent } from '#core/event.ts';
import { formatDuration } from '#report/text/duration.ts';

type Waiting = Extract<RunEvent, { readonly event: 'node-waiting' }>;

/** `waits up to 5m 00s: ready is false, wanted true`. */
export const waitingText = ({ what, timeoutMs }: Waiting): string =>
  `waits up to ${formatDuration(timeoutMs)}: ${what}`;
