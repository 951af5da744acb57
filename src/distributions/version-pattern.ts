import { embed, lines, type Script, sh } from '#core/shell.ts';

/** What `isVersion` decides, as patterns of the shell's `case`; the wanted version is `$2`. */
const PATTERNS = ['"$2"', '[0-9]:"$2"'].flatMap((text) => [text, `${text}[-~+]*`]);

/** As a function of the shell: whether `$1` is the version `$2`, or any where that is `-`. */
export const IS_VERSION: Script = sh`is_version() { [ "$2" = - ] || case $1 in ${embed(PATTERNS.join('|') as Script)}) ;; *) return 1;; esac; }`;

/**
 * A function of the shell that knows, by what stands in a variable of it, whether there is a package `$1` at the version
 * `$2`, or at any where that is `-`. Programs call it a package: its patterns are sent once.
 *
 * @param start what stands in the variable's row of a package before its version, as a pattern of `case`.
 */
export function hasVersion(name: Script, variable: Script, start: Script): Script {
  const rows = embed(`"\n$${variable}\n"` as Script);
  const row = (version: string): string => `*"\n"${start}${version}"\n"*`;
  const patterns = (versions: readonly string[]) => embed(versions.map(row).join('|') as Script);
  return lines(
    sh`${embed(name)}() { case $2 in -) case ${rows} in ${patterns(['*'])}) ;; *) return 1;; esac;;`,
    sh`*) case ${rows} in ${patterns(PATTERNS)}) ;; *) return 1;; esac;; esac; }`,
  );
}

/** A wanted version as these functions take it. */
export const wantedVersion = (version: string | null): string => version ?? '-';
