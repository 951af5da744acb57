import { ConnectionLost } from '#core/execution-error.ts';
import { EXIT } from '#core/exit-code.ts';
import { CONTROLLER, type Fact, type HostAnswers } from '#core/fact.ts';
import type { Graph, GraphNode } from '#core/graph.ts';
import { hostsAway } from '#core/plan.ts';
import { retry } from '#core/retry.ts';
import { SlipwayError } from '#core/slipway-error.ts';
import type { Speaker } from '#core/workflow.ts';

import type { Connections } from './connections.ts';
import { hostsAsked } from './make-plan.ts';
import { askedFirst, type FurtherNode, furtherOf, hasFurther, withFurther } from './further.ts';
import { factsByHost, mergeAnswers } from './observe.ts';
import type { Semaphore } from '#core/semaphore.ts';
import type { SessionOptions } from './session.ts';
import { SharedAnswers } from './shared-answers.ts';

export interface LookerOptions extends Pick<
  SessionOptions,
  'cluster' | 'workflow' | 'observe' | 'concurrency' | 'holder' | 'listener' | 'signal'
> {
  readonly connections: Connections;
  /** A place for each host that may be asked at the same time. */
  readonly slots: Semaphore;
}

/** What one host answered, or why it could not be asked. */
export interface HostLook {
  readonly name: string;
  readonly answers?: HostAnswers;
  readonly unreachable?: string;
  /** The same of a host that leaves the cluster. */
  readonly gone?: string;
  readonly hint?: string;
}

/** Asks hosts, all at once, and finds the control plane that speaks for the cluster. */
export class Looker {
  readonly #options: LookerOptions;

  constructor(options: LookerOptions) {
    this.#options = options;
  }

  /** Asks all hosts that nodes are about or ask, each all its questions at once, and what turns out to be needed further. */
  async lookAt(nodes: readonly GraphNode[]): Promise<readonly HostLook[]> {
    const facts = factsByHost(nodes.map(askedFirst));
    const names = this.#concerned(nodes, facts);
    const further = Map.groupBy(nodes.filter(hasFurther), ({ runsOn }) => runsOn);
    return this.#askAll(new Map(names.map((name) => [name, facts.get(name) ?? []])), further);
  }

  /** Asks hosts the same questions, all at once. */
  async ask(names: readonly string[], facts: readonly Fact[]): Promise<readonly HostLook[]> {
    return this.#askAll(new Map(names.map((name) => [name, facts])));
  }

  async #askAll(
    facts: ReadonlyMap<string, readonly Fact[]>,
    further: ReadonlyMap<string, readonly FurtherNode[]> = new Map(),
  ): Promise<readonly HostLook[]> {
    // Where there are more hosts than may be connected to at once, a look leaves no connection open.
    const isLetGo = this.#options.holder === undefined && facts.size > this.#options.concurrency;
    const shared = new SharedAnswers();
    return Promise.all(
      [...facts].map(([name, questions]) =>
        this.#options.slots.run(async () => {
          const { answers, ...look } = await this.#ask(name, questions, further.get(name));
          if (isLetGo) await this.#options.connections.letGo(name);
          return { ...look, ...(answers !== undefined && { answers: shared.of(answers) }) };
        }),
      ),
    );
  }

  /**
   * The control plane through which the cluster answers. It is the preferred one unless that one does not answer
   * and another does: only then are the others asked.
   */
  async findSpeaker(look: readonly HostLook[], graph: Graph): Promise<string> {
    const { speaker } = this.#options.workflow;
    const { clusterHost: preferred, nodes } = graph;
    const own = look.find(({ name }) => name === preferred);
    const answer = own?.answers?.[speaker.fact.family.name]?.[speaker.fact.key];
    const isFine = own?.unreachable === undefined && (answer === undefined || speaker.isAnswering(answer));
    const isAsked = nodes.some((node) => hostsAsked(node).includes(preferred));
    if (isFine || !isAsked) return preferred;
    const away = hostsAway(look);
    const others = this.#candidates().filter((name) => name !== preferred && !away.has(name));
    const looks = await this.#askAbout(others);
    return looks.find(this.#isAnswering)?.name ?? preferred;
  }

  /** The control plane that what has no plan goes to: where there is no choice, nobody is asked. */
  async speaker(): Promise<string> {
    const [preferred = '', ...others] = this.#candidates();
    return others.length === 0 ? preferred : (await this.askCluster()).name;
  }

  /**
   * The look at the control plane through which the cluster answers. Where it answers through none, at one that can
   * be reached, and where none can be, at the preferred one.
   */
  async askCluster(): Promise<HostLook> {
    const [preferred = '', ...others] = this.#candidates();
    const [own = { name: preferred }] = await this.#askAbout([preferred]);
    if (this.#isAnswering(own)) return own;
    const looks = [own, ...(await this.#askAbout(others))];
    const isReached = ({ answers }: HostLook): boolean => answers !== undefined;
    return looks.find(this.#isAnswering) ?? looks.find(isReached) ?? own;
  }

  #candidates(): readonly string[] {
    return this.#options.workflow.speaker.candidates(this.#options.cluster);
  }

  /** Asks hosts whether the cluster answers through them. */
  #askAbout(names: readonly string[]): Promise<readonly HostLook[]> {
    return this.ask(names, [this.#options.workflow.speaker.fact]);
  }

  readonly #isAnswering = ({ answers }: HostLook): boolean =>
    answersForCluster(this.#options.workflow.speaker, answers);

  /** What the graph asks now, and an earlier look did not. */
  async lookFurther(look: readonly HostLook[], nodes: readonly GraphNode[]): Promise<readonly HostLook[]> {
    const seen = new Map(look.map((one) => [one.name, one]));
    const facts = factsByHost(nodes);
    const missing = [...facts].map(([name, asked]): [string, readonly Fact[]] => {
      const found = seen.get(name);
      const isKnown = ({ family, key }: Fact): boolean => found?.answers?.[family.name]?.[key] !== undefined;
      return [
        name,
        (found?.unreachable ?? found?.gone) === undefined ? asked.filter((fact) => !isKnown(fact)) : [],
      ];
    });
    const more = await this.#askAll(new Map(missing.filter(([, asked]) => asked.length > 0)));
    for (const one of more) seen.set(one.name, mergeLooks(seen.get(one.name), one));
    return this.#concerned(nodes, facts).flatMap((name) => seen.get(name) ?? []);
  }

  /** Hosts that nodes are about or ask, in inventory order, and the controller behind them. */
  #concerned(nodes: readonly GraphNode[], facts: ReadonlyMap<string, unknown>): readonly string[] {
    const concerned = new Set([...nodes.map(({ host }) => host), ...facts.keys()]);
    const { hosts, leaving } = this.#options.cluster;
    return [...hosts.map(({ name }) => name), ...leaving.map(({ name }) => name), CONTROLLER].filter((name) =>
      concerned.has(name),
    );
  }

  async #ask(name: string, facts: readonly Fact[], further: readonly FurtherNode[] = []): Promise<HostLook> {
    const { listener, cluster } = this.#options;
    const leaving = cluster.leaving.find((host) => host.name === name);
    if (leaving?.address === '') return { name, gone: 'the inventory has no address of it' };
    try {
      const answers = await this.#lookTwice(name, facts, further);
      if (name !== CONTROLLER) listener({ event: 'observed', host: name });
      return { name, answers };
    } catch (error) {
      if (!isOfOneHost(error, name)) throw error;
      const { message, hint } = error;
      const hinted = hint !== undefined && { hint };
      listener({ event: 'unreachable', host: name, why: message, ...hinted });
      return leaving === undefined ? { name, unreachable: message, ...hinted } : { name, gone: message };
    }
  }

  async #lookTwice(
    name: string,
    facts: readonly Fact[],
    nodes: readonly FurtherNode[],
  ): Promise<HostAnswers> {
    const first = await this.#look(name, facts);
    if (nodes.length === 0) return first;
    const { facts: further, unasked } = furtherOf(nodes, first);
    return withFurther(first, unasked, further.length === 0 ? {} : await this.#look(name, further));
  }

  /** Once more where the connection is lost meanwhile. */
  async #look(name: string, facts: readonly Fact[]): Promise<HostAnswers> {
    const { connections, observe, signal, listener } = this.#options;
    return retry(() => connections.look(name, (connection) => observe(connection).ask(facts)), {
      after: ConnectionLost,
      pauseMs: (attempt) => (attempt > 1 || signal.aborted ? undefined : 0),
      onRetry: async ({ message: why }, pauseMs, attempt) => {
        listener({ event: 'connect-retried', host: name, why, pauseMs, attempt });
        await connections.letGo(name);
      },
    });
  }
}

/** Whether the cluster answers through the host that gave these answers. */
export function answersForCluster({ fact, isAnswering }: Speaker, answers: HostAnswers | undefined): boolean {
  const answer = answers?.[fact.family.name]?.[fact.key];
  return answer !== undefined && isAnswering(answer);
}

/** What ends the look at one host only: it cannot be reached or not be read. Another run that holds it ends this one. */
const isOfOneHost = (error: unknown, host: string): error is SlipwayError =>
  error instanceof SlipwayError &&
  error.exitCode !== EXIT.locked &&
  (error.exitCode === EXIT.unreachable || error.host === host);

/** A later look at the same host adds to what an earlier one was answered. */
function mergeLooks(earlier: HostLook | undefined, later: HostLook): HostLook {
  if (earlier?.answers === undefined || later.answers === undefined) return later;
  return { ...later, answers: mergeAnswers(earlier.answers, later.answers) };
}
