import type { HostKind } from '#core/cluster.ts';
import type { AnswersOf } from '#core/fact.ts';
import { none, type Resource } from '#core/resource.ts';
import { type GpuAnswer, gpuState } from '#facts/gpu.ts';

/** Whether a host is one with GPUs: the inventory says so, or leaves it to what is on the bus. */
export const isGpuHost = ({ gpu }: Pick<HostKind, 'gpu'>, { devices }: GpuAnswer): boolean =>
  gpu === 'auto' ? devices.length > 0 : gpu;

/** A resource for a host that turns out to have GPUs; on others there is nothing to do. */
export const onGpuHost = (host: Pick<HostKind, 'gpu'>, wanted: Resource): Resource =>
  host.gpu === true
    ? wanted
    : {
        ...wanted,
        facts: { ...wanted.facts, 'the GPUs': gpuState },
        diff: (answers: AnswersOf<{ readonly 'the GPUs': typeof gpuState }>, context) =>
          isGpuHost(host, answers['the GPUs'])
            ? wanted.diff(answers as never, context)
            : none('there is no NVIDIA GPU'),
      };
