import { embed, type Script, quote, sh } from '#core/shell.ts';

/** What `isVersion` decides, as a pattern of the shell's `case`. */
export const versionPattern = (version: string | null): Script =>
  versionPatterns(version).join('|') as Script;

export function versionPatterns(version: string | null): readonly string[] {
  if (version === null) return ['*'];
  return patternsOf(quote(version));
}

/** @param version as the shell reads it. */
const patternsOf = (version: string): readonly string[] =>
  [version, `[0-9]:${version}`].flatMap((text) => [text, `${text}[-~+]*`]);

/** The same as a function of the shell: whether `$1` is the version `$2`, or any where that is `-`. */
export const IS_VERSION: Script = sh`is_version() { [ "$2" = - ] || case $1 in ${embed(patternsOf('"$2"').join('|') as Script)}) ;; *) return 1;; esac; }`;
