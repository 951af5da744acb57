import { ExecutionTimeout } from '#core/execution-error.ts';
import type { Fact, HostAnswers } from '#core/fact.ts';
import { lines, sh } from '#core/shell.ts';
import { Semaphore } from '#core/semaphore.ts';
import { SlipwayError } from '#core/slipway-error.ts';
import type { Execution, ExecutionResult, Looked, Observer } from '#core/transport.ts';

import type { Errand } from './errand.ts';

/** How many programs are run on a host at once; sshd allows ten channels by default. */
const PROGRAMS_PER_HOST = 4;

/** What others are going to ask, by who they are. */
export type Ahead = ReadonlyMap<string, readonly Fact[]>;

export const NOBODY: Ahead = new Map();

interface Known {
  readonly answers: HostAnswers;
  /** By `performance.now()`. */
  readonly untilMs: number;
}

export interface VisitsOptions {
  readonly connections: { readonly lookable: (host: string) => Promise<Looked> };
  readonly observe: (connection: Looked) => Observer;
}

/** How long answers to what was asked ahead are as good as a look. */
const FRESH_MS = 1000;

/** What came of an errand. */
export interface Sent {
  /** What its program printed; absent where all its steps ended well and what came after them had no end. */
  readonly said?: ExecutionResult;
  /** Absent where nothing was asked, or the host could not answer. */
  readonly answers?: HostAnswers;
}

interface Visitor<Result> {
  readonly facts: readonly Fact[];
  /** What others are going to ask if there is nothing to be done by these answers. */
  readonly ahead: Ahead;
  readonly done: PromiseWithResolvers<Result>;
}

interface Carrier extends Visitor<Sent> {
  readonly errand: Errand;
}

/**
 * Programs on their way to hosts. What nodes of a host ask at the same moment is one look, and brief steps that they take at
 * the same moment are one program, in which each node's steps stand or fall by themselves. Where something is to be asked
 * after steps, the same program does so, and asks what is going to be asked next: until something else is done to the host,
 * that is as good as a look.
 */
export class Visits {
  readonly #options: VisitsOptions;
  readonly #places = new Map<string, Semaphore>();
  readonly #looks = new Map<string, Visitor<HostAnswers>[]>();
  readonly #errands = new Map<string, Carrier[]>();
  /** By host, and by who is going to ask. */
  readonly #known = new Map<string, Map<string, Known>>();

  constructor(options: VisitsOptions) {
    this.#options = options;
  }

  /** The answers to the facts, as things are now, or as they were when it was asked ahead for `who`; maybe to more than these. */
  async ask(host: string, facts: readonly Fact[], who = '', ahead = NOBODY): Promise<HostAnswers> {
    const known = this.#known.get(host)?.get(who);
    const isFresh = known !== undefined && performance.now() <= known.untilMs;
    if (isFresh && facts.every((fact) => isAnswered(known.answers, fact))) return known.answers;
    const done = Promise.withResolvers<HostAnswers>();
    joinedBy(this.#looks, host, { facts, ahead, done }, (all) => this.#lookForAll(host, all));
    return done.promise;
  }

  /** What was asked ahead is no longer to be gone by: the host has changed since, or what was looked at has. */
  forget(host: string): void {
    this.#known.delete(host);
  }

  /**
   * Takes the steps, and then asks the facts where all steps ended well.
   *
   * @throws {StepFailed} when the time was over before they ended.
   */
  async send(host: string, errand: Errand, facts: readonly Fact[], ahead = NOBODY): Promise<Sent> {
    const done = Promise.withResolvers<Sent>();
    // A program that reads its standard input has no room for more.
    const isAlone = errand.input !== undefined || facts.length === 0;
    const carrier = { ...(isAlone ? { facts: [], ahead: NOBODY } : { facts, ahead }), errand, done };
    if (errand.isBrief) joinedBy(this.#errands, host, carrier, (all) => this.#sendAll(host, all));
    else void this.#sendAll(host, [carrier]);
    return done.promise;
  }

  async #lookForAll(host: string, all: readonly Visitor<HostAnswers>[]): Promise<void> {
    const answered = await settled(this.#look(host, all));
    if (answered.status === 'fulfilled') return all.forEach(({ done }) => done.resolve(answered.value));
    // What cannot be read for one of them is no fault of the others.
    const isOfAll = all.length === 1 && all.every(({ ahead }) => ahead.size === 0);
    if (isOfAll || !isUnreadable(answered.reason))
      return all.forEach(({ done }) => done.reject(answered.reason));
    await Promise.all(all.map((one) => this.#lookForAll(host, [{ ...one, ahead: NOBODY }])));
  }

  async #look(host: string, all: readonly Visitor<HostAnswers>[]): Promise<HostAnswers> {
    const { connections, observe } = this.#options;
    return this.#placesOf(host).run(async () => {
      const observer = observe(await connections.lookable(host));
      return this.#keeping(host, all, () => observer.ask(askedBy(all)));
    });
  }

  /** Keeps what a look is answered for those that were asked ahead for. */
  async #keeping(
    host: string,
    all: readonly Pick<Carrier, 'ahead'>[],
    look: () => Promise<HostAnswers>,
  ): Promise<HostAnswers> {
    const known = this.#known.get(host) ?? new Map<string, Known>();
    const names = all.flatMap(({ ahead }) => [...ahead.keys()]);
    for (const who of names) known.delete(who);
    const answers = await look();
    const untilMs = performance.now() + FRESH_MS;
    for (const who of names) known.set(who, { answers, untilMs });
    this.#known.set(host, known);
    return answers;
  }

  async #sendAll(host: string, all: readonly Carrier[]): Promise<void> {
    const sent = await settled(this.#placesOf(host).run(() => this.#send(host, all)));
    if (sent.status === 'fulfilled') return all.forEach(({ done }) => done.resolve(sent.value));
    if (!(sent.reason instanceof ExecutionTimeout))
      return all.forEach(({ done }) => done.reject(sent.reason));
    for (const carrier of all) {
      const { errand, done } = carrier;
      const { output } = sent.reason;
      if (errand.state === 'done') done.resolve({});
      else if (errand.state === 'failed') done.resolve({ said: { code: null, stdout: output, stderr: '' } });
      else if (errand.state === 'under way' || all.length === 1)
        done.reject(errand.overdue(timeoutOf(all), output));
      else void this.#sendAll(host, [carrier]);
    }
  }

  async #send(host: string, all: readonly Carrier[]): Promise<Sent> {
    this.forget(host);
    const connection = await this.#options.connections.lookable(host);
    const facts = askedBy(all);
    if (facts.length === 0) return { said: await connection.execute(programOf(all)) };
    let sending: Promise<ExecutionResult> | undefined;
    const execute = (look: Execution): Promise<ExecutionResult> =>
      (sending = connection.execute(programOf(all, look)));
    const observer = this.#options.observe({ host, execute });
    const asked = await settled(this.#keeping(host, all, () => observer.ask(facts)));
    if (sending === undefined) throw new TypeError(`${host} was asked without a program`);
    const said = await sending;
    return asked.status === 'rejected' ? { said } : { said, answers: asked.value };
  }

  #placesOf(host: string): Semaphore {
    const places = this.#places.get(host) ?? new Semaphore(PROGRAMS_PER_HOST);
    this.#places.set(host, places);
    return places;
  }
}

/** One program for the steps of all, and for a look behind them. */
function programOf(all: readonly Carrier[], look?: Execution): Execution {
  const errands = all.map(({ errand }) => errand);
  const [only] = errands;
  const hear = (line: string): void => errands.forEach((errand) => errand.hear(line));
  const timeoutMs = timeoutOf(all) + (look?.timeoutMs ?? 0);
  if (only !== undefined && errands.length === 1 && look === undefined) {
    const { program: script, input } = only;
    const way = input === undefined ? { via: 'stdin' as const } : { via: 'argument' as const, input };
    return { script, ...way, timeoutMs, onLine: hear };
  }
  const script = lines(
    sh`slipway_done=`,
    ...errands.map(({ part }) => part),
    sh`[ "$slipway_done" = 1 ] || exit 1`,
    look?.script ?? sh`:`,
  );
  return { ...look, script, via: 'stdin', timeoutMs, onLine: hear };
}

const timeoutOf = (all: readonly Carrier[]): number =>
  all.reduce((sum, { errand }) => sum + errand.timeoutMs, 0);

/** What all ask, now and ahead; an observer asks each once. */
const askedBy = (all: readonly Pick<Carrier, 'facts' | 'ahead'>[]): readonly Fact[] =>
  all.flatMap(({ facts, ahead }) => [...facts, ...[...ahead.values()].flat()]);

const isAnswered = (answers: HostAnswers, { family, key }: Fact): boolean =>
  answers[family.name]?.[key] !== undefined;

/** Adds one to those that come at the same moment; the first of them begins for all. */
function joinedBy<One>(
  waiting: Map<string, One[]>,
  host: string,
  one: One,
  begin: (all: readonly One[]) => Promise<void>,
): void {
  const others = waiting.get(host);
  if (others !== undefined) {
    others.push(one);
    return;
  }
  const all = [one];
  waiting.set(host, all);
  setImmediate(() => {
    waiting.delete(host);
    void begin(all);
  });
}

const isUnreadable = (error: unknown): boolean =>
  error instanceof SlipwayError && error.code === 'fact-unreadable';

async function settled<T>(promise: Promise<T>): Promise<PromiseSettledResult<T>> {
  const [result] = await Promise.allSettled([promise]);
  return result;
}
