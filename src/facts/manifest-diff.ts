import { type Fact, type Family, fact } from '#core/fact.ts';
import { printText } from '#core/packed-text.ts';
import { embed, lines, type Script, sh } from '#core/shell.ts';

import { kubectl, onControlPlane } from './kubectl.ts';
import { OBJECTS } from './queues.ts';

/** How far the cluster is from a manifest, in kubectl's own words. */
export type ManifestDiff =
  | { readonly state: 'no-cluster' }
  | { readonly state: 'same' }
  | { readonly state: 'differs'; readonly diff: string }
  /** What the objects need is not there: a namespace of theirs, the definition of a kind, a webhook that answers. */
  | { readonly state: 'unknown'; readonly why: string }
  /** A Job whose template is another one now: it can only be made anew. */
  | { readonly state: 'fixed'; readonly job: string }
  | { readonly state: 'error'; readonly why: string };

/** Enough to review; a first installation is far longer. */
export const DIFF_BYTES = 100_000;

/**
 * Asks the API server what applying a manifest would change; nothing is stored.
 *
 * kubectl keeps two trees of files for its diff program: they live in memory and go at once. The 3 MB of the
 * Tigera operator's definitions take it 2 s (kubectl and kube-apiserver 1.34.9).
 *
 * @see https://kubernetes.io/docs/reference/kubectl/generated/kubectl_diff/ (exit codes; v1.34)
 */
export function manifestDiff(name: string, sha256: string, content: string): Fact<ManifestDiff> {
  const family: Family<string, ManifestDiff> = {
    name: `manifest-diff ${name}`,
    patienceMs: 60_000,
    queue: OBJECTS,
    script: () =>
      lines(
        onControlPlane('no-cluster'),
        untilStill(
          sh`${embed(printText(content))} | TMPDIR=/dev/shm ${embed(kubectl)} diff --server-side --force-conflicts --field-manager=slipway -f - 2>&1`,
        ),
        sh`echo "$code"; printf '%s\n' "$out" | head -c ${DIFF_BYTES}`,
      ),
    parse: (output) => [parseManifestDiff(output)],
    bare: () => ({ state: 'no-cluster' }),
  };
  return fact(family, sha256);
}

/**
 * Sets `out` and `code` of a diff. kubectl reads an object before it asks what would become of it: where a controller writes
 * to it in between, its status or its marks differ, and the resource version with them, which no apply changes. So it is
 * asked again, a few times: a rollout writes for a while.
 *
 * @see https://github.com/kubernetes/kubectl/blob/v0.34.0/pkg/cmd/diff/diff.go ("keeps changing, diffing without lock")
 */
export const untilStill = (diff: Script): Script => sh`for attempt in 1 2 3 4; do
out=$(${embed(diff)}); code=$?
printf '%s\n' "$out" | grep -q '^-  resourceVersion: ' || break
sleep 1
done`;

/** As kubectl 1.34.9 was seen to say it. A webhook may be down because of what the manifest is to mend. */
const UNKNOWN =
  /no matches for kind|namespaces? "[^"]+" not found|could not find the requested resource|failed calling webhook|does not support dry run/;

export function parseManifestDiff(output: string): ManifestDiff {
  const [first = '', ...rest] = output.split('\n');
  if (first === 'no-cluster') return { state: 'no-cluster' };
  const body = rest.join('\n').trim();
  if (first === '0') return { state: 'same' };
  if (first === '1') return { state: 'differs', diff: withoutChance(body) };
  const why = body.split('\n').find((line) => UNKNOWN.test(line));
  if (why !== undefined) return { state: 'unknown', why };
  const job = FIXED_JOB.exec(body)?.[1];
  return job === undefined ? { state: 'error', why: errorOf(body) } : { state: 'fixed', job };
}

/** @see https://kubernetes.io/docs/concepts/workloads/controllers/job/ (v1.34) */
const FIXED_JOB = /^The Job "([^"]+)" is invalid: spec\.template: .*: field is immutable$/m;

/** What the API server says of the object: it may be several lines, and repeat a whole object. */
function errorOf(body: string): string {
  const said = body.split('\n').filter((line) => !/^([EIW]\d{4} |Warning: )/.test(line));
  const start = said.findLastIndex((line) => /^(The |[Ee]rror)/.test(line));
  const text = said
    .slice(Math.max(start, 0))
    .join(' ')
    .replaceAll(/Invalid value: \{.*?\}: (?=[a-z])/g, 'Invalid value: ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return text.length > ERROR_LENGTH ? `${text.slice(0, ERROR_LENGTH)}...` : text;
}

const ERROR_LENGTH = 600;

/**
 * kubectl's directories are named at random, and the API server makes up identities, addresses and ports anew
 * each time it is asked: what is compared is none of these. Klog lines are about the connection.
 */
const withoutChance = (diff: string): string =>
  diff
    .replaceAll(/\/dev\/shm\/(LIVE|MERGED)-\d+/g, '$1')
    .replaceAll(/\t\d{4}-\d\d-\d\d .*/g, '')
    .replaceAll(/^[EIW]\d{4} .*\n/gm, '')
    .replaceAll(/^\+ {2}clusterIPs:\n(?:\+ {2}- .*\n)+/gm, '')
    .replaceAll(/^\+ {2}(?:uid|creationTimestamp|clusterIP): .*\n/gm, '')
    .replaceAll(/^\+ {4}nodePort: \d+\n/gm, '');
