import { changeOr, resource, type Resource } from '#core/resource.ts';
import { embed, lines, sh } from '#core/shell.ts';
import type { RunStep } from '#core/step.ts';
import { apiState } from '#facts/api.ts';
import { kubectl } from '#facts/kubectl.ts';
import { operatorStatus } from '#facts/operator-status.ts';
import { waitsForApi } from '#facts/waits-for-api.ts';

const TIMEOUT_SECONDS = 600;

/** The Tigera operator has made Calico what its Installation says. */
export const operatorReady: Resource = resource({
  address: 'operator-status:calico',
  facts: { api: apiState, status: operatorStatus },
  diff: ({ api, status: { isAvailable, why } }) => {
    if (api.state !== 'ready') {
      return waitsForApi('the Tigera operator');
    }
    const differences = isAvailable ? [] : [{ what: 'Calico', from: why, to: 'available' }];
    return changeOr('the operator says that Calico is available', differences, [operatorReadyStep]);
  },
});

/** Of each condition: its type, whether it holds, for which generation of the Installation, and why. */
const CONDITIONS =
  '{range .status.conditions[*]}{.type}={.status}/{.observedGeneration} {.message}{"\\n"}{end}';

/**
 * Waits until the operator has seen the Installation as it is now and says that Calico is available.
 *
 * @see https://github.com/tigera/operator/blob/v1.42.3/api/v1/tigerastatus_types.go (observedGeneration)
 */
export const operatorReadyStep: RunStep = {
  do: 'run',
  summary: 'wait until the operator says that Calico is available',
  script: lines(
    sh`began=$(date +%s); said=`,
    sh`while :; do`,
    sh`generation=$(${embed(kubectl)} --request-timeout=10s get installations.operator.tigera.io default -o jsonpath=${'{.metadata.generation}'} 2>/dev/null || :)`,
    sh`found=$(${embed(kubectl)} --request-timeout=10s get tigerastatuses.operator.tigera.io calico -o jsonpath=${CONDITIONS} 2>/dev/null || :)`,
    sh`[ -n "$generation" ] && printf '%s\n' "$found" | grep -q "^Available=True/$generation\\b" && exit 0`,
    sh`why=$(printf '%s\n' "$found" | sed -n ${'s/^\\(Progressing\\|Degraded\\)=True[^ ]* /\\1: /p'})`,
    sh`[ "$why" = "$said" ] || printf '%s\n' "$why"; said=$why`,
    sh`[ $(($(date +%s) - began)) -lt ${TIMEOUT_SECONDS} ] || { printf '%s\n' "$why" >&2; ${embed(kubectl)} -n tigera-operator get pods >&2; ${embed(kubectl)} -n calico-system get pods -o wide >&2; exit 1; }`,
    sh`sleep 1`,
    sh`done`,
  ),
  timeoutMs: (TIMEOUT_SECONDS + 30) * 1000,
};
