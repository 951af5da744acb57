import { labsOfThisProcess } from './lab.ts';

const exitStatuses = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

/**
 * From now on, a signal that would end this process takes down its labs first, also one that is just
 * starting. Returns what removes the handlers again.
 *
 * Not part of starting a lab: handlers belong to the program. Without them a signal ends the owner at once,
 * the kernel ends the hosts, and the next start of any lab removes the rest.
 *
 * @param before what the hosts are still needed for: it is told the signal, and waited for.
 */
export function cleanUpOnSignals(
  log: (line: string) => void = () => undefined,
  before: (signal: NodeJS.Signals) => Promise<void> = () => Promise.resolve(),
): () => void {
  const removers = Object.entries(exitStatuses).map(([signal, status]) => {
    const onSignal = async (name: NodeJS.Signals): Promise<void> => {
      await before(name);
      process.exit((await takeDownAll(log)) ? status : 1);
    };
    process.on(signal, onSignal);
    return () => process.off(signal, onSignal);
  });
  return () => removers.forEach((remove) => remove());
}

async function takeDownAll(log: (line: string) => void): Promise<boolean> {
  const results = await Promise.allSettled(
    [...labsOfThisProcess].map(async (lab) => {
      log(`Taking down ${lab.name}`);
      await lab.down();
    }),
  );
  for (const result of results) if (result.status === 'rejected') log(String(result.reason));
  return results.every(({ status }) => status === 'fulfilled');
}
