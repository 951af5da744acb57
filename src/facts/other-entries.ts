import { type Fact, fact } from '#core/fact.ts';
import type { OtherEntriesAnswer, OtherEntriesQuestion } from '#distributions/distribution-family.ts';

import { perDistribution } from './per-distribution.ts';

/** What a host has about a repository in files that slipway does not write. */
export const otherEntries = (name: string, url: string): Fact<OtherEntriesAnswer> =>
  fact(family, { name, url });

const family = perDistribution<OtherEntriesQuestion, OtherEntriesAnswer>({
  name: 'other-entries',
  asks: ({ otherEntries: asked }) => asked,
  isFor: () => true,
  unasked: { files: [], keyrings: {} },
});
