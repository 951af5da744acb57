import { describe, expect, it } from 'vitest';

import type { Outcome, Resource } from '#core/resource.ts';
import type { FileAnswer } from '#facts/file.ts';
import { editedFile } from '#resources/files/edited-file.ts';
import { noSwap } from '#resources/host/swap.ts';
import { dockerDaemon } from '#resources/runtime/docker-daemon.ts';

const found: FileAnswer = {
  type: 'file',
  content: null,
  target: null,
  mode: '0644',
  owner: 'root:root',
  mtime: null,
};
const swap = { active: [], units: [] };

const decided = (resource: Resource, answers: object): Outcome =>
  resource.diff(answers as never, { host: 'w1', changed: [] });

const first = ([one]: readonly Resource[]): Resource => {
  if (one === undefined) throw new TypeError('there is none');
  return one;
};

describe('a file that slipway would add to, and cannot read', () => {
  it.each<readonly [string, Resource, object]>([
    ['/etc/fstab', noSwap(), { swap, fstab: found }],
    [
      '/etc/docker/daemon.json',
      first(dockerDaemon({ registries: [], config: {} })),
      { found, record: { ...found, type: 'absent' } },
    ],
    ['/etc/x', editedFile('/etc/x', (text) => text ?? ''), { found }],
  ])('is refused by name: %s', (path, resource, answers) => {
    expect(decided(resource, answers)).toMatchObject({
      answer: 'refused',
      check: 'FileContent',
      why: expect.stringContaining(path) as string,
    });
  });
});

describe('/etc/fstab in Latin-1', () => {
  it('has its swap line found, and every other byte stays', () => {
    const content = '# \u00fcbrig\n/swap none swap sw 0 0\n';
    const outcome = decided(noSwap(), { swap, fstab: { ...found, content, encoding: 'latin1' } });
    expect(outcome).toMatchObject({
      answer: 'change',
      steps: [
        { path: '/etc/fstab', encoding: 'latin1', content: '# \u00fcbrig\n# /swap none swap sw 0 0\n' },
        {},
      ],
    });
  });
});
