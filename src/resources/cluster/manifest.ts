import type { Fact } from '#core/fact.ts';
import {
  change,
  type Difference,
  none,
  noted,
  type Outcome,
  refused,
  resource,
  type Resource,
} from '#core/resource.ts';
import { rememberLast } from '#core/remember-last.ts';
import { sha256Of } from '#core/sha256.ts';
import { embed, lines, sh } from '#core/shell.ts';
import type { Step } from '#core/step.ts';
import { unknown } from '#core/unknown.ts';
import { apiState } from '#facts/api.ts';
import { API_AWAY, kubectl } from '#facts/kubectl.ts';
import { manifestDiff } from '#facts/manifest-diff.ts';
import { SET_LABEL } from '#facts/owned-objects.ts';
import { applyRendered, type RenderedDiff, renderedDiff, type Rendering } from '#facts/rendered-objects.ts';
import { waitsForApi } from '#facts/waits-for-api.ts';
import { imagesIn } from '#objects/images.ts';
import { objectDifferences } from '#objects/object-differences.ts';

export interface ManifestOptions {
  /** `calico v3.32.1`; also what the plan calls it. */
  readonly name: string;
  /** The objects as YAML; undefined where the plan is made without fetching them. */
  readonly content: string | undefined;
  /** The set of the objects; what is in none has no Jobs that could be made anew. */
  readonly set?: string;
}

/**
 * Kubernetes objects, applied on the server side: fields that others own stay theirs, and what differs is the
 * API server's own judgement.
 *
 * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/ (v1.34)
 */
export function manifest({ name, content = '', set }: ManifestOptions): Resource {
  const sha256 = sha256Of(content);
  return compared(name, manifestDiff(name, sha256, content), {
    set,
    content,
    images: () => imagesIn(content),
    step: {
      do: 'run',
      summary: `apply ${name}`,
      script: sh`${embed(kubectl)} apply --server-side --force-conflicts --field-manager=slipway -f -`,
      stdin: content,
      timeoutMs: 180_000,
      retry: { when: YOUNG_SERVER, attempts: 5, pauseMs: 2000 },
    },
  });
}

/** Objects that the first control plane renders from files sent to it, applied as all others are. */
export const renderedManifest = (rendering: Rendering, set: string): Resource =>
  compared(rendering.name, renderedDiff(rendering), {
    set,
    program: rendering.program,
    images: rendering.images,
    step: {
      do: 'run',
      summary: `render and apply ${rendering.name}`,
      script: applyRendered(rendering),
      // As input, since it may be longer than an argument can be.
      stdin: rendering.unpack,
      timeoutMs: 300_000,
      retry: { when: YOUNG_SERVER, attempts: 5, pauseMs: 2000 },
    },
  });

/** Seconds after the API server has come up it may still forbid, or not know a kind that was just defined. */
const YOUNG_SERVER = `forbidden|no matches for kind|${API_AWAY}`;

interface Applied {
  readonly set: string | undefined;
  /** Applies the objects. */
  readonly step: Step;
  /** The objects, where they are known here. */
  readonly content?: string;
  /** What its pods run. */
  readonly images: (() => readonly string[]) | undefined;
  /** What renders them. */
  readonly program?: string | undefined;
}

const compared = (name: string, diff: Fact<RenderedDiff>, applied: Applied): Resource =>
  resource({
    address: `manifest:${name}`,
    facts: { api: apiState, diff },
    supplies: applied.images === undefined ? {} : { images: applied.images },
    diff: ({ api, diff: found }) =>
      api.state === 'ready' && found.state !== 'no-cluster'
        ? outcomeOf(name, found, applied)
        : waitsForApi(`the API server, to compare ${name} with`, api, () => anew(applied)),
  });

/** All of its objects are made; what is rendered on a control plane is not known before. */
const anew = ({ content, step }: Applied): Outcome =>
  change([{ what: 'objects', from: null, to: objectsIn(content) }], [step]);

const objectsIn = (content: string | undefined): string => {
  if (content === undefined) return unknown('they are rendered');
  return content === '' ? unknown('their file is fetched') : kindsIn(content);
};

/** `2 ClusterRole, 25 CustomResourceDefinition`. It is not parsed for that: Calico's are megabytes. */
const kindsIn = rememberLast((content: string): string => {
  const kinds = content.match(/^kind: .*$/gm) ?? [];
  const names = kinds.map((line) => line.slice('kind: '.length).trim()).toSorted();
  return [...Map.groupBy(names, (name) => name)].map(([name, { length }]) => `${length} ${name}`).join(', ');
});

/** What follows from how far the cluster is from a manifest. */
function outcomeOf(
  name: string,
  diff: Exclude<RenderedDiff, { readonly state: 'no-cluster' }>,
  { set, step, content, program = 'kubectl' }: Applied,
): Outcome {
  switch (diff.state) {
    case 'same':
      return none('the cluster has it as it is');
    case 'differs':
      return change(differencesOf(diff.diff), [step]);
    case 'unknown': {
      const to = content ?? 'all of them, which cannot be compared yet';
      // A namespace usually comes with the objects in it.
      const isUsual = diff.why.includes('namespaces "');
      return noted(
        change([{ what: 'objects', from: null, to }], [step]),
        isUsual ? [] : [`${name} cannot be compared before it is applied: ${diff.why}`],
      );
    }
    case 'fixed':
      return replacedJob(name, diff.job, set, step);
    case 'no-program':
      return refused(
        'AddonProgram',
        `${name} needs the program ${program}, and the control plane has none`,
        'install it there, or set runsOn: controller and have it where slipway runs',
      );
    case 'not-rendered':
      return refused(
        'AddonRender',
        `${name} cannot be rendered: ${diff.why}`,
        'try it by hand on the control plane',
      );
    default:
      return refused('ManifestDiff', `${name} cannot be compared: ${diff.why}`, HINT);
  }
}

/** A Job runs again when its template is another one: it is deleted, and made anew with all the rest. */
function replacedJob(name: string, job: string, set: string | undefined, step: Step): Outcome {
  if (set === undefined)
    return refused('ManifestDiff', `Job ${job} of ${name} cannot be changed`, 'delete it first');
  const difference = { what: `Job ${job}`, from: 'another template', to: 'made anew, and run again' };
  return change([difference], [deleteJobStep(job, set), step]);
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
