import type { Proxy } from '#core/proxy.ts';
import { type Resource, resource } from '#core/resource.ts';
import { FAMILIES } from '#distributions/families.ts';
import { distributionFamilyOf } from '#distributions/supported.ts';
import { fileContent } from '#facts/file.ts';
import { os } from '#facts/os.ts';
import { diffOwnFile } from '#resources/files/own-file.ts';

import { unsupported } from './unsupported.ts';

/**
 * The package manager goes through the proxy; without one it is left as it is.
 *
 * @param exempt hosts of repositories that are reached without it.
 */
export const packageProxy = (proxy: Proxy | null, exempt: readonly string[]): Resource =>
  resource({
    address: 'package-proxy',
    facts: {
      os: os(),
      ...Object.fromEntries(FAMILIES.map(({ name, proxyFile }) => [name, fileContent(proxyFile.path)])),
    },
    diff: ({ os: machine, ...files }) => {
      const family = distributionFamilyOf(machine);
      if (family === undefined) return unsupported(machine);
      const { path, content } = family.proxyFile;
      const found = (files as Readonly<Record<string, never>>)[family.name]!;
      return diffOwnFile(found, path, proxy === null ? null : content(proxy, exempt));
    },
  });
