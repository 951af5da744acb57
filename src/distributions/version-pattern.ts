import { type Script, quote } from '#core/shell.ts';

/** What `isVersion` decides, as a pattern of the shell's `case`. */
export const versionPattern = (version: string | null): Script =>
  versionPatterns(version).join('|') as Script;

export function versionPatterns(version: string | null): readonly string[] {
  if (version === null) return ['*'];
  return [quote(version), `[0-9]:${quote(version)}`].flatMap((text) => [text, `${text}[-~+]*`]);
}
