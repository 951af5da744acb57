import type { Cluster } from '#core/cluster.ts';
import { EFFECTS } from '#core/effects.ts';
import { list, map, oneOf } from '#core/schema.ts';
import type { Section } from '#inventory/section.ts';

const schema = map(
  {
    forbid: list(
      oneOf(
        EFFECTS,
        'restart: of units that are in service; drain: of nodes; replace: of files that others wrote; destroy: of what cannot be got back.',
      ),
      'What no plan may do; one that does is shown, and refused with exit code 7.',
      { wanted: 'a list of effects', examples: [['destroy']] },
    ),
  },
  'What slipway must not do to this cluster.',
);

export const policy: Section<typeof schema, Pick<Cluster, 'policy'>> = {
  schema,
  build: (written) => ({ policy: { forbid: written?.forbid ?? [] } }),
};
