import type { Workflow } from '#core/workflow.ts';
import { controlPlaneSpeaker } from '#phases/control-plane-speaker.ts';
import { leftovers } from '#phases/leftovers.ts';
import { purge } from '#phases/purge.ts';
import { removedNodes } from '#phases/removed-nodes.ts';
import { reset } from '#phases/reset.ts';

/** From a cluster back to bare machines. */
export const resetWorkflow: Workflow = {
  name: 'reset',
  summary: 'from a cluster back to bare machines',
  phases: [removedNodes, reset, leftovers, purge],
  isDestructive: true,
  // The other way round than they came: the first control plane is what all others rest on.
  order: (hosts) => [
    ...hosts.filter(({ role }) => role === 'worker'),
    ...hosts.filter(({ role }) => role === 'control-plane').toReversed(),
  ],
  speaker: controlPlaneSpeaker,
};
