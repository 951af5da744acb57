import { describe, expect, it } from 'vitest';

import type { DiffContext, Outcome } from '#core/resource.ts';
import type { GpuAnswer } from '#facts/gpu.ts';
import { migDevices } from '#resources/nvidia/mig-devices.ts';

const CONTEXT: DiffContext = { host: 'gpu1', changed: [] };
const answer = (gpus: readonly (readonly string[])[], driver: string | null = '580.95.05'): GpuAnswer => ({
  isKnown: true,
  devices: gpus.map((_, index) => `0000:${index}`),
  driver,
  library: driver,
  gpus: gpus.map((mig) => ({ mig })),
});

function cut(gpus: GpuAnswer, context = CONTEXT, driver?: string): Outcome {
  const resources = migDevices({ '1g.10gb': 2, '3g.40gb': 1 }, driver);
  const wanted = resources.find(({ address }) => address === 'mig-devices')!;
  return wanted.diff({ gpus } as never, context);
}

describe('GPUs that are cut', () => {
  it('are right in whatever order their devices are listed', () => {
    expect(cut(answer([['1g.10gb', '3g.40gb', '1g.10gb']]))).toEqual({
      answer: 'none',
      why: 'every GPU has 1g.10gb, 1g.10gb, 3g.40gb',
    });
  });

  it('differ one by one, and are cut with the kubelet stopped', () => {
    expect(cut(answer([[], ['3g.40gb', '1g.10gb', '1g.10gb'], ['7g.80gb']]))).toMatchObject({
      answer: 'change',
      differences: [
        { what: 'MIG devices of GPU 0', from: 'none', to: '1g.10gb, 1g.10gb, 3g.40gb' },
        { what: 'MIG devices of GPU 2', from: '7g.80gb', to: '1g.10gb, 1g.10gb, 3g.40gb' },
      ],
      restarts: ['kubelet'],
    });
  });

  it('wait for a boot where no driver is loaded, or for the driver that is installed now', () => {
    const without = answer([], null);
    expect(cut(without)).toMatchObject({ answer: 'none', why: expect.stringContaining('at the next boot') });
    const driver = 'packages:nvidia-driver';
    expect(cut(without, { ...CONTEXT, changed: [driver] }, driver)).toMatchObject({
      answer: 'change',
      differences: [{ what: 'MIG devices' }],
    });
  });

  it('get their largest device first, which has the fewest places', () => {
    const [program] = migDevices({ '1g.10gb': 2, '3g.40gb': 1 });
    const outcome = program!.diff({ found: { type: 'absent' } } as never, CONTEXT);
    expect(JSON.stringify(outcome)).toContain("wanted='3g.40gb,1g.10gb,1g.10gb'");
  });
});
