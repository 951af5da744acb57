import { endedAnswers, type Fact, type Family, fact } from '#core/fact.ts';
import { sh } from '#core/shell.ts';

/** Where files are kept while a daemon has not shown yet that it runs on the new ones; below it, by the daemon's name. */
export const FORMER_FILES = '/var/lib/slipway/former';

/** Ends the name of what is kept of a file that was not there. */
export const ABSENT = '.absent';

/** Paths of the files whose former state is kept: their change is begun, and not proven. */
export const formerFiles = (daemon: string): Fact<readonly string[]> => fact(family, daemon);

const family: Family<string, readonly string[]> = {
  name: 'former-files',
  sharesShell: true,
  script: (daemons) =>
    sh`for root in ${daemons.map((name) => `${FORMER_FILES}/${name}`)}; do
[ ! -d "$root" ] || find "$root" ! -type d ! -name '*.new'
echo end
done`,
  parse: (output, daemons) => {
    const answers = endedAnswers(output, daemons);
    return daemons.map((name, index) =>
      (answers[index] ?? '')
        .split('\n')
        .filter((row) => row !== '')
        .map((row) => row.slice(`${FORMER_FILES}/${name}`.length).replace(new RegExp(`\\${ABSENT}$`), ''))
        .toSorted(),
    );
  },
  bare: () => [],
};
