import { journalOf } from './journal-of.ts';
import type { LabCluster } from './lab-cluster.ts';

/** How often systemd has started a unit since its host is up. */
export async function startsOf({ lab }: LabCluster, host: string, unit: string): Promise<number> {
  const journal = await journalOf(lab, host, unit);
  return journal.match(/^Started /gm)?.length ?? 0;
}
