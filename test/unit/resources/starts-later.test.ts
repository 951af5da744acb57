import { describe, expect, it } from 'vitest';

import { packages } from '#resources/packages/packages.ts';

const UNIT = 'containerd.service';

/** The units that an installation leaves alone, where version 2 of two packages is wanted and these are there. */
function leftAlone(
  installed: { readonly containerd: string | null; readonly runc: string | null },
  startsLater?: readonly string[],
): unknown {
  const resource = packages({
    name: 'containerd',
    packages: ['containerd', 'runc'].map((name) => ({ name, version: '2' })),
    phase: 'runtime',
    ...(startsLater && { startsLater }),
  });
  const found = Object.entries(installed).map(([name, version]) => [
    `package ${name}`,
    { installed: version, isHeld: false, offered: ['2'] },
  ]);
  const answers = {
    os: { id: 'debian', idLike: [], versionId: '12', codename: 'bookworm', prettyName: 'Debian 12' },
    'effects on debian': { state: 'known', removed: [], changed: [] },
    ...Object.fromEntries(found),
  };
  const outcome = resource.diff(answers as never, { host: 'w1', changed: [] });
  const [step] = outcome.answer === 'change' ? outcome.steps : [];
  return step?.do === 'run' ? step.lists?.['starts_later'] : outcome;
}

describe('units that packages are kept from starting', () => {
  it.each([
    ['are those that the phase starts behind packages that are new', null, null, [UNIT], UNIT],
    ['are none where a package that was there before may stop and start them', '1', '1', [UNIT], ''],
    ['are none where one of the packages was', '1', null, [UNIT], ''],
    ['are those where the package that was is not changed', null, '2', [UNIT], UNIT],
    ['are none where no phase starts any', null, null, undefined, ''],
  ])('%s', (_, containerd, runc, startsLater, expected) => {
    expect(leftAlone({ containerd, runc }, startsLater)).toBe(expected);
  });
});
