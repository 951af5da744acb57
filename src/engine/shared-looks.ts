import type { Answers, Fact, HostAnswers } from '#core/fact.ts';
import type { GraphNode } from '#core/graph.ts';
import type { Observer } from '#core/transport.ts';

import { observe } from './observe.ts';

interface Batch {
  readonly facts: Map<string, Fact>;
  readonly answers: Promise<HostAnswers>;
}

/**
 * Looks at hosts for nodes that wait. However many wait for something of one host, there is one look at it at a
 * time: what is asked meanwhile goes together into the next.
 */
export class SharedLooks {
  readonly #observerOf: (host: string) => Promise<Observer>;
  readonly #underWay = new Map<string, Promise<unknown>>();
  readonly #next = new Map<string, Batch>();

  constructor(observerOf: (host: string) => Promise<Observer>) {
    this.#observerOf = observerOf;
  }

  /** The answers to all that a node asks; maybe to more than that. */
  ask(node: GraphNode): Promise<Answers> {
    return observe([node], (host, facts) => this.join(host, facts));
  }

  /** The answers of one host. */
  join(host: string, facts: readonly Fact[]): Promise<HostAnswers> {
    const batch = this.#next.get(host) ?? this.#begin(host);
    for (const fact of facts) batch.facts.set(`${fact.family.name} ${fact.key}`, fact);
    return batch.answers;
  }

  #begin(host: string): Batch {
    const facts = new Map<string, Fact>();
    const before = this.#underWay.get(host) ?? Promise.resolve();
    const answers = before
      .catch(() => undefined)
      .then(async () => {
        const observer = await this.#observerOf(host);
        this.#next.delete(host);
        return observer.ask([...facts.values()]);
      });
    const batch = { facts, answers };
    this.#next.set(host, batch);
    this.#underWay.set(host, answers);
    // A connection that could not be had must not be waited for by the next look.
    answers.catch(() => this.#next.get(host) === batch && this.#next.delete(host));
    return batch;
  }
}
