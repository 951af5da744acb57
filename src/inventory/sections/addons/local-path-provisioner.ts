import type { LocalPath } from '#core/addons.ts';
import type { Section } from '#inventory/section.ts';
import { flag, map, text } from '#inventory/text/schema.ts';

import { type AddonSource, buildKnown, knownFields, knownFindings } from './known-addon.ts';

const defaults = { path: '/opt/local-path-provisioner', isDefault: false };

const schema = map(
  {
    ...knownFields('local-path-provisioner', 'local-path-storage.yaml'),
    path: text({
      description: 'Where volumes lie on the nodes.',
      wanted: 'an absolute path',
      pattern: '^/.*$',
      default: defaults.path,
    }),
    isDefault: flag({
      description: 'Whether claims that name no storage class get this one.',
      default: defaults.isDefault,
    }),
  },
  "Volumes in directories of the nodes, by Rancher's provisioner; storage class local-path.",
);

export const localPathProvisioner: Section<typeof schema, LocalPath, AddonSource> = {
  schema,
  check: (written = {}, _, path) => knownFindings('local-path-provisioner', written, path),
  build: (written = {}, source) => {
    const { path, isDefault } = { ...defaults, ...written };
    return { ...buildKnown('local-path-provisioner', written, source), path, isDefault };
  },
};
