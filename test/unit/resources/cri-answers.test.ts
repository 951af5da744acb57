import { describe, expect, it } from 'vitest';

import type { CriAnswer } from '#facts/cri.ts';
import { criAnswers } from '#resources/runtime/cri-answers.ts';

const { diff, settle } = criAnswers({ runtime: { type: 'containerd' } as never });
const outcome = (cri: CriAnswer) => diff({ cri } as never, { host: 'w1', changed: [] });
const silent = (journal: string, isStarting: boolean): CriAnswer => ({
  state: 'silent',
  why: 'unknown service it',
  journal,
  isStarting,
});

describe('a runtime that does not answer CRI', () => {
  it('is refused with the reason that its journal tells, and waiting longer is of no use', () => {
    const cri = silent('no plugin', false);
    expect(outcome(cri)).toMatchObject({
      answer: 'refused',
      why: 'containerd.service does not answer CRI (unknown service it); its journal says: no plugin',
    });
    expect(settle.hopeless?.({ cri } as never)).toContain('no plugin');
  });

  it('is waited for in its first seconds, its reason told, and given up where it keeps to it', () => {
    const cri = silent('no plugin', true);
    expect(outcome(cri)).toMatchObject({
      answer: 'change',
      differences: [{ from: 'unknown service it; its journal says: no plugin', to: 'answers CRI' }],
      steps: [],
    });
    expect(settle.hopeless?.({ cri } as never)).toContain('no plugin');
    expect(settle.patienceMs).toBeGreaterThan(0);
  });

  it('is waited for where nothing tells of a reason', () => {
    const cri = silent('', false);
    expect(outcome(cri)).toMatchObject({ answer: 'change', steps: [] });
    expect(settle.hopeless?.({ cri } as never)).toBeUndefined();
  });
});
