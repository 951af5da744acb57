import { readToml } from '#configuration/toml.ts';
import type { JsonObject } from '#core/json.ts';
import { rememberLast } from '#core/remember-last.ts';
import type { Resource } from '#core/resource.ts';
import { settingsDifferences } from '#core/settings.ts';
import { mergeObjects } from '#core/merge-objects.ts';
import { type DropInText, otherFiles } from '#facts/other-files.ts';

import { check } from './check.ts';

/**
 * CRI-O can read every file beside slipway's own, and none that it reads after it says otherwise. It reads every file of the directory, whatever its name,
 * and merges them key by key.
 *
 * @see https://github.com/cri-o/cri-o/blob/v1.36.0/docs/crio.conf.d.5.md
 */
export function crioDropIns(path: string, content: string): Resource {
  const wanted = readToml(content) ?? {};
  const objectionsTo = rememberLast((found: readonly DropInText[]) =>
    found.flatMap((file) => objectionTo(file, file.path > path ? wanted : {})),
  );
  return check({
    name: 'CrioConfig',
    facts: { found: otherFiles(path) },
    judge: ({ found }) => {
      const [first] = objectionsTo(found);
      return first ?? `no file says otherwise than ${path}`;
    },
  });
}

function objectionTo({ path, text }: DropInText, wanted: JsonObject) {
  const found = readToml(text);
  if (found === undefined) {
    return [{ why: `${path} is not TOML, so CRI-O would not start`, hint: `mend ${path}, or move it away` }];
  }
  const other = settingsDifferences(wanted, mergeObjects(wanted, found)).find(({ from }) => from !== null);
  if (other === undefined) return [];
  return [
    {
      why: `${path} sets ${other.what} = ${JSON.stringify(other.to)} over ${JSON.stringify(other.from)}`,
      hint: `take it out of ${path}, or write the same into the inventory, under runtime.config`,
    },
  ];
}
