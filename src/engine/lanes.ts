import type { GraphNode } from '#core/graph.ts';

import { Semaphore } from '#core/semaphore.ts';

interface OpenLane {
  readonly semaphore: Semaphore;
  /** Id of the node that left it last. */
  lastId: string | undefined;
}

/** What resources must not do all at once: each lane lets in as many nodes as it is wide. */
export class Lanes {
  readonly #lanes = new Map<string, OpenLane>();

  /**
   * Runs `work` when the node's lane has room; at once where it wants none.
   *
   * @param work is told the id of the node that was in the lane before.
   */
  async run<T>(node: GraphNode, work: (behind: string | undefined) => Promise<T>): Promise<T> {
    const { lane } = node.resource;
    if (lane === undefined) return work(undefined);
    const open = this.#open(lane.scope === 'host' ? `${node.runsOn} ${lane.name}` : lane.name, lane.width);
    return open.semaphore.run(async () => {
      try {
        return await work(open.lastId);
      } finally {
        open.lastId = node.id;
      }
    });
  }

  #open(key: string, width: number): OpenLane {
    const found = this.#lanes.get(key) ?? { semaphore: new Semaphore(width), lastId: undefined };
    this.#lanes.set(key, found);
    return found;
  }
}
