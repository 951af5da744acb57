import type { Volcano } from '#core/addons.ts';
import type { Section } from '#inventory/section.ts';
import { map } from '#inventory/text/schema.ts';

import { type AddonSource, buildKnown, knownFields, knownFindings } from './known-addon.ts';

const schema = map(
  knownFields('volcano', 'volcano.yaml'),
  'Volcano: gang scheduling, queues and batch jobs.',
);

export const volcano: Section<typeof schema, Volcano, AddonSource> = {
  schema,
  check: (written = {}, _, path) => knownFindings('volcano', written, path),
  build: (written = {}, source) => buildKnown('volcano', written, source),
};
