import { describe, expect, it } from 'vitest';

import { debian } from '#distributions/debian/debian.ts';
import { os } from '#facts/os.ts';
import { packageIndex } from '#resources/packages/package-index.ts';

const questions = [
  { name: 'kubelet', version: '1.34.9' },
  { name: 'apt', version: null },
];

/** What dpkg and apt of Debian 12 print where a list is malformed. */
const PRINTED = `kubelet un |
apt ii |2.6.1
index
problem Malformed entry 1 in list file /etc/apt/sources.list.d/x.list (Suite)
problem The list of sources could not be read.
`;

describe('a package manager that cannot read its sources', () => {
  const [kubelet, apt] = debian.packageFacts.parse(PRINTED, questions);

  it('says so of what it was to look up', () => {
    expect(kubelet?.problem).toBe(
      'Malformed entry 1 in list file /etc/apt/sources.list.d/x.list (Suite) The list of sources could not be read.',
    );
    expect(apt).toEqual({ installed: '2.6.1', isHeld: false, offered: null });
  });

  it('is named in the plan, which fetches the index all the same: another change may mend it', () => {
    const answers = { os: os().family.bare(null as never), 'package kubelet': kubelet, 'its bundle': null };
    const index = packageIndex({ name: 'kubernetes', packages: questions.slice(0, 1) });
    expect(index.diff(answers as never, { host: 'w1', changed: [] })).toMatchObject({
      answer: 'change',
      notes: [expect.stringContaining('/etc/apt/sources.list.d/x.list')],
    });
  });

  it('offers no more than its bundle, on a host that was set up from one', () => {
    const lacking = { installed: null, isHeld: false, offered: [] };
    const answers = {
      os: os().family.bare(null as never),
      'its bundle': 'b'.repeat(64),
    };
    const index = packageIndex({ name: 'kubernetes', packages: [{ name: 'kubelet', version: '1.35.9' }] });
    const outcome = (found: object) =>
      index.diff({ ...answers, 'package kubelet': found } as never, { host: 'w1', changed: [] });
    expect(outcome(lacking)).toEqual({
      answer: 'refused',
      check: 'Bundle',
      why: 'the bundle bbbbbbbbbbbb, which it was set up from, lacks kubelet 1.35.9',
      hint: 'give a bundle of this inventory, by --bundle FILE, or have packages fetched from here on, by --no-bundle',
    });
    expect(outcome({ ...lacking, offered: ['1.35.9-1.1'] }).answer).toBe('none');
  });
});
