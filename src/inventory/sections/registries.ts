import type { Cluster } from '#core/cluster.ts';
import type { RegistryEndpoint } from '#core/runtime.ts';
import { type Accepted, list, map, mapOf, oneOf, required, type ValidPart, text, url } from '#core/schema.ts';
import { Secret } from '#core/secret.ts';
import type { BuildContext, Section } from '#inventory/section.ts';
import { type Finding, type Path, quoteValue } from '#inventory/text/problem.ts';
import { localFile } from '#inventory/values/local-file.ts';
import { localPath } from '#inventory/values/local-path.ts';
import { secretReference } from '#inventory/values/secret-reference.ts';

const endpoint = {
  ca: text('The certificate of its authority, in PEM. Relative to the inventory.', {
    wanted: 'the path of a file',
    examples: ['certs/registry.crt'],
  }),
  skipVerify: oneOf([true, false], 'Takes any certificate; for tests.', { default: false }),
  username: text('Who to log in as; with password.', { wanted: 'the name of a user' }),
  password: secretReference('The password to log in with; with username.'),
};

const registry = map(
  {
    url: url('Where it is, where that is not https:// and its name: http://registry.lan:5000.'),
    ...endpoint,
    mirrors: list(
      map({ url: required(url('Where the mirror is.')), ...endpoint }, 'A mirror of the registry.'),
      'Mirrors, tried in this order before the registry itself.',
      { wanted: 'a list of mirrors' },
    ),
  },
  'A registry of images.',
);

type Registry = Accepted<typeof registry>;
type Endpoint = Omit<Registry, 'url' | 'mirrors'>;

const schema = mapOf(
  registry,
  'Registries with mirrors, an authority of their own or a login, by the name images give them.',
  {
    wanted: 'a map of registries',
    examples: [{ 'docker.io': { mirrors: [{ url: 'https://mirror.example.com' }] } }],
  },
);

/** The registries that are to be reached otherwise than by their name alone. */
export const registries: Section<typeof schema, Pick<Cluster, 'registries'>> = {
  schema,
  validate: (written = {}, { hosts }, path) => {
    const hasDocker = hosts.some(({ settings }) => settings.runtime?.type === 'docker');
    return Object.entries(written).flatMap(([host, settings]) => [
      ...nameFindings(host, [...path, host]),
      ...(hasDocker && host !== 'docker.io' && (settings?.mirrors ?? []).length > 0
        ? [
            {
              path: [...path, host, 'mirrors'],
              message: 'Docker has mirrors for docker.io only, and some hosts run Docker',
            },
          ]
        : []),
      ...endpointsOf(settings, [...path, host]).flatMap(loginFindings),
    ]);
  },
  secrets: (written = {}, path) =>
    Object.entries(written)
      .flatMap(([host, settings]) => endpointsOf(settings, [...path, host]))
      .flatMap(({ password, path: at }) => (password === undefined ? [] : [[...at, 'password']])),
  files: (written = {}, path) =>
    Object.entries(written)
      .flatMap(([host, settings]) => endpointsOf(settings, [...path, host]))
      .flatMap(({ ca, path: at }) => localFile(ca, [...at, 'ca'])),
  build: (written = {}, source) => ({
    registries: Object.entries(written)
      .toSorted(([left], [right]) => (left < right ? -1 : 1))
      .map(([host, settings]) => ({
        host,
        endpoint: buildEndpoint(settings, settings.url ?? urlOf(host), ['registries', host], source),
        mirrors: (settings.mirrors ?? []).map((mirror, index) =>
          buildEndpoint(mirror, mirror.url, ['registries', host, 'mirrors', index], source),
        ),
      })),
  }),
};

function nameFindings(host: string, path: Path): readonly Finding[] {
  if (/^([a-z0-9]([-a-z0-9.]*[a-z0-9])?|\[[0-9a-f:.]+\])(:\d+)?$/i.test(host)) return [];
  return [{ path, isKey: true, message: `${quoteValue(host)} must be host or host:port, as images name it` }];
}

/** The registry itself, and its mirrors. */
const endpointsOf = (registryAsWritten: ValidPart<Registry> | undefined, path: Path) => [
  { ...registryAsWritten, path },
  ...(registryAsWritten?.mirrors ?? []).map((mirror, index) => ({
    ...mirror,
    path: [...path, 'mirrors', index],
  })),
];

function loginFindings({
  username,
  password,
  path,
}: ValidPart<Pick<Endpoint, 'username' | 'password'>> & { readonly path: Path }): readonly Finding[] {
  if ((username === undefined) === (password === undefined)) return [];
  const missing = username === undefined ? 'username' : 'password';
  return [{ path: [...path, missing], isKey: true, message: `the key "${missing}" is missing` }];
}

/** The name of Docker's registry is not that of a machine: https://docs.docker.com/reference/cli/docker/login/ (28.x) */
const urlOf = (host: string): string =>
  host === 'docker.io' ? 'https://registry-1.docker.io' : `https://${host}`;

function buildEndpoint(
  { ca, skipVerify = false, username, password }: Endpoint,
  written: string,
  path: Path,
  { places, secrets }: BuildContext,
): RegistryEndpoint {
  const location = written.replace(/\/+$/, '');
  // Where secrets are not read, as for a plan without a connection, nobody logs in either.
  const secret = secrets.get(JSON.stringify([...path, 'password'])) ?? new Secret('');
  const basic = (name: string): Secret =>
    new Secret(Buffer.from(`${name}:${secret.reveal()}`).toString('base64'));
  return {
    url: location,
    ...(ca !== undefined && { caFile: localPath(ca, places) }),
    skipVerify,
    ...(username !== undefined &&
      password !== undefined && { login: { secret: `login of ${location}`, basic: basic(username) } }),
  };
}
