import type { Difference } from '#core/resource.ts';
import { lines, sh } from '#core/shell.ts';
import type { RunStep } from '#core/step.ts';
import { SET_LABEL } from '#facts/owned-objects.ts';
import { BRIEF_POD, STUCK } from '#facts/pod-lines.ts';
import { unreadyLines, type UnreadyWorkload } from '#facts/set-rollout.ts';

import { PATIENCE_SECONDS } from './rollout-wait.ts';

/** A set of objects whose pods are waited for. */
export interface SetRollout {
  readonly set: string;
  /** How long its pods may take; 0: they are not waited for, nor looked at. */
  readonly timeoutSeconds: number;
}

/**
 * Waits until all workloads of a set are rolled out, and tells what keeps their pods from being ready: soon where
 * it is something that time does not mend, such as an image that cannot be pulled.
 */
export function setRolloutStep({ set, timeoutSeconds }: SetRollout): RunStep {
  return {
    do: 'run',
    summary: `wait for the pods of ${set}`,
    script: lines(
      ...unreadyLines(`${SET_LABEL}=${set}`),
      sh`began=$(date +%s); stuck=0; said=; left='the API server does not answer'`,
      sh`while :; do`,
      sh`if found=$(unready); then [ -n "$found" ] || exit 0; left=$(printf '%s\n' "$found" | sed ${TELL}); fi`,
      sh`now=$(date +%s); brief=$(printf '%s\n' "$left" | sed ${BRIEF})`,
      sh`[ "$brief" = "$said" ] || printf '%s\n' "$brief"; said=$brief`,
      sh`if printf '%s\n' "$left" | grep -qE ${STUCK}; then [ "$stuck" != 0 ] || stuck=$now; else stuck=0; fi`,
      sh`if [ $((now - began)) -ge ${timeoutSeconds} ] || { [ "$stuck" != 0 ] && [ $((now - stuck)) -ge ${PATIENCE_SECONDS} ]; }; then`,
      sh`  printf '%s\n' "$left" >&2; exit 1`,
      sh`fi`,
      sh`sleep 1`,
      sh`done`,
    ),
    timeoutMs: (timeoutSeconds + 60) * 1000,
  };
}

/** `workload: counts`, and a line for each pod. */
const TELL = ['s/^[^|][^|]*|\\([^|]*\\)|/\\1: /', 's/^|/  /'].join('\n');

/** In one word a pod; the two for an image that is not to be had take turns. */
const BRIEF = [`/^  /${BRIEF_POD}`, 's/ErrImagePull$/ImagePullBackOff/'].join('\n');

/** What is missing, for the plan of a set whose objects are right and whose pods are not. */
export const rolloutDifferences = (unready: readonly UnreadyWorkload[]): readonly Difference[] =>
  unready.map(({ workload, why }) => ({ what: workload, from: why, to: 'rolled out' }));
