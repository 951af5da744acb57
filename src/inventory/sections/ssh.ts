import type { Cluster } from '#core/cluster.ts';
import { integer, map, oneOf, text } from '#core/schema.ts';
import type { Section } from '#inventory/section.ts';
import { localFile } from '#inventory/values/local-file.ts';
import { localPath } from '#inventory/values/local-path.ts';

import { bastionFiles, bastionFindings, bastionsSchema, bastionSecrets } from './hosts/proxy-jump.ts';

const defaults = { knownHosts: '~/.ssh/known_hosts', hostKeys: 'strict', connectTimeout: 10 } as const;

const schema = map(
  {
    knownHosts: text("Host keys in OpenSSH's known_hosts format. Relative to the inventory.", {
      wanted: 'the path of a file',
      default: defaults.knownHosts,
    }),
    hostKeys: oneOf(
      ['strict', 'accept-new'],
      'strict refuses a host whose key is not known, accept-new writes it down. A key that has changed is always refused.',
      { default: defaults.hostKeys },
    ),
    connectTimeout: integer('Seconds until a host that does not answer is given up.', {
      minimum: 1,
      maximum: 600,
      default: defaults.connectTimeout,
    }),
    config: text(
      "A file of ssh's own settings, which say what the inventory does not: who logs in, where, with what key, and through what. Read by ssh itself. Relative to the inventory; by default none is read.",
      { wanted: 'the path of a file', examples: ['~/.ssh/config'] },
    ),
    bastions: bastionsSchema,
  },
  'How hosts are reached.',
);

export const ssh: Section<typeof schema, Pick<Cluster, 'ssh'>> = {
  schema,
  validate: (written, context, path) => bastionFindings(written?.bastions, context, [...path, 'bastions']),
  secrets: (written, path) => bastionSecrets(written?.bastions, [...path, 'bastions']),
  // The default of knownHosts may be missing, as long as nothing is written of it; accept-new makes it.
  files: (written, path) => [
    ...(written?.hostKeys === 'accept-new'
      ? []
      : localFile(written?.knownHosts, [...path, 'knownHosts'], { isForLogin: true })),
    ...bastionFiles(written?.bastions, [...path, 'bastions']),
  ],
  build: (written, { places }) => {
    const { knownHosts, hostKeys, connectTimeout } = { ...defaults, ...written };
    return {
      ssh: { knownHosts: localPath(knownHosts, places), hostKeys, connectTimeoutMs: connectTimeout * 1000 },
    };
  },
};
