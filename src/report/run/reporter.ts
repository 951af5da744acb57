import type { Listener } from '#core/event.ts';
import { linesReporter } from './lines-reporter.ts';

/** What shows a run while it runs. */
export interface Reporter {
  readonly listener: Listener;
  /** Resolves when nothing more is drawn, so that other text can follow. A later event starts a new view. */
  readonly settle: () => Promise<void>;
}

/** A stream to report on. */
export interface TerminalStream extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

export interface ReporterOptions {
  readonly stream: TerminalStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `auto`: live on a terminal where a person looks, else lines. */
  readonly progress: 'auto' | 'live' | 'lines' | 'none';
  readonly color: boolean;
}

/** Chooses how a run is shown; the live view is loaded only where it is used. */
export async function openReporter(options: ReporterOptions): Promise<Reporter> {
  const { stream, progress, color } = options;
  const kind = progress === 'auto' ? choose(options) : progress;
  if (kind === 'live') {
    const { liveReporter } = await import('./live-reporter.ts');
    return liveReporter(stream, { color });
  }
  const listener = kind === 'lines' ? linesReporter(stream, { color }) : () => undefined;
  return { listener, settle: () => Promise.resolve() };
}

/** A CI system may offer a terminal although nobody watches it. */
function choose({ stream, env }: ReporterOptions): 'live' | 'lines' {
  const isCi = env['CI'] !== undefined && env['CI'] !== '' && env['CI'] !== 'false';
  return stream.isTTY === true && !isCi && env['TERM'] !== 'dumb' ? 'live' : 'lines';
}
