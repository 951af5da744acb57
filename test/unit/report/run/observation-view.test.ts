import { describe, expect, test } from 'vitest';

import type { RunEvent } from '#core/event.ts';
import { ObservationProgress } from '#report/run/observation-view.ts';

function titleAfter(...events: readonly RunEvent[]): string {
  const progress = new ObservationProgress();
  for (const event of events) progress.on(event);
  return progress.title(120);
}

const connecting = (host: string): RunEvent => ({ event: 'connecting', host });
const again = (host: string): RunEvent => ({
  event: 'connect-retried',
  host,
  why: 'Connection reset by peer',
  pauseMs: 500,
  attempt: 2,
});

describe('the first look at the hosts', () => {
  test('counts those that hung up and are tried again, each once', () => {
    expect(titleAfter(connecting('cp1'), connecting('w1'), again('cp1'), again('w1'), again('w1'))).toBe(
      'Looking at the hosts: 0 answered, 2 hung up and tried again, waiting for cp1, w1',
    );
  });

  test('counts them no more once they are connected, have answered or are given up', () => {
    const tried = ['cp1', 'w1', 'w2'].flatMap((host) => [connecting(host), again(host)]);
    expect(titleAfter(...tried, { event: 'connected', host: 'cp1' })).toContain('2 hung up and tried again');
    expect(
      titleAfter(
        ...tried,
        { event: 'connected', host: 'cp1' },
        { event: 'observed', host: 'w1' },
        { event: 'unreachable', host: 'w2', why: 'Connection refused' },
      ),
    ).toBe('Looking at the hosts: 1 answered, 1 unreachable, waiting for cp1');
  });
});
