import { createHash } from 'node:crypto';

import { resource, type Resource } from '#core/resource.ts';
import { embed, sh } from '#core/shell.ts';
import type { Step } from '#core/step.ts';
import { apiState } from '#facts/api.ts';
import { kubectl } from '#facts/kubectl.ts';
import { manifestDiff } from '#facts/manifest-diff.ts';
import { waitsForApi } from '#facts/waits-for-api.ts';

import { manifestOutcome, ROLLOUT_SETTLE_MS, rolloutFacts, waitSteps } from './manifest-outcome.ts';
import type { SetRollout } from './set-rollout.ts';

export interface ManifestOptions {
  /** `calico v3.32.1`; also what the plan calls it. */
  readonly name: string;
  /** The objects as YAML; undefined where the plan is made without fetching them. */
  readonly content: string | undefined;
  /** What is waited for once the objects are there. */
  readonly after?: readonly Step[];
  /** The set of the objects, where its workloads are to be rolled out too. */
  readonly rollout?: SetRollout;
  /** Kinds that the objects define, `installations.operator.tigera.io`: the API must know them before it goes on. */
  readonly definitions?: readonly string[];
}

/**
 * Kubernetes objects, applied on the server side: fields that others own stay theirs, and what differs is the
 * API server's own judgement.
 *
 * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/ (v1.34)
 */
export function manifest(options: ManifestOptions): Resource {
  const { name, content = '', after = [], definitions = [], rollout } = options;
  const sha256 = createHash('sha256').update(content).digest('hex');
  const step: Step = {
    do: 'run',
    summary: `apply ${name}`,
    script: sh`${embed(kubectl)} apply --server-side --force-conflicts --field-manager=slipway -f -`,
    stdin: content,
    timeoutMs: 180_000,
    // Seconds after the API server has come up it may still forbid, or not know a kind that was just defined.
    retry: {
      when: 'forbidden|no matches for kind|connection refused|etcdserver|InternalError|ServiceUnavailable|TLS handshake timeout|EOF',
      attempts: 5,
      pauseMs: 2000,
    },
  };
  const steps = [
    step,
    ...(definitions.length > 0 ? [establishedStep(definitions)] : []),
    ...(rollout === undefined ? [] : waitSteps(rollout)),
    ...after,
  ];
  return resource({
    address: `manifest:${name}`,
    facts: { api: apiState, diff: manifestDiff(name, sha256, content), ...rolloutFacts(rollout) },
    ...(rollout !== undefined && { settle: { timeoutMs: ROLLOUT_SETTLE_MS } }),
    diff: ({ api, diff, unready }) => {
      if (api.state !== 'ready' || diff.state === 'no-cluster')
        return waitsForApi(`the API server, to compare ${name} with`);
      return manifestOutcome({ name, diff, unready, steps, rollout, content });
    },
  });
}

const establishedStep = (definitions: readonly string[]): Step => ({
  do: 'run',
  summary: `wait until the API knows ${definitions.join(', ')}`,
  script: sh`${embed(kubectl)} wait --for=condition=Established --timeout=60s ${definitions.map((name) => `customresourcedefinition/${name}`)}`,
  timeoutMs: 90_000,
});
