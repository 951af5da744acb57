import { type Fact, type Family, fact } from '#core/fact.ts';
import { sha256Of } from '#core/sha256.ts';
import { embed, lines, type Script, sh } from '#core/shell.ts';

import { kubectl, onControlPlane } from './kubectl.ts';
import { DIFF_BYTES, type ManifestDiff, parseManifestDiff, untilStill } from './manifest-diff.ts';
import { OBJECTS } from './queues.ts';

/** Objects that are rendered on a control plane, from files that are sent there. */
export interface Rendering {
  /** What it is called in plans. */
  readonly name: string;
  /** Writes its files below the working directory, which is empty and in memory. May be long. */
  readonly unpack: Script;
  /** Prints the objects, from that directory; short. */
  readonly render: Script;
  /** A program it needs beside kubectl. */
  readonly program?: string;
  /** What its pods run, as far as its files tell. */
  readonly images?: () => readonly string[];
  /** Where objects go that name no namespace; default: `default`. */
  readonly namespace?: string;
}

/** What a control plane says of objects that it renders itself. */
export type RenderedDiff =
  | ManifestDiff
  | { readonly state: 'no-program' }
  | { readonly state: 'not-rendered'; readonly why: string };

/** Opens the working directory; whatever is in it goes when the shell does. */
const inWorkDirectory = sh`work=$(mktemp -d /dev/shm/slipway.XXXXXX) || exit 1; trap 'rm -rf "$work"' EXIT; cd "$work" || exit 1`;

/** Asks what applying rendered objects would change; nothing is stored, and the files live in memory. */
export function renderedDiff(rendering: Rendering): Fact<RenderedDiff> {
  const family: Family<string, RenderedDiff> = {
    name: `rendered-diff ${rendering.name}`,
    patienceMs: 120_000,
    queue: OBJECTS,
    script: () =>
      lines(
        ...rendered(rendering),
        untilStill(
          sh`TMPDIR="$work" ${embed(kubectlFor(rendering))} diff --server-side --force-conflicts --field-manager=slipway -f objects.yaml 2>&1`,
        ),
        sh`echo "$code"; printf '%s\n' "$out" | sed "s|$work/|/dev/shm/|g" | head -c ${DIFF_BYTES}`,
      ),
    parse: (output) => [parseRenderedDiff(output)],
    bare: () => ({ state: 'no-cluster' }),
  };
  return fact(family, digestOf(rendering));
}

/** The objects themselves, for what has to know which they are; empty where they cannot be rendered. */
export function renderedObjects(rendering: Rendering): Fact<string> {
  const family: Family<string, string> = {
    name: `rendered-objects ${rendering.name}`,
    patienceMs: 120_000,
    queue: OBJECTS,
    script: () => lines(...rendered(rendering), sh`cat objects.yaml`),
    parse: (output) => [/^(no-cluster|no-program|not-rendered)\n/.test(output) ? '' : output],
    bare: () => '',
  };
  return fact(family, digestOf(rendering));
}

/** Applies the objects; the files to render come over standard input, as a program. */
export const applyRendered = (rendering: Rendering): Script =>
  lines(
    inWorkDirectory,
    sh`sh -e`,
    contextOf(rendering),
    sh`( ${embed(rendering.render)} ) >objects.yaml`,
    sh`${embed(kubectlFor(rendering))} apply --server-side --force-conflicts --field-manager=slipway -f objects.yaml`,
  );

/**
 * A context with a namespace of its own, laid before the admin's kubeconfig. `--namespace` would not do: it
 * refuses objects that name another one, as those of charts may.
 *
 * @see https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/#merging-kubeconfig-files (v1.34)
 */
const contextOf = ({ namespace = 'default' }: Rendering): Script =>
  namespace === 'default'
    ? sh`:`
    : sh`{ echo 'apiVersion: v1'; echo 'kind: Config'; echo 'current-context: slipway'; echo 'contexts:'; echo '- name: slipway'; echo '  context:'; sed -n -E '/^ +(cluster|user): [^ ]/p' /etc/kubernetes/admin.conf | sed -E 's/^ +/    /' | sort -u; echo ${`    namespace: ${namespace}`}; } >context.yaml`;

const kubectlFor = ({ namespace = 'default' }: Rendering): Script =>
  namespace === 'default'
    ? kubectl
    : sh`env KUBECONFIG="$work/context.yaml:/etc/kubernetes/admin.conf" kubectl --cache-dir=/dev/null/none`;

const digestOf = ({ unpack, render, namespace = '' }: Rendering): string =>
  sha256Of(`${unpack}\n${render}\n${namespace}`);

const rendered = ({ unpack, render, program = 'kubectl', ...rendering }: Rendering): readonly Script[] => [
  onControlPlane('no-cluster'),
  sh`command -v ${program} >/dev/null || { echo no-program; exit 0; }`,
  inWorkDirectory,
  unpack,
  contextOf({ unpack, render, ...rendering }),
  sh`( ${embed(render)} ) >objects.yaml 2>error || { echo not-rendered; tail -n 3 error; exit 0; }`,
];

function parseRenderedDiff(output: string): RenderedDiff {
  const [first = '', ...rest] = output.split('\n');
  if (first === 'no-program') return { state: 'no-program' };
  if (first === 'not-rendered') return { state: 'not-rendered', why: rest.join(' ').trim() };
  return parseManifestDiff(output);
}
