import { endedAnswers, type Fact, type Family, fact } from '#core/fact.ts';
import { lines, sh } from '#core/shell.ts';

/** What there is of the snapshots that a timer saves. */
export type EtcdBackupAnswer = {
  /** When the newest was saved, `2026-11-28T03:00:12Z`; null where there is none. */
  readonly lastAt: string | null;
  /** Whether the last try failed. */
  readonly hasFailed: boolean;
};

const family: Family<string, EtcdBackupAnswer> = {
  name: 'etcd-backup',
  sharesShell: true,
  isVolatile: true,
  script: (directories) =>
    lines(
      ...directories.map(
        (directory) => sh`ls -1 ${directory} 2>/dev/null | grep '^etcd-.*[.]db$' | sort | tail -n 1
systemctl is-failed slipway-etcd-backup.service 2>/dev/null
echo end`,
      ),
    ),
  parse: (output, directories) =>
    endedAnswers(output, directories).map((answer) => {
      const [, date, time] = /-(\d{8})T(\d{6})Z\.db$/m.exec(answer) ?? [];
      return {
        lastAt:
          date === undefined || time === undefined
            ? null
            : `${date.replace(/(....)(..)(..)/, '$1-$2-$3')}T${time.replace(/(..)(..)(..)/, '$1:$2:$3')}Z`,
        hasFailed: /^failed$/m.test(answer),
      };
    }),
  bare: () => ({ lastAt: null, hasFailed: false }),
};

export const etcdBackupState = (directory: string): Fact<EtcdBackupAnswer> => fact(family, directory);
