import { labsOfThisProcess } from './lab.ts';

const exitStatuses = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

/**
 * From now on, a signal that would end this process takes down its labs first, also one that is just
 * starting. Returns what removes the handlers again.
 *
 * Not part of starting a lab: handlers belong to the program. Without them a signal ends the owner at once,
 * the kernel ends the hosts, and the next start of any lab removes the rest.
 */
export function cleanUpOnSignals(log: (line: string) => void = () => undefined): () => void {
  const removers = Object.entries(exitStatuses).map(([signal, status]) => {
    const onSignal = () => void takeDownAll(log).then((isClean) => process.exit(isClean ? status : 1));
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
