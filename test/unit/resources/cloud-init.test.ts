import { describe, expect, it } from 'vitest';

import { cloudInitState } from '#facts/cloud-init.ts';
import { cloudInit } from '#resources/host/cloud-init.ts';

import { parseText } from '../facts/ask.ts';

const decided = (cloudInitAnswer: object, kubelet = 'absent') =>
  cloudInit('/var/lib/kubelet/config.yaml').diff({ cloudInit: cloudInitAnswer, kubelet } as never, {
    host: 'w1',
    changed: [],
  });

describe('cloud-init', () => {
  it.each([
    ['', { isRunning: false, stage: null }],
    ['running\nmodules-final\n', { isRunning: true, stage: 'modules-final' }],
    ['running\n', { isRunning: true, stage: null }],
  ])('is read: %j', (output, answer) => {
    expect(parseText(output, [cloudInitState])).toEqual([answer]);
  });

  it('is not taken for anything that was not said', () => {
    expect(() => parseText('sh: nonsense\n', [cloudInitState])).toThrow('not a state of cloud-init');
  });

  it('is waited for while it runs, and can be ignored', () => {
    expect(decided({ isRunning: true, stage: 'modules-final' })).toEqual({
      answer: 'change',
      differences: [{ what: 'cloud-init', from: 'running (modules-final)', to: 'ended' }],
      steps: [],
      check: 'CloudInit',
    });
  });

  it('is no matter where it does not run, or where the machine is a node already', () => {
    expect(decided({ isRunning: false, stage: null })).toMatchObject({ answer: 'none' });
    expect(decided({ isRunning: true, stage: null }, 'file')).toEqual({
      answer: 'none',
      why: 'cloud-init is running, on a machine that is a node',
    });
  });
});
