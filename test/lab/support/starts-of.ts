import type { LabCluster } from './lab-cluster.ts';

/** How often systemd has started a unit since its host is up. */
export async function startsOf({ lab }: LabCluster, host: string, unit: string): Promise<number> {
  const { stdout } = await lab.exec(host, `journalctl --sync; journalctl -q -u ${unit} -o cat`);
  return stdout.match(/^Started /gm)?.length ?? 0;
}
