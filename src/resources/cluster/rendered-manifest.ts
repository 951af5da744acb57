import { refused, resource, type Resource } from '#core/resource.ts';
import type { Step } from '#core/step.ts';
import { apiState } from '#facts/api.ts';
import { applyRendered, type Rendering, renderedDiff } from '#facts/rendered-objects.ts';
import { waitsForApi } from '#facts/waits-for-api.ts';

import { manifestOutcome } from './manifest-outcome.ts';

/** Objects that the first control plane renders from files sent to it, applied as all others are. */
export function renderedManifest(rendering: Rendering, set: string): Resource {
  const { name } = rendering;
  const step: Step = {
    do: 'run',
    summary: `render and apply ${name}`,
    script: applyRendered(rendering),
    // As input, since it may be longer than an argument can be.
    stdin: rendering.unpack,
    timeoutMs: 300_000,
    retry: {
      when: 'forbidden|no matches for kind|connection refused|etcdserver|InternalError|ServiceUnavailable|TLS handshake timeout',
      attempts: 5,
      pauseMs: 2000,
    },
  };
  return resource({
    address: `manifest:${name}`,
    facts: { api: apiState, diff: renderedDiff(rendering) },
    diff: ({ api, diff }) => {
      if (api.state !== 'ready') return waitsForApi(`the API server, to compare ${name} with`);
      switch (diff.state) {
        case 'no-cluster':
          return waitsForApi(`the API server, to compare ${name} with`);
        case 'no-program':
          return refused(
            'AddonProgram',
            `${name} needs the program ${rendering.program ?? 'kubectl'}, and the control plane has none`,
            'install it there, or set runsOn: controller and have it where slipway runs',
          );
        case 'not-rendered':
          return refused(
            'AddonRender',
            `${name} cannot be rendered: ${diff.why}`,
            'try it by hand on the control plane',
          );
        default:
          return manifestOutcome({ name, diff, steps: [step], set });
      }
    },
  });
}
