import { setTimeout as sleep } from 'node:timers/promises';
import { holdingRecords } from './claim.ts';
import { type LabRecord, readRecords } from './lab-record.ts';
import { labPrefix } from './network.ts';
import { isAlive } from './process-identity.ts';
import { sweepLeftovers } from './sweep.ts';

const patienceMs = 20_000;

/** Ends the owners of `records`, who take their labs down if they can, and cleans up what is left of any lab. */
export async function takeDown(records: readonly LabRecord[], log: (line: string) => void): Promise<void> {
  for (const { owner, id, purpose } of records.filter((record) => isAlive(record.owner))) {
    log(`Taking down ${labPrefix(id)} of ${owner.pid} (${purpose})`);
    process.kill(owner.pid, 'SIGTERM');
  }
  const deadline = Date.now() + patienceMs;
  while (records.some(isLeft) && Date.now() < deadline) await sleep(50);
  for (const { owner } of records.filter(isLeft)) process.kill(owner.pid, 'SIGKILL');
  while (records.some(isLeft)) await sleep(20);
  await holdingRecords(() => sweepLeftovers(log));
}

function isLeft({ id, owner }: LabRecord): boolean {
  return isAlive(owner) && readRecords().some((each) => each.id === id && each.owner.pid === owner.pid);
}
