import type { Cluster } from '#core/cluster.ts';
import { integer, map, oneOf, text } from '#core/schema.ts';
import type { Section } from '#inventory/section.ts';

const defaults = { schedule: 'daily', keep: 7, directory: '/var/backups/etcd', on: 'all' } as const;

/** @see https://www.freedesktop.org/software/systemd/man/252/systemd.time.html#Calendar%20Events */
const backup = map(
  {
    schedule: text(
      "When, in the words of systemd's OnCalendar. Up to ten minutes later, so that hosts take turns.",
      {
        wanted: 'a calendar event of systemd: daily, or *-*-* 03:00:00',
        pattern: '^[A-Za-z0-9*][A-Za-z0-9*:,./~ +-]*$',
        default: defaults.schedule,
        examples: [defaults.schedule, 'hourly', '*-*-* 02:30:00 UTC', 'Mon..Fri 03:00'],
      },
    ),
    keep: integer('How many are kept on each host; older ones are removed.', {
      minimum: 1,
      maximum: 10_000,
      default: defaults.keep,
    }),
    directory: text('Where they lie on the hosts; only root can look into it.', {
      wanted: 'an absolute path without spaces',
      pattern: '^(/[A-Za-z0-9._-]+)+$',
      default: defaults.directory,
      examples: [defaults.directory],
    }),
    on: oneOf(['all', 'first'], 'Which control planes save snapshots: all of them, or the first.', {
      default: defaults.on,
    }),
  },
  'Snapshots that control planes save by themselves, on a timer.',
);

const schema = map({ backup }, "The cluster's etcd, beside what kubernetes.etcd says of its flags.");

export const etcd: Section<typeof schema, Pick<Cluster, 'etcdBackup'>> = {
  schema,
  build: (written) => ({
    etcdBackup: written?.backup === undefined ? null : { ...defaults, ...written.backup },
  }),
};
