const UNRELEASED = '## [Unreleased]\n';

export interface Released {
  /** The changelog with what was unreleased under the version, and room for what comes next. */
  readonly changelog: string;
  /** What is new, for the page of the release. */
  readonly notes: string;
}

/** @throws {Error} when nothing is new, or the version has been released. */
export function releaseChangelog(changelog: string, version: string, date: string): Released {
  const [before, rest] = changelog.split(UNRELEASED);
  if (before === undefined || rest === undefined) throw new Error(`CHANGELOG.md has no ${UNRELEASED.trim()}`);
  if (rest.includes(`\n## [${version}]`)) throw new Error(`CHANGELOG.md has a section of ${version} already`);
  const [notes = '', ...older] = rest.split(/^(?=## \[)/m);
  if (notes.trim() === '') throw new Error('CHANGELOG.md says of nothing that is new since the last release');
  return {
    changelog: `${before}${UNRELEASED}\n## [${version}] - ${date}\n${notes}${older.join('')}`,
    notes: `${notes.trim()}\n`,
  };
}
