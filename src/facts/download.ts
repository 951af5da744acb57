import { endedAnswers, type Fact, type Family, fact } from '#core/fact.ts';
import { type Script, sh } from '#core/shell.ts';

/** What an earlier run unpacked on a host. */
export type DownloadAnswer = {
  /** sha256 of the file it came from; null where there is nothing. */
  readonly sha256: string | null;
  /** Files of it that are no longer as they were unpacked. */
  readonly altered: readonly string[];
};

/** Records of what was unpacked: the digest, then size, time, mode and path of each file. */
export const DOWNLOADS = '/var/lib/slipway/downloads';

/** How a file is described in a record. With the same size and time it counts as unchanged, as for rsync. */
export const describeFiles: Script = sh`stat -c '%s %Y %a %n' --`;

export const downloaded = (name: string): Fact<DownloadAnswer> => fact(family, name);

const family: Family<string, DownloadAnswer> = {
  name: 'download',
  sharesShell: true,
  script: (names) =>
    sh`for name in ${names}; do
record=${DOWNLOADS}/$name
if [ -f "$record" ]; then
head -n 1 "$record"
tail -n +2 "$record" | while read -r size time mode path; do
[ "$(stat -c '%s %Y %a' -- "$path" 2>/dev/null)" = "$size $time $mode" ] || printf 'altered %s\n' "$path"
done
fi
echo end
done`,
  parse: (output, names) => {
    return endedAnswers(output, names).map((answer) => ({
      sha256: /^sha256 ([0-9a-f]{64})$/m.exec(answer)?.[1] ?? null,
      altered: [...answer.matchAll(/^altered (.*)$/gm)].map(([, path = '']) => path),
    }));
  },
  bare: () => ({ sha256: null, altered: [] }),
};
