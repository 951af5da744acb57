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
  speaker: controlPlaneSpeaker,
};
