import { type Fact, type Family, fact } from '#core/fact.ts';
import { sha256Of } from '#core/sha256.ts';
import { sh } from '#core/shell.ts';

/** A file that holds a secret. Only whether it is the wanted one is told: answers are stored in plans. */
export type SecretFileAnswer = {
  readonly state: 'absent' | 'wanted' | 'other';
  /** `0600 root:root`; null when absent. */
  readonly access: string | null;
  /** Whether slipway has written it, for this inventory or another; it says so in the file. */
  readonly isOwn: boolean;
};

/** Stands in every file with secrets that slipway writes. */
export const SECRET_MARK = 'Written by slipway';

/** @param text what the file should be; it stays on this side. */
export function secretFileState(path: string, text: string): Fact<SecretFileAnswer> {
  const wanted = sha256Of(text);
  const family: Family<string, SecretFileAnswer> = {
    name: `secret-file ${path}`,
    script: () =>
      sh`if [ -e ${path} ] || [ -L ${path} ]; then
echo "$(sha256sum -- ${path} 2>/dev/null | cut -c1-64) $(stat -c '%04a %U:%G' -- ${path})$(grep -qsF ${SECRET_MARK} -- ${path} && echo ' own')"
else echo absent; fi`,
    parse: (output) => [read(output.trim(), wanted)],
    bare: () => ABSENT,
  };
  return fact(family, path);
}

const ABSENT: SecretFileAnswer = { state: 'absent', access: null, isOwn: false };

function read(answer: string, wanted: string): SecretFileAnswer {
  if (answer === 'absent') return ABSENT;
  const fields = /^([0-9a-f]*) (\d{4} \S+:\S+)( own)?$/.exec(answer);
  if (fields === null) throw new Error(`not a description of a file: ${JSON.stringify(answer)}`);
  return {
    state: fields[1] === wanted ? 'wanted' : 'other',
    access: fields[2] ?? null,
    isOwn: fields[3] !== undefined,
  };
}
