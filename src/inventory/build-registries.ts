import type { Registry, RegistryEndpoint } from '#core/runtime.ts';
import { Secret } from '#core/secret.ts';

import type { ClusterSource } from './build-cluster.ts';
import { localPath } from './values/local-path.ts';
import type { Path } from './text/problem.ts';
import type { RegistryDocument } from './schema.ts';

/** The registries that are to be reached otherwise than by their name alone, by name. */
export function buildRegistries(source: ClusterSource): readonly Registry[] {
  const registries = Object.entries(source.document.registries ?? {});
  return registries
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([host, written]) => ({
      host,
      endpoint: buildEndpoint(written, written.url ?? urlOf(host), ['registries', host], source),
      mirrors: (written.mirrors ?? []).map((mirror, index) =>
        buildEndpoint(mirror, mirror.url, ['registries', host, 'mirrors', index], source),
      ),
    }));
}

/** Every reference to a secret in them. */
export function registrySecrets(
  registries: Readonly<Record<string, RegistryDocument | null>> = {},
): readonly Path[] {
  return Object.entries(registries).flatMap(([host, registry]) => [
    ...(registry?.password === undefined ? [] : [['registries', host, 'password']]),
    ...(registry?.mirrors ?? []).flatMap((mirror, index) =>
      mirror?.password === undefined ? [] : [['registries', host, 'mirrors', index, 'password']],
    ),
  ]);
}

/** The name of Docker's registry is not that of a machine: https://docs.docker.com/reference/cli/docker/login/ (28.x) */
const urlOf = (host: string): string =>
  host === 'docker.io' ? 'https://registry-1.docker.io' : `https://${host}`;

type EndpointDocument = Omit<RegistryDocument, 'url' | 'mirrors'>;

function buildEndpoint(
  { ca, skipVerify, username, password }: EndpointDocument,
  written: string,
  path: Path,
  { places, secrets }: ClusterSource,
): RegistryEndpoint {
  const url = written.replace(/\/+$/, '');
  // Where secrets are not read, as for a plan without a connection, nobody logs in either.
  const secret = secrets.get(JSON.stringify([...path, 'password'])) ?? new Secret('');
  const basic = (name: string): Secret =>
    new Secret(Buffer.from(`${name}:${secret.reveal()}`).toString('base64'));
  return {
    url,
    ...(ca !== undefined && { caFile: localPath(ca, places) }),
    skipVerify: skipVerify ?? false,
    ...(username !== undefined &&
      password !== undefined && { login: { secret: `login of ${url}`, basic: basic(username) } }),
  };
}
