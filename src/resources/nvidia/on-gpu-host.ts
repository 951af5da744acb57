import type { HostKind } from '#core/cluster.ts';
import { gated, none, type Resource } from '#core/resource.ts';
import { gpuState, isGpuHost } from '#facts/gpu.ts';

/** A resource for a host that turns out to have GPUs; on others there is nothing to do. */
export const onGpuHost = (host: Pick<HostKind, 'gpu'>, wanted: Resource): Resource =>
  host.gpu === true
    ? wanted
    : gated(wanted, { 'the GPUs': gpuState }, (answers, _, decide) =>
        isGpuHost(host, answers['the GPUs']) ? decide() : none('there is no NVIDIA GPU'),
      );
