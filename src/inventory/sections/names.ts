import type { Cluster } from '#core/cluster.ts';
import { flag, map } from '#core/schema.ts';
import type { Section } from '#inventory/section.ts';

const defaults = { hostname: false, hostsFile: false } as const;

const schema = map(
  {
    hostname: flag('Whether each machine gets its name in the inventory as its hostname.', {
      default: defaults.hostname,
    }),
    hostsFile: flag(
      'Whether /etc/hosts of each host has the names of all, with nodeIp, or else the address where that is no name.',
      { default: defaults.hostsFile },
    ),
  },
  'What hosts are called, and by whom they are found.',
);

export const names: Section<typeof schema, Pick<Cluster, 'names'>> = {
  schema,
  build: (written) => ({ names: { ...defaults, ...written } }),
};
