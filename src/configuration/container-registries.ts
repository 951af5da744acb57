import { stringify } from 'smol-toml';

import type { Registry, RegistryEndpoint } from '#core/runtime.ts';

/** @see https://github.com/containers/image/blob/v5.36.0/docs/containers-registries.conf.5.md */
export const registriesConfig = (registries: readonly Registry[]): string =>
  `# Written by slipway.\n${stringify({
    registry: registries.map(({ host, endpoint, mirrors }) => ({
      prefix: host,
      location: host === 'docker.io' ? host : locationOf(endpoint),
      ...(isInsecure(endpoint) && { insecure: true }),
      ...(mirrors.length > 0 && {
        mirror: mirrors.map((mirror) => ({
          location: locationOf(mirror),
          ...(isInsecure(mirror) && { insecure: true }),
        })),
      }),
    })),
  })}`;

const locationOf = ({ url }: RegistryEndpoint): string => url.replace(/^https?:\/\//, '');

const isInsecure = ({ url, skipVerify }: RegistryEndpoint): boolean => skipVerify || url.startsWith('http:');
