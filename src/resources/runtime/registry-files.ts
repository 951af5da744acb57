import { stringify } from 'smol-toml';

import type { ArtifactRef } from '#core/artifact.ts';
import { changeOr, type Resource, resource } from '#core/resource.ts';
import { endpointsOf, type Registry, type RegistryEndpoint, type RegistryLogin } from '#core/runtime.ts';
import { type GivenSecret, secretPlace, withSecrets } from '#core/secret.ts';
import { command } from '#core/shell.ts';
import { ownedFiles } from '#facts/owned-files.ts';
import { file } from '#resources/files/file.ts';
import { secretFile } from '#resources/files/secret-file.ts';

/** The first line of files that slipway may remove again. */
const MARK = '# Written by slipway.';

export const CONTAINERD_CERTIFICATES = '/etc/containerd/certs.d';

/**
 * How containerd reaches registries. It reads these files at each pull, so nothing restarts.
 *
 * @see https://github.com/containerd/containerd/blob/v2.2.0/docs/hosts.md
 */
export function containerdRegistries(registries: readonly Registry[], texts: Texts): readonly Resource[] {
  const directory = ({ host }: Registry): string => `${CONTAINERD_CERTIFICATES}/${host}`;
  const files = registries.flatMap((registry) => {
    const path = `${directory(registry)}/hosts.toml`;
    const certificates = endpointsOf(registry).flatMap((endpoint, index) =>
      endpoint.caFile === undefined
        ? []
        : [certificate(`${directory(registry)}/${caName(index)}`, endpoint.caFile, texts)],
    );
    return [...certificates, hostsFile(path, registry)];
  });
  const paths = registries.map((registry) => `${directory(registry)}/hosts.toml`);
  return [...files, noStrayFiles(`${CONTAINERD_CERTIFICATES}/*/hosts.toml`, paths)];
}

/**
 * Logins as the kubelet reads them, which hands them to whichever runtime there is.
 *
 * @see https://kubernetes.io/docs/tasks/configure-pod-container/pull-image-private-registry/ (v1.34)
 * @see https://kubernetes.io/docs/concepts/containers/images/#config-json (v1.34)
 */
export function kubeletLogins(registries: readonly Registry[]): readonly Resource[] {
  const logins = registries.flatMap(({ host, endpoint: { login } }) => (login ? [{ host, login }] : []));
  if (logins.length === 0) return [];
  const auths = Object.fromEntries(
    logins.map(({ host, login }) => [authKey(host), { auth: secretPlace(login.secret) }]),
  );
  return [
    secretFile({
      path: '/var/lib/kubelet/config.json',
      content: withSecrets(`${JSON.stringify({ auths }, null, 2)}\n`),
      secrets: new Map(logins.map(({ login }) => [login.secret, login.basic])),
    }),
  ];
}

/** What the names of secrets in these files stand for. */
export const registrySecrets = (registries: readonly Registry[]): readonly GivenSecret[] =>
  loginsOf(registries.flatMap(endpointsOf)).map(({ secret, basic }) => ({ name: secret, value: basic }));

/** The certificates that these files are made from. */
export const registryCertificates = (registries: readonly Registry[]): readonly ArtifactRef[] =>
  registries.flatMap(endpointsOf).flatMap(({ caFile }) =>
    caFile === undefined
      ? []
      : [
          {
            location: caFile,
            pin: 'local',
            verify: (text) =>
              text.includes('-----BEGIN CERTIFICATE-----') ? undefined : 'it is no certificate in PEM',
          },
        ],
  );

/** Files that the controller has read, by path. */
export type Texts = ReadonlyMap<string, string>;

/** A certificate of the controller's on the host. */
export const certificate = (path: string, location: string, texts: Texts): Resource =>
  file({ path, content: texts.get(location) ?? `(${location}, which was not read)\n` });

/** Under this name, for historic reasons, Docker's registry has its logins. */
const authKey = (host: string): string => (host === 'docker.io' ? 'https://index.docker.io/v1/' : host);

const loginsOf = (endpoints: readonly RegistryEndpoint[]): readonly RegistryLogin[] =>
  endpoints.flatMap(({ login }) => (login === undefined ? [] : [login]));

const caName = (index: number): string => `slipway-${index}.crt`;

/** What stands at the root of the file is said of the registry itself, which is tried last. */
function hostsFile(path: string, registry: Registry): Resource {
  const endpoints = endpointsOf(registry);
  const tables = endpoints.map((endpoint, index) => ({
    capabilities: ['pull', 'resolve'],
    ...(endpoint.caFile !== undefined && {
      ca: `${CONTAINERD_CERTIFICATES}/${registry.host}/${caName(index)}`,
    }),
    ...(endpoint.skipVerify && { skip_verify: true }),
    ...(endpoint.login !== undefined && {
      header: { authorization: `Basic ${secretPlace(endpoint.login.secret)}` },
    }),
  }));
  const host = Object.fromEntries(registry.mirrors.map(({ url }, index) => [url, tables[index]]));
  const own = { server: registry.endpoint.url, ...tables.at(-1) };
  const text = `${MARK}\n${stringify(registry.mirrors.length > 0 ? { ...own, host } : own)}`;
  const logins = loginsOf(endpoints);
  if (logins.length === 0) return file({ path, content: text });
  return secretFile({
    path,
    content: withSecrets(text),
    secrets: new Map(logins.map(({ secret, basic }) => [secret, basic])),
  });
}

/** No file of ours that the inventory no longer asks for. */
const noStrayFiles = (pattern: string, wanted: readonly string[]): Resource =>
  resource({
    address: `stray-files:${pattern}`,
    facts: { found: ownedFiles(pattern, MARK) },
    diff: ({ found }) => {
      const stray = found.filter((path) => !wanted.includes(path));
      return changeOr(
        'no file is left of a registry that the inventory has no more',
        stray.map((path) => ({ what: path, from: 'of an earlier inventory', to: null })),
        [{ do: 'run', summary: `remove ${stray.join(', ')}`, script: command('rm', '-f', '--', ...stray) }],
      );
    },
  });
