import { CHECK_NAMES, isCheckName } from '#catalog/check-names.ts';
import type { Cluster } from '#core/cluster.ts';
import { textList } from '#core/schema.ts';
import type { Section } from '#inventory/section.ts';
import { quoteValue } from '#inventory/text/problem.ts';
import { suggest } from '#inventory/text/suggestion.ts';

const schema = textList("slipway's own checks that may fail, by the names that the plan shows.", {
  wanted: 'a list of names',
  item: 'the name of a check',
  examples: [['Mem']],
});

export const ignoreChecks: Section<typeof schema, Pick<Cluster, 'ignoredChecks'>> = {
  schema,
  validate: (written, _, path) =>
    (written ?? []).flatMap((name, index) => {
      if (name === null || isCheckName(name)) return [];
      const suggestion = suggest(name, CHECK_NAMES);
      return [
        {
          path: [...path, index],
          message: 'must be the name of a check, as a plan shows it',
          got: quoteValue(name),
          ...(suggestion !== undefined && { suggestion }),
        },
      ];
    }),
  build: (written) => ({ ignoredChecks: written ?? [] }),
};
