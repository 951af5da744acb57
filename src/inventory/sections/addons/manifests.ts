import type { Kustomization, Manifests } from '#core/addon-set.ts';
import { type Accepted, map, required, sha256, text, url } from '#core/schema.ts';
import { meaningless } from '#inventory/text/finding.ts';
import type { Finding, Path } from '#inventory/text/problem.ts';
import { localPath, type Places } from '#inventory/values/local-path.ts';

import { addonName, after } from './addon-name.ts';
import { timeout, TIMEOUT_SECONDS } from './known-addon.ts';

/** Objects of the operator's own. */
export const manifestsSchema = map(
  {
    name: required(addonName('What the plan calls it, and a label on its objects says.')),
    path: text({
      description: 'A file, or a directory of *.yaml, *.yml and *.json files. Relative to the inventory.',
      wanted: 'the path of a file or a directory',
      examples: ['manifests/extras'],
    }),
    url: url({ description: 'Where the file is; it needs a sha256.' }),
    sha256: sha256('The digest that the file of the url must have.'),
    kustomize: text({
      description:
        'A directory with a kustomization.yaml; kubectl builds it on the first control plane. Relative to the inventory.',
      wanted: 'the path of a directory',
      examples: ['overlays/production'],
    }),
    after,
    timeout,
  },
  'Objects of yours: one of path, url and kustomize.',
);

type Written = Accepted<typeof manifestsSchema>;

export function manifestsFindings(written: Written, path: Path): readonly Finding[] {
  const { path: file, url: location, sha256: digest, kustomize } = written;
  const sources = [file, location, kustomize].filter((source) => source !== undefined);
  if (sources.length !== 1) return [{ path, message: 'must have one of path, url and kustomize' }];
  if (location !== undefined && digest === undefined) {
    return [{ path: [...path, 'url'], message: 'needs a sha256 beside it: the file there may change' }];
  }
  return location === undefined && digest !== undefined
    ? [meaningless([...path, 'sha256'], 'without a url')]
    : [];
}

export function buildManifests(written: Written, places: Places): Manifests | Kustomization {
  const {
    name,
    path,
    url: location,
    sha256: digest,
    kustomize,
    timeout: timeoutSeconds = TIMEOUT_SECONDS,
  } = written;
  if (kustomize !== undefined)
    return { name, kind: 'kustomization', directory: localPath(kustomize, places), timeoutSeconds };
  return {
    name,
    kind: 'manifests',
    location: location ?? localPath(path ?? '', places),
    ...(location !== undefined && digest !== undefined && { sha256: digest.toLowerCase() }),
    timeoutSeconds,
  };
}
