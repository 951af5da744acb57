import { changeOr, type Resource, resource } from '#core/resource.ts';
import { command } from '#core/shell.ts';
import { run } from '#core/step.ts';
import { PACKAGES_LANE } from '#distributions/packages-lane.ts';
import { BUNDLE_DIRECTORY } from '#facts/bundle-state.ts';
import { pathKind } from '#facts/path.ts';

/** What a bundle has brought is gone, but for what was installed from it: the host goes by its own repositories again. */
export const noBundle: Resource = resource({
  address: 'bundle:none',
  facts: { found: pathKind(BUNDLE_DIRECTORY) },
  lane: PACKAGES_LANE,
  diff: ({ found }) =>
    changeOr(
      'it goes by no bundle',
      found === 'absent' ? [] : [{ what: 'bundle', from: BUNDLE_DIRECTORY, to: null }],
      () => [run(`remove ${BUNDLE_DIRECTORY}`, command('rm', '-rf', '--', BUNDLE_DIRECTORY))],
    ),
});
