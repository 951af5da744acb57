import type { Finding, Path } from '#inventory/text/problem.ts';

/** Names of flags that cannot be: with dashes, with a value, or set elsewhere. */
export function flagFindings(
  flags: Readonly<Record<string, string>> | undefined,
  path: Path,
  reserved: Readonly<Record<string, string>> = {},
): readonly Finding[] {
  return Object.keys(flags ?? {}).flatMap((flag): readonly Finding[] => {
    const at = { path: [...path, flag], isKey: true };
    const quoted = JSON.stringify(flag);
    if (flag.startsWith('-')) {
      return [
        {
          ...at,
          message: `flags stand here without dashes, unlike ${quoted}`,
          suggestion: flag.replace(/^-+/, ''),
        },
      ];
    }
    if (!/^[A-Za-z][A-Za-z0-9_.-]*$/.test(flag))
      return [{ ...at, message: `${quoted} is not the name of a flag` }];
    if (Object.hasOwn(reserved, flag)) return [{ ...at, message: `${quoted} ${reserved[flag]}` }];
    return [];
  });
}
