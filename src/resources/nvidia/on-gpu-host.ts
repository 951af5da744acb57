import type { HostKind } from '#core/cluster.ts';
import type { AnswersOf } from '#core/fact.ts';
import { none, type Resource } from '#core/resource.ts';
import { gpuState, isGpuHost } from '#facts/gpu.ts';

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
