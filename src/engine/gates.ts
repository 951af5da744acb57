import type { Facts } from '#core/fact.ts';
import type { GraphNode } from '#core/graph.ts';
import type { Together } from '#core/phase.ts';

interface GatesOptions {
  /** The name of the phase. */
  readonly phase: string;
  readonly clusterHost: string;
  /** Puts a host in the place of CLUSTER. */
  readonly bind: { readonly facts: (facts: Facts) => Facts };
}

interface Gate extends Together {
  /** Of those of its hosts that have something to do in the phase, the first: the node is shown with that one. */
  id?: string;
  host?: string;
  /** What each of them waits for before the phase, or the last that it does in it. */
  readonly ways: (readonly string[])[];
}

/**
 * The nodes of a phase that stand once for several hosts. Those before it wait for the first host that comes, and not for all:
 * hosts that take turns with a daemon may have to go on for others to come as far.
 */
export class Gates {
  readonly #before: readonly Gate[];
  readonly #after: readonly Gate[];
  readonly #options: GatesOptions;
  /** Ids of what hosts have done last in the phase. */
  readonly #left = new Set<string>();

  constructor(all: readonly Together[], options: GatesOptions) {
    const gates = all.map((one): Gate => ({ ...one, ways: [] }));
    this.#before = gates.filter(({ place }) => place === 'before');
    this.#after = gates.filter(({ place }) => place === 'after');
    this.#options = options;
  }

  /** What the first resource of a host waits for, beside its entries: the gates before it, each behind the one before it. */
  entriesOf(host: string, entries: readonly string[]): readonly string[] {
    let all = entries;
    for (const gate of this.#before) {
      if (!gate.hosts.includes(host)) continue;
      const id = this.#idOf(gate, host);
      // A host that waits for another one in the same phase is not the first to come.
      if (!entries.some((entry) => this.#left.has(entry))) gate.ways.push(all);
      all = [...all, id];
    }
    return all;
  }

  /** The last that a host does in the phase. */
  leave(host: string, ids: readonly string[]): void {
    if (this.#before.length > 0) for (const id of ids) this.#left.add(id);
    for (const gate of this.#after) {
      if (!gate.hosts.includes(host)) continue;
      this.#idOf(gate, host);
      gate.ways.push(ids);
    }
  }

  before(): readonly GraphNode[] {
    return this.#before.flatMap((gate) => this.#nodeOf(gate, { needs: [], needsOneOf: gate.ways }));
  }

  /** Each waits for the one before it too. */
  after(): readonly GraphNode[] {
    const nodes: GraphNode[] = [];
    for (const gate of this.#after)
      nodes.push(
        ...this.#nodeOf(gate, { needs: [...gate.ways.flat(), ...nodes.slice(-1).map(({ id }) => id)] }),
      );
    return nodes;
  }

  #idOf(gate: Gate, host: string): string {
    gate.host ??= host;
    gate.id ??= `${host}/${this.#options.phase}/${gate.resource.address}`;
    return gate.id;
  }

  /** None where no host has anything to do in the phase. */
  #nodeOf(
    { id, host, resource }: Gate,
    needs: Pick<GraphNode, 'needs' | 'needsOneOf'>,
  ): readonly GraphNode[] {
    if (id === undefined || host === undefined) return [];
    const { phase, clusterHost, bind } = this.#options;
    const { address } = resource;
    const facts = bind.facts(resource.facts);
    return [
      { id, host, runsOn: clusterHost, isWithoutHost: true, phase, address, resource, facts, ...needs },
    ];
  }
}
