import type { Cluster } from '#core/cluster.ts';
import { textList } from '#core/schema.ts';
import type { Section } from '#inventory/section.ts';

const schema = textList("slipway's own checks that may fail, by the names that the plan shows.", {
  wanted: 'a list of names',
  item: 'the name of a check',
  examples: [['memory']],
});

export const ignoreChecks: Section<typeof schema, Pick<Cluster, 'ignoredChecks'>> = {
  schema,
  build: (written) => ({ ignoredChecks: written ?? [] }),
};
