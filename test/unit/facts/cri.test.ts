import { describe, expect, it } from 'vitest';

import { criState } from '#facts/cri.ts';

import { parseText } from './ask.ts';

const question = criState('unix:///run/containerd/containerd.sock', 'containerd.service');

describe('the CRI socket', () => {
  // crictl 1.34 with containerd 1.7.24 on Debian 13, line ends as the script has them.
  it.each([
    [
      'answers\nVersion:  0.1.0\nRuntimeName:  containerd\nRuntimeVersion:  1.7.24~ds1\nRuntimeApiVersion:  v1\nend\n',
      { state: 'answers', runtime: 'containerd', version: '1.7.24~ds1' },
    ],
    [
      'silent\ttime="2026-11-21T01:42:43Z" level=fatal msg="validate service connection: validate CRI v1 runtime API for endpoint \\"unix:///run/containerd/containerd.sock\\": rpc error: code = Unimplemented desc = unknown service runtime.v1.RuntimeService"\ttime="2026-11-21T01:42:40Z" level=warning msg="failed to load plugin io.containerd.grpc.v1.cri" error="invalid plugin config: `mirrors` cannot be set when `config_path` is provided"\t\nend\n',
      {
        state: 'silent',
        why: 'unknown service runtime.v1.RuntimeService',
        journal: expect.stringContaining('`mirrors` cannot be set') as string,
      },
    ],
    [
      'silent\tits CRI plugin is in state error\t\nend\n',
      { state: 'silent', why: 'its CRI plugin is in state error', journal: '' },
    ],
    ['unasked\nend\n', { state: 'unasked' }],
  ])('is read: %j', (output, answer) => {
    expect(parseText(output, [question])).toEqual([answer]);
  });

  it('is not taken for anything that was not said', () => {
    expect(() => parseText('sh: 1: nonsense\nend\n', [question])).toThrow('not an answer about CRI');
  });
});
