import { createHash } from 'node:crypto';

import { resource, type Resource } from '#core/resource.ts';
import { embed, sh } from '#core/shell.ts';
import type { Step } from '#core/step.ts';
import { apiState } from '#facts/api.ts';
import { kubectl } from '#facts/kubectl.ts';
import { manifestDiff } from '#facts/manifest-diff.ts';
import { waitsForApi } from '#facts/waits-for-api.ts';

import { manifestOutcome } from './manifest-outcome.ts';

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
export function manifest(options: ManifestOptions): Resource {
  const { name, content = '', set } = options;
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
  return resource({
    address: `manifest:${name}`,
    facts: { api: apiState, diff: manifestDiff(name, sha256, content) },
    diff: ({ api, diff }) => {
      if (api.state !== 'ready' || diff.state === 'no-cluster')
        return waitsForApi(`the API server, to compare ${name} with`);
      return manifestOutcome({ name, diff, steps: [step], set, content });
    },
  });
}
