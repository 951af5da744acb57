import type { PhaseRef, Resource } from '#core/resource.ts';
import { deferred } from '#core/resource.ts';
import { type PathKind, pathKind } from '#facts/path.ts';

import { unit } from './unit.ts';

/** A kubelet that runs; before kubeadm has configured it, it cannot. */
export function kubeletRunning(phase: PhaseRef): Resource {
  const running = unit({ name: 'kubelet', isEnabled: true, isActive: true });
  return {
    ...running,
    facts: { ...running.facts, configuration: pathKind('/var/lib/kubelet/config.yaml') },
    diff: (answers: { readonly configuration: PathKind }, context) =>
      answers.configuration === 'file'
        ? running.diff(answers as never, context)
        : deferred(phase, "the kubelet's configuration"),
  };
}
