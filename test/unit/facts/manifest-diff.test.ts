import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { lines, sh } from '#core/shell.ts';
import { untilStill } from '#facts/manifest-diff.ts';

import { scratchDirectory } from '../../support/scratch-directory.ts';

/** Which of its tries the answer is of, where the object is written to during the first ones, as kubectl prints it. */
async function triesOf(written: number): Promise<string> {
  const count = join(await scratchDirectory(), 'count');
  const diff = sh`echo try >>${count}; tries=$(wc -l <${count})
if [ "$tries" -le ${written} ]; then printf '%s\n' '-  resourceVersion: "7"' '+  resourceVersion: "8"'; fi
echo "  replicas: $tries"; exit 1`;
  const script = lines(sh`sleep() { :; }`, untilStill(diff), sh`echo "$code $out"`);
  return spawnSync('sh', ['-c', script], { encoding: 'utf8' }).stdout;
}

describe('a diff', () => {
  it('of an object that nobody else writes to is taken as it is', async () => {
    expect(await triesOf(0)).toBe('1   replicas: 1\n');
  });

  it('of one that was written to in between is asked again', async () => {
    expect(await triesOf(2)).toBe('1   replicas: 3\n');
  });

  it('of one that keeps changing is taken in the end', async () => {
    expect(await triesOf(99)).toMatch(/^1 -\s+resourceVersion[^]*replicas: 4\n$/);
  });
});
