import { lines, type Script, sh } from '#core/shell.ts';
import { installedStatus } from '#distributions/effects-script.ts';
import type { PackageFacts, PackageQuestion } from '#distributions/distribution-family.ts';
import { isVersion } from '#distributions/package-version.ts';
import { hasVersion, wantedVersion } from '#distributions/version-pattern.ts';

import { compareRpmVersions } from './compare-rpm-versions.ts';
import { ENVIRONMENT, LOCKS, OFFERS, STATUS_FORMAT } from './dnf.ts';

const installed = (names: readonly string[]): Script => sh`rpm -q --qf ${STATUS_FORMAT} ${names} 2>/dev/null`;

/** rpm is asked what is installed, and dnf's index what is offered of packages that are not as wanted. */
export const packageFacts: PackageFacts = {
  installed,
  script: (questions) =>
    lines(
      ENVIRONMENT,
      OFFERS,
      LOCKS,
      statusOf(questions),
      IS_INSTALLED,
      sh`printf '%s\n' "$status"; locks; set --`,
      ...questions.map(
        ({ name, version }) => sh`is_installed ${name} ${wantedVersion(version)} || set -- "$@" ${name}`,
      ),
      sh`echo index
[ $# -gt 0 ] || exit 0
{ offers "$@" 2>&1 >&5 | sed -n 's/^Error: /problem /p'; } 5>&1`,
    ),
  parse: (output, questions) => {
    const [status = '', index] = output.split(/^index$/m);
    if (index === undefined) throw new Error('what rpm says of packages is cut off');
    const rows = status.split('\n');
    const found = rows.flatMap((row) => named(/^have (\S+) (\S+)$/, row));
    const locked = new Set(
      rows.flatMap((row) => /^lock (\S+)$/.exec(row)?.[1] ?? ENTRY.exec(row)?.[1] ?? []),
    );
    const offered = index.split('\n').flatMap((row) => named(/^offer (\S+) (\S+)$/, row));
    const problems = index.split('\n').flatMap((row) => /^problem (.*)$/.exec(row)?.[1] ?? []);
    return questions.map(({ name, version }) => {
      const entries = found.filter((one) => one.name === name);
      // Of kernels and their modules several may be there at a time.
      const entry = entries.findLast((one) => isVersion(one.version, version)) ?? entries.at(-1);
      const isRight = entry !== undefined && isVersion(entry.version, version);
      const versions = offered.filter((one) => one.name === name).map((one) => one.version);
      return {
        installed: entry?.version ?? null,
        isHeld: entry !== undefined && locked.has(name),
        offered: isRight ? null : [...new Set(versions)].toSorted((a, b) => compareRpmVersions(b, a)),
        ...(!isRight && problems.length > 0 && { problem: problems.join(' ') }),
      };
    });
  },
};

/** `kubelet-0:1.34.9-150500.1.1.*`, as `dnf versionlock add` of dnf 4 writes it. */
const ENTRY = /^entry (\S+)-(?:\d+:)?[^-\s]+-[^-\s]+$/;

function named(pattern: RegExp, row: string): readonly { readonly name: string; readonly version: string }[] {
  const [, name, version] = pattern.exec(row) ?? [];
  return name === undefined || version === undefined
    ? []
    : [{ name, version: version.replace(/^(?:0|\(none\)):/, '') }];
}

/** What rpm has of the packages, in the shell variable `status`. */
export const statusOf = (packages: readonly PackageQuestion[]): Script =>
  installedStatus(installed(packages.map(({ name }) => name)));

/** Of what rpm printed, see `statusOf`. */
export const IS_INSTALLED = hasVersion('is_installed' as Script, 'status' as Script, '"have $1 "' as Script);
