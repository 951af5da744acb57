import { endedAnswers, type Fact, type Family, fact } from '#core/fact.ts';
import { lines, type Script, sh } from '#core/shell.ts';

import { PROGRAMS } from './queues.ts';

/** What a container runtime says at its CRI socket, which is what the kubelet asks. */
export type CriAnswer =
  /** There is no crictl yet to ask with. */
  | { readonly state: 'unasked' }
  | {
      readonly state: 'silent';
      readonly why: string;
      /** The line that says why; empty where nothing is wrong with it that its journal tells of. */
      readonly journal: string;
      /** Its unit was started some seconds ago: it may answer yet, whatever its journal says. */
      readonly isStarting: boolean;
    }
  | { readonly state: 'answers'; readonly runtime: string; readonly version: string };

type Question = {
  /** `unix:///run/containerd/containerd.sock`. */
  readonly socket: string;
  /** The unit whose journal tells why nobody answers. */
  readonly unit: string;
};

/** Lines that say why the CRI plugin is not there, in containerd's words and in those of others. */
const REASONS = 'failed to load plugin.*[Cc][Rr][Ii]|level=(error|fatal)|panic: ';
/** What containerd says at each start on a host whose network for pods is still to come. */
const NO_REASONS = 'failed to (re)?load cni ';

/** A runtime that was started less long ago may be about to answer. */
const STARTING_SECONDS = 10;

/**
 * containerd before 1.6.22 and 1.7.2 tells systemd that it is ready, and answers this until it has read what
 * containers there are.
 *
 * @see https://github.com/containerd/containerd/issues/8468
 */
const INITIALIZING = 'is not initialized yet';

/**
 * Asks for the version, which a runtime tells as soon as it answers CRI at all.
 *
 * @see https://github.com/kubernetes-sigs/cri-tools/blob/v1.34.0/docs/crictl.md
 */
const criFamily: Family<Question, CriAnswer> = {
  name: 'cri',
  patienceMs: 10_000,
  queue: PROGRAMS,
  script: (questions) =>
    lines(
      sh`why() {`,
      sh`  printf 'silent\t'; printf '%s\n' "$1" | grep -v '^$' | tail -n 1 | tr '\n' '\t'`,
      sh`  unit=$(systemctl show -p InvocationID,ActiveEnterTimestampMonotonic -- "$2")`,
      // Of the daemon that runs now: what was said before it was started again counts no more.
      sh`  journalctl -q -b _SYSTEMD_INVOCATION_ID="$(printf '%s\n' "$unit" | sed -n 's/^InvocationID=//p')" -n 400 -o cat --no-pager 2>/dev/null | grep -E ${REASONS} | grep -vE ${NO_REASONS} | tail -n 1 | tr '\n' '\t'`,
      sh`  printf '%s\n' "$unit" | awk -F= -v now="$(cut -d' ' -f1 /proc/uptime)" ${`$1 == "ActiveEnterTimestampMonotonic" { since = $2 / 1000000 } END { print (since && now - since < ${STARTING_SECONDS} ? "starting" : "running") }`}`,
      sh`}`,
      ...questions.map(ask),
    ),
  parse: (output, questions) => endedAnswers(output, questions).map((answer) => read(answer.trim())),
  bare: () => ({ state: 'unasked' }),
};

/** crictl comes with Kubernetes' packages; before that, containerd's own program tells of its plugins. */
const ask = ({ socket, unit }: Question): Script =>
  lines(
    sh`if command -v crictl >/dev/null; then`,
    sh`  if out=$(timeout 8 crictl --runtime-endpoint ${socket} --image-endpoint ${socket} --timeout 5s version 2>&1)`,
    sh`  then printf '%s\n' answers "$out"; else why "$out" ${unit}; fi`,
    ...(unit === 'containerd.service'
      ? [
          sh`elif command -v ctr >/dev/null; then`,
          sh`  out=$(timeout 8 ctr plugins ls 2>&1 | awk '$2 == "cri" { print $NF }')`,
          sh`  if [ "$out" = ok ]; then printf 'answers\nRuntimeName:  containerd\n'; else why "its CRI plugin is in state $out" ${unit}; fi`,
        ]
      : []),
    sh`else echo unasked; fi; echo end`,
  );

export const criState = (socket: string, unit: string): Fact<CriAnswer> => fact(criFamily, { socket, unit });

function read(answer: string): CriAnswer {
  const [state, ...said] = answer.split(/[\t\n]/);
  if (state === 'unasked') return { state };
  if (state === 'silent') {
    const [line = '', ...rest] = said;
    const why = reasonOf(line);
    return {
      state: 'silent',
      why,
      journal: why.includes(INITIALIZING) ? '' : rest.slice(0, -1).join(' ').trim(),
      isStarting: rest.at(-1) === 'starting',
    };
  }
  const field = (name: string): string =>
    /:\s+(.*)/.exec(said.find((line) => line.startsWith(`${name}:`)) ?? '')?.[1]?.trim() ?? '';
  if (state !== 'answers') throw new Error(`not an answer about CRI: ${JSON.stringify(answer)}`);
  return { state: 'answers', runtime: field('RuntimeName'), version: field('RuntimeVersion') };
}

/** crictl's own log line, without what stands before and after the reason. */
const reasonOf = (line: string): string => /desc = (.*?)"?$/.exec(line)?.[1] ?? line;
