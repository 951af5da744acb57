import { stringify } from 'smol-toml';

import { loginsOf } from '#configuration/registries.ts';
import type { Resource } from '#core/resource.ts';
import { endpointsOf, type Registry } from '#core/runtime.ts';
import { secretPlace, withSecrets } from '#core/secret.ts';
import { certificate, type Texts } from '#resources/files/certificate.ts';
import { file } from '#resources/files/file.ts';
import { secretFile } from '#resources/files/secret-file.ts';
import { noStrayFiles } from '#resources/files/stray-files.ts';

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
        : [certificate(`${directory(registry)}/${caName(index)}`, endpoint.caFile, texts, true)],
    );
    return [...certificates, hostsFile(path, registry)];
  });
  const paths = registries.map((registry) => `${directory(registry)}/hosts.toml`);
  return [...files, noStrayFiles(`${CONTAINERD_CERTIFICATES}/*/hosts.toml`, MARK, paths)];
}

const caName = (index: number): string => `slipway-${index}.crt`;

/**
 * The root of the file is about the registry itself, which is tried last. containerd 1.x passes over a whole file without a table of
 * hosts, be it empty: https://github.com/containerd/containerd/blob/v1.7.24/remotes/docker/config/hosts.go (getSortedHosts).
 */
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
  const text = `${MARK}\n${stringify({ ...own, host })}`;
  const logins = loginsOf(endpoints);
  if (logins.length === 0) return file({ path, content: text });
  return secretFile({
    path,
    content: withSecrets(text),
    secrets: new Map(logins.map(({ secret, basic }) => [secret, basic])),
  });
}
