import { chmodSync, copyFileSync, mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import type { LabCluster } from './lab-cluster.ts';

/** helm is a stand-in here, unless the real one is named. */
export const HELM =
  process.env['SLIPWAY_LAB_HELM'] ?? join(import.meta.dirname, '../../../scripts/lab/stand-ins/helm/helm');

/** helm where slipway runs: slipway is started with the PATH of this process. */
export function bringHelm({ directory }: LabCluster): void {
  const bin = join(directory, 'bin');
  mkdirSync(bin);
  copyFileSync(HELM, join(bin, 'helm'));
  chmodSync(join(bin, 'helm'), 0o755);
  process.env['PATH'] = [bin, process.env['PATH']].join(delimiter);
}
