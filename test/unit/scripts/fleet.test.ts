import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));

it(
  'many clusters are done beside each other, and those that fail are named with their errors',
  { timeout: 120_000 },
  () => {
    const argv = ['scripts/fleet.ts', '--clusters', '4', '--failing', '3', '--jobs', '3'];
    const { stdout, stderr } = spawnSync(process.execPath, argv, { cwd: root, encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(/^1 with exit code [02]: /),
      '1 with exit code 3: wrong inventory',
      expect.stringMatching(
        /^ {2}c002: Error: clusters\/c002\/inventory\.yaml:\d+:\d+: kubernetes\.version: must be/,
      ),
      '2 with exit code 6: unreachable host',
      expect.stringMatching(/^ {2}c001: .*w2 unreachable: .*nothing listens/),
      expect.stringMatching(/^ {2}c003: .* unreachable: .*host key has changed/),
      'exit code 1',
      expect.stringMatching(/^4 clusters, 3 at a time: [\d.]+ s, [\d.]+ a second$/),
      '',
    ]);
  },
);
