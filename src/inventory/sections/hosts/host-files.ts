import { ownerOfPath } from '#catalog/own-paths.ts';
import type { Host, Role } from '#core/cluster.ts';
import { type Accepted, map, mapOf, oneOf, type Schema, text, type ValidPart } from '#core/schema.ts';
import { Secret } from '#core/secret.ts';
import type { HostFile, HostFileSource } from '#core/host-file.ts';
import type { Section } from '#inventory/section.ts';
import { type Finding, type Path, quoteValue } from '#inventory/text/problem.ts';
import { localFile } from '#inventory/values/local-file.ts';
import { localPath } from '#inventory/values/local-path.ts';
import { secretReference } from '#inventory/values/secret-reference.ts';

import type { HostContext } from './expand-hosts.ts';

const MODE = '0644';
const SECRET_MODE = '0600';
const OWNER = 'root:root';

const hostFile = map(
  {
    content: text('What stands in it.', {
      wanted: 'the text of the file',
      examples: ['vm.max_map_count = 262144\n'],
    }),
    file: text('A file of this machine in whose place it is, as text. Relative to the inventory.', {
      wanted: 'the path of a file',
      examples: ['files/audit-policy.yaml'],
    }),
    secret: secretReference('What stands in it where nobody may see it; a line end is put behind it.'),
    mode: text(`Its permissions, octal and in quotes; default '${MODE}', with secret '${SECRET_MODE}'.`, {
      wanted: "permissions in quotes, such as '0640'",
      pattern: '^0?[0-7]{3}$',
      examples: [SECRET_MODE],
    }),
    owner: text('The user and the group that it belongs to; both are there already.', {
      wanted: 'user:group',
      pattern: '^[a-z_][a-z0-9_-]*:[a-z_][a-z0-9_-]*$',
      default: OWNER,
    }),
    role: oneOf(['control-plane', 'worker'], 'Only hosts of this role have it; default: all.'),
  },
  'A file: one of content, file and secret.',
);

export type HostFileDocument = Accepted<typeof hostFile>;

type Written = Readonly<Record<string, HostFileDocument>>;

const schema: Schema<Written> = mapOf(
  hostFile,
  'Files of yours that the hosts are to have, by their paths; added to those of the group and of the defaults. They are there before kubeadm is run.',
  {
    wanted: 'a map of files by their paths',
    examples: [{ '/etc/kubernetes/audit/policy.yaml': { file: 'files/audit-policy.yaml' } }],
  },
);

const SOURCES = ['content', 'file', 'secret'] as const;

export const hostFiles: Section<Schema<Written>, Pick<Host, 'files'>, HostContext> = {
  schema,
  validate: (written, _, path) =>
    Object.entries<ValidPart<HostFileDocument> | null>(written ?? {}).flatMap(([name, one]) => [
      ...pathFindings(name, [...path, name]),
      ...sourceFindings(one ?? {}, [...path, name]),
    ]),
  files: (written, path) =>
    Object.entries<ValidPart<HostFileDocument> | null>(written ?? {}).flatMap(([name, one]) =>
      localFile(one?.file, [...path, name, 'file']),
    ),
  build: (written = {}, context) => ({
    files: Object.entries(written)
      .filter(([, { role }]) => role === undefined || role === roleOf(context))
      .toSorted(([left], [right]) => (left < right ? -1 : 1))
      .map(([path, one]) => buildFile(path, one, context)),
  }),
};

const roleOf = ({ host }: HostContext): Role => host.settings.role ?? 'worker';

function pathFindings(name: string, path: Path): readonly Finding[] {
  const at = { path, isKey: true };
  const quoted = quoteValue(name);
  if (!/^(\/[^/\u0000-\u001f\u007f]+)+$/.test(name) || /\/\.{1,2}(\/|$)/.test(name)) {
    return [{ ...at, message: `the path of a file must be absolute, without "." and "..": ${quoted}` }];
  }
  const whose = ownerOfPath(name);
  return whose === undefined ? [] : [{ ...at, message: `${quoted} ${whose}` }];
}

function sourceFindings(one: ValidPart<HostFileDocument>, path: Path): readonly Finding[] {
  const named = SOURCES.filter((source) => one[source] !== undefined);
  if (named.length === 1) return [];
  const message = named.length === 0 ? 'says not what stands in it' : `has ${named.join(' and ')}`;
  return [{ path, message: `${message}: one of content, file and secret is wanted` }];
}

function buildFile(path: string, one: HostFileDocument, context: HostContext): HostFile {
  const mode = one.mode ?? (one.secret === undefined ? MODE : SECRET_MODE);
  return {
    path,
    source: sourceOf(path, one, context),
    mode: Number.parseInt(mode, 8),
    owner: one.owner ?? OWNER,
  };
}

function sourceOf(
  path: string,
  { content = '', file }: HostFileDocument,
  { host, places, secrets }: HostContext,
): HostFileSource {
  const reference = host.secrets[path];
  if (reference !== undefined) {
    const name = JSON.stringify(reference);
    // Where secrets are not read, as for a plan without a connection, nothing is written either.
    return { secret: `file of ${name}`, value: secrets.get(name) ?? new Secret('') };
  }
  return file === undefined ? { text: content } : { localFile: localPath(file, places) };
}
