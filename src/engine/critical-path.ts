import type { NodeRef } from '#core/event.ts';
import { refOf } from '#core/plan.ts';

/** How a node was worked on. */
export interface Timing {
  readonly elapsedMs: number;
  /** Id of the node that was in the same lane before it. */
  readonly behind?: string | undefined;
}

/** A node, and what it waits for. */
type Waiting = NodeRef & { readonly needs: readonly string[] };

/**
 * The chain of nodes, each of which had to wait for the one before, that took longest. A run takes at least as
 * long, however many hosts are worked on at once; what it takes beyond that is waiting for something else.
 *
 * @param timings by id; nodes that were right already have none.
 */
export function criticalPath(
  nodes: readonly Waiting[],
  timings: ReadonlyMap<string, Timing>,
): readonly { readonly node: NodeRef; readonly elapsedMs: number }[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const chains = new Map<string, Chain>();
  const chainTo = (id: string): Chain => {
    const known = chains.get(id);
    if (known !== undefined) return known;
    const node = byId.get(id);
    const timing = timings.get(id);
    const waitedFor = [...(node?.needs ?? []), ...(timing?.behind === undefined ? [] : [timing.behind])];
    const before = longest(waitedFor.map(chainTo));
    const chain =
      node === undefined || timing === undefined
        ? (before ?? NOTHING)
        : { totalMs: (before?.totalMs ?? 0) + timing.elapsedMs, elapsedMs: timing.elapsedMs, node, before };
    chains.set(id, chain);
    return chain;
  };
  const path = [];
  for (let link = longest(nodes.map(({ id }) => chainTo(id))); link?.node; link = link.before) {
    path.unshift({ node: refOf(link.node), elapsedMs: link.elapsedMs });
  }
  return path;
}

interface Chain {
  readonly totalMs: number;
  readonly elapsedMs: number;
  readonly node?: Waiting;
  readonly before?: Chain | undefined;
}

const NOTHING: Chain = { totalMs: 0, elapsedMs: 0 };

const longest = (chains: readonly Chain[]): Chain | undefined =>
  chains.reduce<Chain | undefined>(
    (best, chain) => (best === undefined || chain.totalMs > best.totalMs ? chain : best),
    undefined,
  );
