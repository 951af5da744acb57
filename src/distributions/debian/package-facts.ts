import { type Script, lines, sh } from '#core/shell.ts';
import { installedStatus } from '#distributions/effects-script.ts';
import type { PackageFacts, PackageQuestion } from '#distributions/distribution-family.ts';
import { isVersion } from '#distributions/package-version.ts';
import { hasVersion, wantedVersion } from '#distributions/version-pattern.ts';

export const STATUS_FORMAT = '${Package} ${db:Status-Abbrev}|${Version}\\n';

const installed = (names: readonly string[]): Script =>
  sh`dpkg-query -W -f=${STATUS_FORMAT} -- ${names} 2>/dev/null`;

/** dpkg is asked what is installed, and apt's index what is offered of packages that are not as wanted. */
export const packageFacts: PackageFacts = {
  installed,
  script: (questions) =>
    lines(
      statusOf(questions.map(({ name }) => name)),
      sh`printf '%s\n' "$status"
set --`,
      IS_INSTALLED,
      ...questions.map(lookUp),
      sh`echo index
[ $# -gt 0 ] || exit 0`,
      READING,
      LOOK_UP,
    ),
  parse: (output, questions) => {
    const [status = '', policy] = output.split(/^index$/m);
    if (policy === undefined) throw new Error('what dpkg says of packages is cut off');
    const found = status.split('\n').flatMap(readStatus);
    const tables = readPolicy(policy);
    const problems = policy.split('\n').flatMap((row) => /^problem (.*)$/.exec(row)?.[1] ?? []);
    return questions.map(({ name, version }) => {
      const entry = found.find((one) => one.name === name);
      const isRight = entry !== undefined && isVersion(entry.version, version);
      return {
        installed: entry?.version ?? null,
        isHeld: entry?.isHeld ?? false,
        offered: isRight ? null : (tables.get(name) ?? []),
        ...(!isRight && problems.length > 0 && { problem: problems.join(' ') }),
      };
    });
  },
};

/** What dpkg has of the packages, in the shell variable `status`. */
export const statusOf = (names: readonly string[]): Script => installedStatus(installed(names));

/** Adds the package to those to look up in the index, unless the right version is installed. */
const lookUp = ({ name, version }: PackageQuestion): Script =>
  sh`is_installed ${name} ${wantedVersion(version)} || set -- "$@" ${name}`;

/**
 * Run as root, apt rewrites its cache when that is out of date, and a question must not write. Told that there is no
 * cache, it reads all lists anew, which costs seconds. So it is given the cache as open files, where it cannot write
 * beside them, and the cache of everything only if it is newer than dpkg's status.
 *
 * Where apt cannot read its sources it says so, and knows of no package.
 *
 * @see https://salsa.debian.org/apt-team/apt/-/blob/2.6.1/apt-pkg/pkgcachegen.cc (pkgCacheGenerator::MakeStatusCache)
 */
export const READING: Script = sh`cache=/var/cache/apt; whole=; lists=
if [ -r $cache/pkgcache.bin ] && [ -r $cache/srcpkgcache.bin ]; then
exec 3<$cache/pkgcache.bin 4<$cache/srcpkgcache.bin
lists=/proc/self/fd/4
[ $cache/pkgcache.bin -nt /var/lib/dpkg/status ] && whole=/proc/self/fd/3
fi
reading() { program=$1; shift; "$program" -o Dir::Cache::pkgcache="$whole" -o Dir::Cache::srcpkgcache="$lists" "$@"; }`;

const LOOK_UP: Script = sh`reading apt-cache policy -- "$@" 2>/dev/null && exit
whole=; lists=
{ reading apt-cache policy -- "$@" 2>&1 >&5 | sed -n 's/^E: /problem /p'; } 5>&1`;

/** Of what dpkg-query printed, see `statusOf`. */
export const IS_INSTALLED = hasVersion('is_installed' as Script, 'status' as Script, '"$1 "?"i |"' as Script);

/**
 * The second letter is the state, the first the wish: `ii ` installed, `hi ` installed and held, `rc ` removed.
 *
 * @see https://manpages.debian.org/bookworm/dpkg/dpkg-query.1.en.html
 */
function readStatus(
  row: string,
): readonly { readonly name: string; readonly version: string; readonly isHeld: boolean }[] {
  const match = /^(\S+) ([a-z])i \|(\S+)$/.exec(row);
  if (match === null) return [];
  const [, name = '', wish = '', version = ''] = match;
  return [{ name, version, isHeld: wish === 'h' }];
}

/** Versions by package from `apt-cache policy`, the candidate first, then as apt lists them: newest first. */
function readPolicy(policy: string): ReadonlyMap<string, readonly string[]> {
  const tables = new Map<string, readonly string[]>();
  let name = '';
  let candidate = '';
  for (const row of policy.split('\n')) {
    const header = /^(\S+):$/.exec(row);
    if (header !== null) name = header[1] ?? '';
    candidate = /^ {2}Candidate: (\S+)$/.exec(row)?.[1] ?? candidate;
    if (header !== null) tables.set(name, []);
    const version = /^ (?:\*\*\*| {3}) (\S+) -?\d+(?: \(.*\))?$/.exec(row)?.[1];
    if (version === undefined) continue;
    const others = (tables.get(name) ?? []).filter((other) => other !== version);
    tables.set(name, version === candidate ? [version, ...others] : [...others, version]);
  }
  return tables;
}
