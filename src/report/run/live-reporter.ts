import { setTimeout as sleep } from 'node:timers/promises';

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
/** The last line: hosts are asked again whether anything is left to do. */
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

/** One line while files are fetched and hosts are asked; nothing of it remains on the screen. */
function observationScreen(stream: TerminalStream, options: LiveOptions, after: Promise<void>): Screen {
  const progress = new ObservationProgress();
  const view = (): PhaseView => ({
    phase: '',
    state: 'running',
    title: progress.title(columnsOf(stream)),
    lines: [],
  });
  const task = new LiveTask(view().title);
  const running = after.then(() => list([task], stream, options, true).run());
  const timer = setInterval(() => task.show(view()), REFRESH_MS);
  return {
    on: (event) => progress.on(event),
    end: async () => {
      clearInterval(timer);
      task.end();
      await running;
    },
  };
}

/** A line for each phase, and below the running ones what their hosts do. */
function applyScreen(plan: Plan, stream: TerminalStream, options: LiveOptions, after: Promise<void>): Screen {
  const progress = new LiveProgress(plan);
  const paint = painter(options.color);
  let left: number | undefined;
  let isInterrupted = false;
  const views = (): readonly PhaseView[] => {
    const { rows = 24 } = stream;
    const size = { rows: rows - 1, columns: columnsOf(stream) };
    const phases = viewPhases(progress.phases(), { nowMs: performance.now(), ...size, paint });
    return [...phases, isInterrupted ? INTERRUPTED_VIEW : proofView(progress, left)];
  };
  const tasks = views().map(({ title }) => new LiveTask(title));
  const running = after.then(() => list(tasks, stream, options, false).run());
  const draw = (): void => {
    for (const [nth, view] of views().entries()) tasks[nth]?.show(view);
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
      // listr2 starts its tasks a moment after it is told to run.
      while (!tasks.every(({ isStarted }) => isStarted)) await sleep(5);
      draw();
      for (const [nth, { state, title }] of views().entries()) {
        // A phase that never began stays as it is, waiting.
        tasks[nth]?.end(state === 'running' ? `${title}  interrupted` : undefined);
      }
      await running;
    },
  };
}

/** How much is left to do; undefined when hosts were not asked again. */
function leftAfter({ failed, skipped, unreachable, left }: RunReport): number | undefined {
  if (left.length > 0) return left.length;
  return failed.length + skipped.length + unreachable.length > 0 ? undefined : 0;
}

const INTERRUPTED_VIEW: PhaseView = { phase: PROOF, state: 'running', title: INTERRUPTED, lines: [] };

function proofView({ isDone, isFinished, proofWaitsFor }: LiveProgress, left: number | undefined): PhaseView {
  const texts = {
    waiting: PROOF,
    running: `${PROOF}: ${proofWaitsFor ?? 'looking again at what was touched'}`,
    done: `${PROOF}: nothing is left to do`,
    failed: `${PROOF}: ${left} left to do`,
  };
  const ended = left === 0 ? 'done' : 'failed';
  const pending = isDone && !isFinished ? 'running' : 'waiting';
  const state = left === undefined ? pending : ended;
  return { phase: PROOF, state, title: texts[state], lines: [] };
}

/** A task of the list, which only shows what happens elsewhere until it is told to end. */
class LiveTask {
  readonly task: ListrTask<unknown, typeof DefaultRenderer, typeof DefaultRenderer>;
  readonly #ended = Promise.withResolvers<void>();
  #handle: Wrapper | undefined;

  constructor(title: string) {
    const task = (_context: unknown, handle: Wrapper): Promise<void> => {
      this.#handle = handle;
      return this.#ended.promise;
    };
    const options = { outputBar: 1 };
    this.task = { title, task, rendererOptions: options, fallbackRendererOptions: options };
  }

  get isStarted(): boolean {
    return this.#handle !== undefined;
  }

  /** Brings the task to what the view says, without redrawing what is the same. */
  show({ state, title, lines }: PhaseView): void {
    const handle = this.#handle;
    if (handle === undefined || handle.task.hasFinalized()) return;
    const wanted = state === 'waiting' ? ListrTaskState.WAITING : ListrTaskState.STARTED;
    if (handle.task.state !== wanted) handle.task.state$ = wanted;
    if (handle.title !== title) handle.title = title;
    const output = lines.join('\n');
    if (state === 'running' && (handle.output ?? '') !== output) handle.output = output;
    if (state === 'failed') this.end([title, ...lines].join('\n'));
    if (state === 'skipped') handle.skip(title);
    if (state === 'done' || state === 'skipped') this.end();
  }

  end(error?: string): void {
    if (error === undefined) this.#ended.resolve();
    else this.#ended.reject(new Error(error));
  }
}

function list(
  tasks: readonly LiveTask[],
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
  return new Listr<unknown, 'default', 'default'>(
    tasks.map(({ task }) => task),
    {
      concurrent: true,
      exitOnError: false,
      // The run is stopped by the signal it was given, and its last events end this view.
      registerSignalListeners: false,
      rendererOptions,
      // listr2 looks whether standard output is a terminal; this view is on standard error.
      fallbackRenderer: 'default',
      fallbackRendererOptions: rendererOptions,
    },
  );
}

const plain = (text?: string): string => text ?? '';

const columnsOf = ({ columns = 80 }: TerminalStream): number => columns;
