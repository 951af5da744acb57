import { describe, expect, it } from 'vitest';

import type { Outcome } from '#core/resource.ts';
import { noSwap } from '#resources/host/swap.ts';

function outcome(kernel: string, active: readonly string[]): Outcome {
  const fstab = { type: 'absent', content: null };
  const answers = { swap: { active, units: [] }, fstab, machine: { kernel } };
  return noSwap().diff(answers as never, { host: 'w1', changed: [] });
}

describe('swap under WSL2', () => {
  it('is turned off, and said to come back', () => {
    expect(outcome('5.15.167.4-microsoft-standard-WSL2', ['/dev/sdc'])).toMatchObject({
      answer: 'change',
      notes: [expect.stringContaining('.wslconfig')],
    });
  });

  it.each([
    ['no WSL', '6.1.0-26-amd64', ['/dev/sda2']],
    ['no swap in use', '5.15.167.4-microsoft-standard-WSL2', []],
  ])('is not spoken of where there is %s', (_, kernel, active) => {
    expect(outcome(kernel, active)).not.toHaveProperty('notes');
  });
});
