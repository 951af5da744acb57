import { embed, lines, type Script, sh } from '#core/shell.ts';

import type { KubernetesObject } from './kubernetes-object.ts';
import { pack } from './packed.ts';

/**
 * For how long after its registration a node's pods may still be told of as they were before it. Seen with 1.34.9: the new
 * kubelet tells of them within a second or two.
 */
const SECONDS = 20;

/**
 * A node that was deleted and joins again before its pods were collected (40 s and more) keeps them, under the same names and
 * UIDs: only where no node of that name comes are they deleted. What they say of themselves is of the former life, ready and
 * all, until the new kubelet starts them and tells of it. Where a kubelet registers its node anew and its containers have gone
 * on all the while, they stay as they are for good, with times from before the node: so a pod is doubted for a while, and then
 * believed. Seen so with 1.34.9, both.
 *
 * @param registered when its node was.
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/controller/podgc/gc_controller.go (gcOrphaned)
 */
export function isOfFormerLife({ metadata, status }: KubernetesObject, registered: string): boolean {
  const started = (status?.containerStatuses ?? []).map(({ state }) => state?.running?.startedAt ?? '');
  return [metadata.creationTimestamp ?? registered, ...started].every((time) => time < registered);
}

/**
 * `lately` prints, of the nodes that the API server was asked for ahead, those that were registered within the last
 * twenty seconds, by the server's own clock: `young|w1|2026-11-30T03:46:51Z`, all on one line. A list that comes in pieces may hide
 * one from it.
 */
export const LATELY: Script = sh`lately() { printf '%s\n' "$slipway_said" | awk ${String.raw`function seconds(year, month, day, time, part) {
  split(time, part, ":"); if (month < 3) { year--; month += 12 }
  return (((365 * year + int(year / 4) - int(year / 100) + int(year / 400) + int((153 * month - 457) / 5) + day) * 24 + part[1]) * 60 + part[2]) * 60 + part[3]
}
/^[Dd]ate: / { now = seconds($5, (index("JanFebMarAprMayJunJulAugSepOctNovDec", $4) + 2) / 3, $3, $6) }
/^\{"(kind|apiVersion)":/ { isNodes = /^\{"kind":"Node(List)?",/ }
isNodes { for (i = split($0, one, /"metadata":\{"name":"/); i > 1; i--) if (match(one[i], /^[^"]*","uid":"[^"]*","resourceVersion":"[^"]*","creationTimestamp":"[^"]*"/)) {
  split(substr(one[i], 1, RLENGTH), word, "\""); time = word[13]
  if (now - seconds(substr(time, 1, 4), substr(time, 6, 2) + 0, substr(time, 9, 2), substr(time, 12, 8)) < ${SECONDS}) printf "young|%s|%s ", word[1], time
} }`}; }`;

/** Of `young|NODE|TIME`. */
const AFTER_WORD = '${one#*|}' as Script;
const BEFORE_TIME = '${node%|*}' as Script;

/**
 * Has in `young`, and prints, what `lately` does; where no node was asked for ahead, all are asked for. `doubted` prints what is at
 * these paths of the API server, with the name of each of those nodes behind them, and fails where that is not to be had. It wants
 * `OVER_TLS`.
 */
export const doubting = (paths: readonly string[]): Script =>
  lines(
    LATELY,
    sh`doubted() {
set --
for one in $young; do node=${embed(AFTER_WORD)}; node=${embed(BEFORE_TIME)}; for path in ${paths}; do set -- "$@" "$path$node"; done; done
over_tls "$@" && { printf 'over TLS '; printf '%s\n' "$said" | ${embed(pack)}; echo; }
}`,
    sh`young=$([ -n "$slipway_said" ] || { over_tls /api/v1/nodes && slipway_said=$said; }; lately); echo "$young"`,
  );

/** When the nodes were registered of which `lately` has told, by their names. */
export const registeredLately = (output: string): ReadonlyMap<string, string> =>
  new Map(
    [...output.matchAll(/young\|([^| ]+)\|([^ \n]+)/g)].map(([, node = '', time = '']) => [node, time]),
  );
