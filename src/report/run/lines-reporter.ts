import type { Listener, NodeRef, NodeResult, Retried, RunEvent } from '#core/event.ts';
import { formatDuration } from '#report/text/duration.ts';
import { painter } from '#report/text/paint.ts';
import { failureLines, INTERRUPTED } from './run-summary.ts';
import { waitingText } from './waiting-text.ts';
import { counted, indent, plainOutput } from '#report/text/text-layout.ts';

export interface LinesOptions {
  /** Default: no colour. */
  readonly color?: boolean;
  /** A monotonic clock, in milliseconds. */
  readonly now?: () => number;
}

export interface TextSink {
  write(text: string): unknown;
}

/** A long step says at most this often how it gets on, or what is still waited for. */
const PROGRESS_MS = 10_000;

/**
 * Plain lines, for logs: one for each change that is done, what failed and why, retries, what is waited for, and
 * now and then how a long step gets on. Nothing is said of what was right already, nor of what is skipped.
 */
export function linesReporter(sink: TextSink, options: LinesOptions = {}): Listener {
  const { now = () => performance.now() } = options;
  const paint = painter(options.color ?? false);
  const startedAt = now();
  const spokenAt = new Map<string, number>();
  const startTimes = new Map<string, number>();
  const observed = new Set<string>();
  const say = (text: string): void => {
    const time = paint('dim', `[${formatDuration(now() - startedAt)}]`);
    sink.write(`${time} ${text}\n`);
  };

  const finish = (node: NodeRef, result: NodeResult, elapsedMs: number): void => {
    const time = paint('dim', `(${formatDuration(elapsedMs)})`);
    if (result.result === 'changed') {
      const restarts = result.restarts.length > 0 ? `, restarted ${result.restarts.join(', ')}` : '';
      say(`${nameOf(node)} ${paint('green', 'changed')}${restarts} ${time}`);
    }
    if (result.result !== 'failed') return;
    say(`${nameOf(node)} ${paint('red', 'FAILED')} ${time}`);
    sink.write(`${indent(failureLines(result.failure, paint), 4).join('\n')}\n`);
  };

  /** Whether something may be said now, or was said a moment ago. */
  const isTime = (what: string): boolean => {
    const last = spokenAt.get(what);
    const isDue = last === undefined || now() - last >= PROGRESS_MS;
    if (isDue) spokenAt.set(what, now());
    return isDue;
  };

  const progress = (node: NodeRef, line: string): void => {
    if (!isTime(node.id)) return;
    const since = formatDuration(now() - (startTimes.get(node.id) ?? now()));
    say(`${nameOf(node)} ${paint('dim', `... ${since}: ${plainOutput(line)}`)}`);
  };

  const wait = (node: NodeRef, text: string): void => {
    if (isTime(`${node.id} waits`)) say(`${nameOf(node)} ${paint('dim', plainOutput(text))}`);
  };

  const retry = (what: string, { attempt, pauseMs, why }: Retried): void =>
    say(`${what} ${paint('yellow', 'retry')} ${attempt} in ${formatDuration(pauseMs)}: ${plainOutput(why)}`);

  return (event: RunEvent) => {
    if (event.event === 'fetching') say(`fetching ${event.location}`);
    if (event.event === 'fetch-retried') retry(event.location, event);
    if (event.event === 'connect-retried') retry(event.host, event);
    if (event.event === 'observed') observed.add(event.host);
    if (event.event === 'unreachable') {
      say(`${event.host} ${paint('red', 'unreachable')}: ${event.why}`);
      if (event.hint !== undefined) sink.write(`    Hint: ${event.hint}\n`);
    }
    if (event.event === 'interrupted') say(paint('yellow', INTERRUPTED));
    if (event.event === 'run-started') say(`${counted(observed.size, 'host')} observed, applying`);
    if (event.event === 'node-started') {
      startTimes.set(event.node.id, now());
      spokenAt.set(event.node.id, now());
    }
    if (event.event === 'node-progress') progress(event.node, event.line);
    if (event.event === 'node-retried') retry(nameOf(event.node), event);
    if (event.event === 'node-waiting') wait(event.node, waitingText(event));
    if (event.event === 'node-finished') finish(event.node, event.result, event.elapsedMs);
  };
}

const nameOf = ({ host, phase, address }: NodeRef): string => `${host} ${phase} ${address}`;
