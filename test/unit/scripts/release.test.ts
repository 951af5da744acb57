import { describe, expect, it } from 'vitest';

import { releaseChangelog } from '../../../scripts/release/changelog.ts';
import {
  refusedParties,
  type ThirdParty,
  thirdParties,
  thirdPartyNotices,
} from '../../../scripts/release/third-parties.ts';

const root = new URL('../../../', import.meta.url);
const parties = await thirdParties(root);

const party = (license: string, isShipped: boolean): ThirdParty => ({
  name: 'x',
  version: '1.0.0',
  license,
  isShipped,
  path: 'node_modules/x',
});

describe('licences of dependencies', () => {
  it('are all on a list', () => {
    expect(parties.filter(({ isShipped }) => isShipped).length).toBeGreaterThan(20);
    expect(refusedParties(parties)).toEqual([]);
  });

  it('that bind users are refused, and those that bind who changes a tool only where users get it', () => {
    const odd = [party('GPL-3.0-only', false), party('MPL-2.0', true), party('none that is named', true)];
    expect(refusedParties([...odd, party('MPL-2.0', false), party('MIT', true)])).toEqual(odd);
  });

  it('are listed with their texts, also those of packages with an older form; tools of the work are not', async () => {
    const notices = await thirdPartyNotices(root, parties);
    expect(notices).toMatch(/^## ssh2 [\d.]+\n\nMIT\n\nCopyright Brian White/m);
    expect(notices).toContain('\n## commander ');
    expect(notices).not.toContain('## vitest ');
  });
});

describe('changelog of a release', () => {
  const text = '# Changelog\n\n## [Unreleased]\n\n### Added\n\n- New.\n\n## [0.1.0] - 2026-01-01\n\n- Old.\n';

  it('puts what is new under the version, above what is older', () => {
    expect(releaseChangelog(text, '0.2.0', '2026-12-01')).toEqual({
      changelog:
        '# Changelog\n\n## [Unreleased]\n\n## [0.2.0] - 2026-12-01\n\n### Added\n\n- New.\n\n## [0.1.0] - 2026-01-01\n\n- Old.\n',
      notes: '### Added\n\n- New.\n',
    });
  });

  it('is refused where nothing is new, the version is there, or there is no place for it', () => {
    expect(() => releaseChangelog(text, '0.1.0', '2026-12-01')).toThrow('has a section of 0.1.0 already');
    expect(() => releaseChangelog(text.replace('### Added\n\n- New.\n\n', ''), '0.2.0', 'x')).toThrow(
      'nothing that is new',
    );
    expect(() => releaseChangelog('# Changelog\n', '0.2.0', 'x')).toThrow('has no ## [Unreleased]');
  });
});
