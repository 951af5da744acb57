import { describe, expect, it } from 'vitest';

import { gpuMigCheck } from '../../../src/checks/preflight/gpu-mig.ts';

const judge = (gpus: readonly (readonly string[])[]) =>
  gpuMigCheck.diff({ gpus: { gpus: gpus.map((mig) => ({ mig })) } } as never, { host: 'w1', changed: [] });

describe('GpuMig', () => {
  it.each([
    ['GPUs that are all whole', [[], []]],
    ['GPUs that are cut alike', [['1g.5gb', '1g.5gb'], ['1g.5gb']]],
    ['no GPUs', []],
  ])('has nothing against %s', (_, gpus) => {
    expect(judge(gpus)).toMatchObject({ answer: 'none' });
  });

  it.each([
    ['another profile', [['1g.5gb'], ['2g.10gb', '1g.5gb']], 'there are 1g.5gb, 2g.10gb'],
    ['a whole GPU beside others', [['1g.5gb'], []], 'there are 1 whole, 1g.5gb'],
  ])('refuses %s', (_, gpus, why) => {
    expect(judge(gpus)).toMatchObject({
      answer: 'refused',
      check: 'GpuMig',
      why: expect.stringContaining(why) as string,
      hint: expect.stringContaining('migStrategy: mixed') as string,
    });
  });
});
