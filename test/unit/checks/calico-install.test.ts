import { describe, expect, it } from 'vitest';

import { calicoInstall } from '../../../src/checks/preflight/calico-install.ts';
import type { CalicoNetwork } from '../../../src/core/network.ts';

const byManifest = { install: { by: 'manifest' } } as CalicoNetwork;
const judge = (found: unknown) =>
  calicoInstall(byManifest).diff({ found } as never, { host: 'cp1', changed: [] });

describe('CalicoInstall', () => {
  it('has nothing against a Calico that is not there by the other way', () => {
    expect(judge([{ rollout: 'absent' }])).toMatchObject({ answer: 'none' });
  });

  it.each(['old', 'new', 'done'])('refuses one that is: %s', (rollout) => {
    expect(judge([{ rollout }])).toMatchObject({
      answer: 'refused',
      why: 'Calico was installed by operator, and the inventory wants it by manifest',
    });
  });

  it('does not judge while no API server answers', () => {
    expect(judge(null)).toMatchObject({ answer: 'deferred' });
  });
});
