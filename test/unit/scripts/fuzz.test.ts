import { describe, expect, it } from 'vitest';

import { quote, sh } from '#core/shell.ts';

import { judgeOf, KINDS } from '../../../scripts/fuzz/cases.ts';
import { CANARIES, CANARY_TEXTS } from '../../../scripts/fuzz/nasty-texts.ts';
import { canariesOf, hasSandbox } from '../../../scripts/fuzz/sandbox.ts';
import { runs } from '../../support/runs.ts';
import { scratchDirectory } from '../../support/scratch-directory.ts';

/** The long run is scripts/fuzz.ts; of each kind, its first cases. */
const CASES = runs(6);
const SEED = 1;

describe('the first broken cases of', { timeout: 60_000 }, () => {
  it.each(KINDS)('%s end well, or with a reason', async (kind) => {
    const judge = await judgeOf(kind, await scratchDirectory());
    for (let index = 0; index < CASES; index += 1) {
      const { faults } = await judge(SEED, index);
      expect(faults, `${kind} --seed ${SEED} --case ${index}`).toEqual([]);
    }
  });

  it('a seed are the same each time', async () => {
    const directory = await scratchDirectory();
    const [once, again] = await Promise.all([judgeOf('fstab', directory), judgeOf('fstab', directory)]);
    expect((await once(7, 3)).bytes).toEqual((await again(7, 3)).bytes);
    expect((await once(7, 3)).bytes).not.toEqual((await again(8, 3)).bytes);
  });
});

describe.skipIf(!hasSandbox())('a value that looks like a command', { timeout: 30_000 }, () => {
  it('is not run, wherever a script has it', () => {
    const scripts = CANARY_TEXTS.flatMap((text) => [
      sh`printf %s ${text} >/dev/null`,
      sh`for word in ${[text, 'x']}; do [ "$word" = ${text} ]; done`,
      sh`sh -c ${sh`set -- ${text}; printf %s "$1"`}`,
      sh`kubectl label -- ${text}`,
    ]);
    expect(canariesOf(scripts.join('\n'))).toEqual([]);
  });

  it('is seen where a script does run it, or a program takes it for an option', () => {
    expect(canariesOf(`echo "$(touch ${CANARIES}/dollar)"`)).toEqual(['dollar']);
    expect(canariesOf(`apt-get install ${quote(`-o${CANARIES}/option`)}`)).toEqual(['option-of-apt-get']);
  });
});
