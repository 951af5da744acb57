import type { Cluster } from '#core/cluster.ts';
import { map, text } from '#core/schema.ts';
import type { Section } from '#inventory/section.ts';

const defaults = { name: 'kubernetes' };

const schema = map(
  {
    name: text("The cluster's name, in its kubeconfig and in slipway's reports.", {
      wanted: 'lower-case letters, digits, - and .',
      pattern: '^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$',
      default: defaults.name,
      examples: ['lab'],
    }),
  },
  'The cluster as a whole.',
);

export const cluster: Section<typeof schema, Pick<Cluster, 'name'>> = {
  schema,
  build: (written) => ({ name: written?.name ?? defaults.name }),
};
