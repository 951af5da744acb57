import type { Lab } from '../../../scripts/lab/lab.ts';

/** What the journal has of a unit since its host is up, to the last line that was written. */
export const journalOf = async (lab: Lab, host: string, unit: string): Promise<string> =>
  (await lab.exec(host, `journalctl --sync; journalctl -q -u ${unit} -o cat`)).stdout;
