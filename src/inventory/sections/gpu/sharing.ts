import type { GpuSharing } from '#core/gpu.ts';
import { type Accepted, flag, integer, map, required } from '#core/schema.ts';
import type { Section } from '#inventory/section.ts';
import { meaningless } from '#inventory/text/finding.ts';

import { pluginOf } from './plugin-of.ts';

const replicas = required(
  integer({ description: 'How many times each GPU is offered.', minimum: 2, maximum: 100, examples: [4] }),
);

const schema = map(
  {
    timeSlicing: map(
      {
        replicas,
        renameByDefault: flag({
          description: 'Offer shared GPUs as nvidia.com/gpu.shared.',
          default: false,
        }),
        failRequestsGreaterThanOne: flag({
          description: 'Refuse a pod that asks for more than one share.',
          default: false,
        }),
      },
      'Containers take turns on a GPU, with all of its memory.',
    ),
    mps: map({ replicas }, 'Containers run on a GPU at once, each with its part of the memory.'),
  },
  'How several containers share a GPU: either timeSlicing or mps.',
);

/** @see https://github.com/NVIDIA/k8s-device-plugin/blob/v0.20.0/README.md#shared-access-to-gpus */
export const sharing: Section<typeof schema, object> = {
  schema,
  check: (written, { document }, path) => {
    if (written === undefined) return [];
    const { type, migStrategy } = pluginOf(document);
    const { mps, timeSlicing } = written;
    const faults = [
      mps !== undefined &&
        timeSlicing !== undefined &&
        'timeSlicing and mps exclude each other: keep one of them',
      mps !== undefined &&
        migStrategy !== 'none' &&
        `mps does not work on MIG devices: use timeSlicing, or leave out migStrategy: ${migStrategy}`,
    ].filter((fault) => fault !== false);
    const instead = type === 'hami' ? ', which shares GPUs by itself: see gpu.hami' : '';
    return [
      ...faults.map((message) => ({ path: [...path, 'mps'], isKey: true, message })),
      ...(type === 'nvidia' ? [] : [meaningless(path, `with devicePlugin.type: ${type}${instead}`)]),
    ];
  },
};

/** @see https://github.com/NVIDIA/k8s-device-plugin/blob/v0.20.0/api/config/v1/config.go (MPS fails requests for more than one) */
export function buildSharing({ timeSlicing, mps }: Accepted<typeof schema> = {}): GpuSharing | undefined {
  if (mps !== undefined) {
    return { strategy: 'mps', replicas: mps.replicas, isRenamed: false, isLimitedToOne: true };
  }
  return (
    timeSlicing && {
      strategy: 'time-slicing',
      replicas: timeSlicing.replicas,
      isRenamed: timeSlicing.renameByDefault ?? false,
      isLimitedToOne: timeSlicing.failRequestsGreaterThanOne ?? false,
    }
  );
}
