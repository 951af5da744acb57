import { changeOr, type Resource, resource } from '#core/resource.ts';
import { command } from '#core/shell.ts';
import { run } from '#core/step.ts';
import { FAMILIES } from '#distributions/families.ts';
import { PACKAGES_LANE } from '#distributions/packages-lane.ts';
import { fileContent } from '#facts/file.ts';

/** The package manager no longer knows a repository that slipway has told it of; what somebody else wrote stays. */
export const noRepository = (name: string): Resource => {
  const files = FAMILIES.flatMap(({ repositoryFiles }) => repositoryFiles(name));
  return resource({
    address: `no-repository:${name}`,
    facts: Object.fromEntries(files.map(({ path }) => [path, fileContent(path)])),
    lane: PACKAGES_LANE,
    diff: (answers) => {
      const there = files.filter(({ path }) => answers[path]?.type !== 'absent');
      const others = there.filter(
        ({ path, isEntry, isOwn }) => isEntry === true && !isOwn(answers[path]?.content ?? ''),
      );
      const left = others.length > 0 ? [] : there.map(({ path }) => path);
      return changeOr(
        others.length > 0
          ? `${others[0]?.path} is not slipway's`
          : `the repository ${name} is not known here`,
        left.map((path) => ({ what: path, from: 'present', to: null })),
        () => [run(`remove ${left.join(', ')}`, command('rm', '-f', '--', ...left))],
      );
    },
  });
};
