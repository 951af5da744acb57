import { createHash } from 'node:crypto';

import { type Fact, type Family, fact } from '#core/fact.ts';
import { sh } from '#core/shell.ts';

/** A file that holds a secret. Only whether it is the wanted one is told: answers are stored in plans. */
export type SecretFileAnswer = {
  readonly state: 'absent' | 'wanted' | 'other';
  /** `0600 root:root`; null when absent. */
  readonly access: string | null;
};

/** @param text what the file should be; it stays on this side. */
export function secretFileState(path: string, text: string): Fact<SecretFileAnswer> {
  const wanted = createHash('sha256').update(text).digest('hex');
  const family: Family<string, SecretFileAnswer> = {
    name: `secret-file ${path}`,
    script: () =>
      sh`if [ -e ${path} ] || [ -L ${path} ]; then
echo "$(sha256sum -- ${path} 2>/dev/null | cut -c1-64) $(stat -c '%04a %U:%G' -- ${path})"
else echo absent; fi`,
    parse: (output) => [read(output.trim(), wanted)],
    bare: () => ({ state: 'absent', access: null }),
  };
  return fact(family, path);
}

function read(answer: string, wanted: string): SecretFileAnswer {
  if (answer === 'absent') return { state: 'absent', access: null };
  const fields = /^([0-9a-f]*) (\d{4} \S+:\S+)$/.exec(answer);
  if (fields === null) throw new Error(`not a description of a file: ${JSON.stringify(answer)}`);
  return { state: fields[1] === wanted ? 'wanted' : 'other', access: fields[2] ?? null };
}
