import { changeOr, type Difference, noted, type Outcome, refused } from '#core/resource.ts';
import type { Step } from '#core/step.ts';
import type { ManifestDiff } from '#facts/manifest-diff.ts';
import { setRollout, type UnreadyWorkload } from '#facts/set-rollout.ts';

import { objectDifferences } from './object-differences.ts';
import { rolloutDifferences, type SetRollout, setRolloutStep } from './set-rollout.ts';

interface ComparedManifest {
  /** What the plan calls it. */
  readonly name: string;
  readonly diff: Exclude<ManifestDiff, { readonly state: 'no-cluster' }>;
  /** Its workloads that are not rolled out; undefined where nobody asked. */
  readonly unready: readonly UnreadyWorkload[] | undefined;
  readonly rollout: SetRollout | undefined;
  /** Applies the objects and waits for what follows. */
  readonly steps: readonly Step[];
  /** The objects, where they are known here. */
  readonly content?: string;
}

/** What follows from how far the cluster is from a manifest. */
export function manifestOutcome({
  name,
  diff,
  unready = [],
  rollout,
  steps,
  content,
}: ComparedManifest): Outcome {
  const objects = (to: string): Outcome => changeOr('', [{ what: 'objects', from: null, to }], steps);
  switch (diff.state) {
    case 'same':
      return changeOr('the cluster has it as it is', rolloutDifferences(unready), waitSteps(rollout));
    case 'differs':
      return changeOr('', differencesOf(diff.diff), steps);
    case 'unknown':
      return noted(objects(content ?? 'all of them, which cannot be compared yet'), [
        `${name} cannot be compared before it is applied: ${diff.why}`,
      ]);
    default:
      return refused('ManifestDiff', `${name} cannot be compared: ${diff.why}`, HINT);
  }
}

/** What cannot be told apart is shown as it came. */
function differencesOf(diff: string): readonly Difference[] {
  const found = objectDifferences(diff);
  return found.length > 0 ? found : [{ what: 'objects', from: null, to: diff }];
}

const HINT = 'mend the object, or try "kubectl diff --server-side" with it on the control plane';

export const waitSteps = (rollout: SetRollout | undefined): readonly Step[] =>
  rollout === undefined || rollout.timeoutSeconds === 0 ? [] : [setRolloutStep(rollout)];

/** What is asked beside the difference. */
export const rolloutFacts = (rollout: SetRollout | undefined) =>
  rollout === undefined || rollout.timeoutSeconds === 0 ? {} : { unready: setRollout(rollout.set) };

/** Pods that were ready a moment ago may not be so when they are looked at again. */
export const ROLLOUT_SETTLE_MS = 20_000;
