import {
  Listr,
  ListrLogger,
  type ListrTask,
  ListrTaskState,
  ProcessOutput,
  type DefaultRenderer,
  type ListrTaskWrapper,
} from 'listr2';

import type { Plan } from '#core/plan.ts';
import type { RunEvent, RunReport } from '#core/event.ts';
import { LiveProgress } from './live-progress.ts';
import { type PhaseView, viewPhases } from './live-view.ts';
import { ObservationProgress } from './observation-view.ts';
import { painter } from '#report/text/paint.ts';
import { INTERRUPTED } from './run-summary.ts';
import type { Reporter, TerminalStream } from './reporter.ts';

export interface LiveOptions {
  readonly color: boolean;
}

const REFRESH_MS = 100;
/** The line that stands for the last look, when every step has been taken. */
const PROOF = 'proof';

type Wrapper = ListrTaskWrapper<unknown, typeof DefaultRenderer, typeof DefaultRenderer>;

/** A view that is redrawn until it has ended. */
interface Screen {
  readonly on: (event: RunEvent) => void;
  readonly end: () => Promise<void>;
}

/** A live view of a run on a terminal, driven by its events alone. */
export function liveReporter(stream: TerminalStream, options: LiveOptions): Reporter {
  let screen: Screen | undefined;
  let ending = Promise.resolve();
  const end = (): void => {
    const last = screen;
    screen = undefined;
    if (last !== undefined) ending = ending.then(() => last.end());
  };
  return {
    listener: (event) => {
      if (event.event === 'run-started') {
        end();
        screen = applyScreen(event.plan, stream, options, ending);
      }
      if (isFirstSign(event) && screen === undefined) {
        screen = observationScreen(stream, options, ending);
      }
      screen?.on(event);
      if (event.event === 'run-finished') end();
    },
    settle: async () => {
      end();
      await ending;
    },
  };
}

const isFirstSign = ({ event }: RunEvent): boolean => event === 'connecting' || event === 'fetching';

/** One line while files are fetched and hosts are asked; it leaves nothing behind. */
function observationScreen(stream: TerminalStream, options: LiveOptions, after: Promise<void>): Screen {
  const progress = new ObservationProgress();
  const { promise, resolve } = Promise.withResolvers<void>();
  const handles = new Map<string, Wrapper>();
  const title = (): string => progress.title(columnsOf(stream));
  const task = handledTask('observation', title(), handles, promise);
  const running = after.then(() => list([task], stream, options, true).run());
  const timer = setInterval(() => {
    const handle = handles.get('observation');
    if (handle !== undefined && handle.title !== title()) handle.title = title();
  }, REFRESH_MS);
  return {
    on: (event) => progress.on(event),
    end: async () => {
      clearInterval(timer);
      resolve();
      await running;
    },
  };
}

/** A line for each phase, and below the running ones what their hosts do. */
function applyScreen(plan: Plan, stream: TerminalStream, options: LiveOptions, after: Promise<void>): Screen {
  const progress = new LiveProgress(plan);
  const paint = painter(options.color);
  const handles = new Map<string, Wrapper>();
  const ends = new Map<string, PromiseWithResolvers<void>>();
  let left: number | undefined;
  let isInterrupted = false;
  const views = (): readonly PhaseView[] => {
    const { rows = 24 } = stream;
    const phases = viewPhases(progress.phases(), {
      nowMs: performance.now(),
      rows: rows - 1,
      columns: columnsOf(stream),
      paint,
    });
    return [...phases, isInterrupted ? INTERRUPTED_VIEW : proofView(progress, left)];
  };
  const tasks = views().map(({ phase, title }) => {
    const ended = Promise.withResolvers<void>();
    ends.set(phase, ended);
    return handledTask(phase, title, handles, ended.promise);
  });
  const running = after.then(() => list(tasks, stream, options, false).run());
  const draw = (): void => {
    for (const view of views()) show(view, handles.get(view.phase), ends.get(view.phase));
  };
  const timer = setInterval(draw, REFRESH_MS);
  return {
    on: (event) => {
      progress.on(event, performance.now());
      if (event.event === 'interrupted') isInterrupted = true;
      if (event.event !== 'run-finished') return;
      isInterrupted = false;
      left = leftAfter(event.report);
    },
    end: async () => {
      clearInterval(timer);
      await after;
      await untilStarted(handles, tasks.length);
      draw();
      for (const { phase, state, title } of views()) {
        if (state === 'running') ends.get(phase)?.reject(new Error(`${title}  interrupted`));
        // What never came to its turn stays as it is: waiting.
        else ends.get(phase)?.resolve();
      }
      await running;
    },
  };
}

/** How much a run has left to do; undefined when it did not come to the point of looking. */
function leftAfter({ failed, skipped, unreachable, left }: RunReport): number | undefined {
  if (left.length > 0) return left.length;
  return failed.length + skipped.length + unreachable.length > 0 ? undefined : 0;
}

const INTERRUPTED_VIEW: PhaseView = { phase: PROOF, state: 'running', title: INTERRUPTED, lines: [] };

function proofView({ isDone, isFinished }: LiveProgress, left: number | undefined): PhaseView {
  const texts = {
    waiting: PROOF,
    running: `${PROOF}: looking again at what was touched`,
    done: `${PROOF}: nothing is left to do`,
    failed: `${PROOF}: ${left} left to do`,
  };
  const ended = left === 0 ? 'done' : 'failed';
  const pending = isDone && !isFinished ? 'running' : 'waiting';
  const state = left === undefined ? pending : ended;
  return { phase: PROOF, state, title: texts[state], lines: [] };
}

/** Brings a task of the list to what the view says, without redrawing what is the same. */
function show(
  view: PhaseView,
  handle: Wrapper | undefined,
  ended: PromiseWithResolvers<void> | undefined,
): void {
  if (handle === undefined || ended === undefined) return;
  const { task } = handle;
  if (task.hasFinalized()) return;
  const wanted = view.state === 'waiting' ? ListrTaskState.WAITING : ListrTaskState.STARTED;
  if (task.state !== wanted) task.state$ = wanted;
  if (handle.title !== view.title) handle.title = view.title;
  const output = view.lines.join('\n');
  if (view.state === 'running' && (handle.output ?? '') !== output) handle.output = output;
  if (view.state === 'failed') ended.reject(new Error([view.title, ...view.lines].join('\n')));
  if (view.state === 'skipped') handle.skip(view.title);
  if (view.state === 'done' || view.state === 'skipped') ended.resolve();
}

/** A task that only shows what happens elsewhere, until it is told to end. */
function handledTask(
  key: string,
  title: string,
  handles: Map<string, Wrapper>,
  ended: Promise<void>,
): ListrTask<unknown, typeof DefaultRenderer, typeof DefaultRenderer> {
  return {
    title,
    task: (_context, wrapper) => {
      handles.set(key, wrapper);
      return ended;
    },
    rendererOptions: { outputBar: 1 },
    fallbackRendererOptions: { outputBar: 1 },
  };
}

function list(
  tasks: ReturnType<typeof handledTask>[],
  stream: TerminalStream,
  { color }: LiveOptions,
  clearOutput: boolean,
): Listr<unknown, 'default', 'default'> {
  const rendererOptions = {
    clearOutput,
    formatOutput: 'truncate' as const,
    logger: new ListrLogger<never>({
      processOutput: new ProcessOutput(stream as NodeJS.WriteStream, stream as NodeJS.WriteStream),
    }),
    ...(!color && { color: { PENDING: plain, COMPLETED: plain, FAILED: plain, WAITING: plain } }),
  };
  return new Listr<unknown, 'default', 'default'>(tasks, {
    concurrent: true,
    exitOnError: false,
    // The run is stopped by the signal it was given, and its last events end this view.
    registerSignalListeners: false,
    rendererOptions,
    // listr2 looks whether standard output is a terminal; this view is on standard error.
    fallbackRenderer: 'default',
    fallbackRendererOptions: rendererOptions,
  });
}

const plain = (text?: string): string => text ?? '';

/** listr2 starts its tasks a moment after it is told to run. */
async function untilStarted(handles: ReadonlyMap<string, Wrapper>, count: number): Promise<void> {
  while (handles.size < count) await new Promise((resolve) => setTimeout(resolve, 5));
}

const columnsOf = ({ columns = 80 }: TerminalStream): number => columns;
