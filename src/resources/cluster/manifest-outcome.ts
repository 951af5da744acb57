import { change, type Difference, none, noted, type Outcome, refused } from '#core/resource.ts';
import { embed, lines, sh } from '#core/shell.ts';
import type { Step } from '#core/step.ts';
import { kubectl } from '#facts/kubectl.ts';
import type { ManifestDiff } from '#facts/manifest-diff.ts';
import { SET_LABEL } from '#facts/owned-objects.ts';
import { objectDifferences } from '#objects/object-differences.ts';

interface ComparedManifest {
  /** What the plan calls it. */
  readonly name: string;
  readonly diff: Exclude<ManifestDiff, { readonly state: 'no-cluster' }>;
  readonly set: string | undefined;
  /** Applies the objects. */
  readonly steps: readonly Step[];
  /** The objects, where they are known here. */
  readonly content?: string;
}

/** What follows from how far the cluster is from a manifest. */
export function manifestOutcome({ name, diff, set, steps, content }: ComparedManifest): Outcome {
  const objects = (to: string): Outcome => change([{ what: 'objects', from: null, to }], steps);
  switch (diff.state) {
    case 'same':
      return none('the cluster has it as it is');
    case 'differs':
      return change(differencesOf(diff.diff), steps);
    case 'unknown':
      return noted(
        objects(content ?? 'all of them, which cannot be compared yet'),
        // A namespace usually comes with the objects in it.
        diff.why.includes('namespaces "')
          ? []
          : [`${name} cannot be compared before it is applied: ${diff.why}`],
      );
    case 'fixed':
      return replacedJob(name, diff.job, set, steps);
    default:
      return refused('ManifestDiff', `${name} cannot be compared: ${diff.why}`, HINT);
  }
}

/** A Job runs again when its template is another one: it is deleted, and made anew with all the rest. */
function replacedJob(name: string, job: string, set: string | undefined, steps: readonly Step[]): Outcome {
  if (set === undefined)
    return refused('ManifestDiff', `Job ${job} of ${name} cannot be changed`, 'delete it first');
  const difference = { what: `Job ${job}`, from: 'another template', to: 'made anew, and run again' };
  return change([difference], [deleteJobStep(job, set), ...steps]);
}

/**
 * kubectl names the first Job that cannot be changed, and a chart may have more: its hooks go with it, as helm makes
 * them anew each time.
 *
 * @see https://helm.sh/docs/topics/charts_hooks/#hook-deletion-policies (before-hook-creation; v3.18)
 */
const deleteJobStep = (job: string, set: string): Step => ({
  do: 'run',
  summary: `delete Job ${job}, and other hooks of its chart`,
  script: lines(
    sh`set -e`,
    sh`${embed(kubectl)} delete jobs.batch --all-namespaces --field-selector=${`metadata.name=${job}`} --selector=${`${SET_LABEL}=${set}`} --ignore-not-found --timeout=100s`,
    sh`${embed(kubectl)} get jobs.batch --all-namespaces --selector=${`${SET_LABEL}=${set}`} --output=${`jsonpath=${JOB_HOOKS}`} | while read -r namespace name hook; do`,
    sh`[ -z "$hook" ] || ${embed(kubectl)} -n "$namespace" delete jobs.batch "$name" --ignore-not-found --timeout=60s </dev/null`,
    sh`done`,
  ),
  timeoutMs: 180_000,
});

const JOB_HOOKS =
  '{range .items[*]}{.metadata.namespace}{" "}{.metadata.name}{" "}{.metadata.annotations.helm\\.sh/hook}{"\\n"}{end}';

/** What cannot be told apart is shown as it came. */
function differencesOf(diff: string): readonly Difference[] {
  const found = objectDifferences(diff);
  return found.length > 0 ? found : [{ what: 'objects', from: null, to: diff }];
}

const HINT = 'mend the object, or try "kubectl diff --server-side" with it on the control plane';
