import type { Program } from '#catalog/kubernetes-settings.ts';
import type { Flags } from '#core/flags.ts';
import type { Finding, Path } from '#inventory/text/problem.ts';

import { flagSettingFindings } from './kubernetes-setting-findings.ts';

export interface FlagRules {
  readonly program: Program;
  /** Of Kubernetes, as it is written. */
  readonly version: string | undefined;
  /** Flags that are set elsewhere: where. */
  readonly reserved?: Readonly<Record<string, string>>;
}

/** Flags as they are written; in a list null stands for what is refused. */
export type WrittenFlags = Readonly<Record<string, string | readonly (string | null)[]>>;

export const withoutFaults = (flags: WrittenFlags = {}): Flags =>
  Object.fromEntries(
    Object.entries(flags).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : value.filter((one) => one !== null),
    ]),
  );

/** Flags that cannot be: with dashes, with a value, set elsewhere, or unknown to their program. */
export function flagFindings(
  flags: WrittenFlags = {},
  path: Path,
  { program, version, reserved = {} }: FlagRules,
): readonly Finding[] {
  const misnamed = nameFindings(Object.keys(flags), path, reserved);
  const odd = new Set(misnamed.map((finding) => finding.path.at(-1)));
  const plain = Object.fromEntries(Object.entries(flags).filter(([flag]) => !odd.has(flag)));
  return [...misnamed, ...flagSettingFindings(plain, program, version, path)];
}

function nameFindings(
  flags: readonly string[],
  path: Path,
  reserved: Readonly<Record<string, string>>,
): readonly Finding[] {
  return flags.flatMap((flag): readonly Finding[] => {
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
