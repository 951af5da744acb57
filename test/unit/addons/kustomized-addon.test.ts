import { execFileSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { addonNamed } from '#addons/addons.ts';
import { known } from '#addons/sets/known.ts';
import type { KnownAddon } from '#core/addon-set.ts';
import type { Kubernetes } from '#core/kubernetes.ts';

import { scratchDirectory } from '../../support/scratch-directory.ts';

function addonOf(name: string): KnownAddon {
  const addon = addonNamed(name);
  const [version] = addon.versions;
  return {
    kind: 'known',
    name,
    version,
    sources: addon.sources(version) ?? [],
    isOwn: false,
    settings: addon.settings({ imageRepository: 'registry.example:5000/mine' }, {} as Kubernetes),
    timeoutSeconds: 600,
  };
}

it.each(['lws', 'kueue'])('%s is sent as the tree of its project, with its release over it', async (name) => {
  const addon = addonOf(name);
  const artifacts = new Map(addon.sources.map(({ location }) => [location, `# ${location}\n`]));
  const objects = known.objects(addon, artifacts);
  if (typeof objects !== 'object') throw new TypeError('it is rendered here');
  const image = `registry.example:5000/mine/${name}:v${addon.version}`;
  expect([objects.name, objects.render, objects.images?.()]).toEqual([
    name,
    'kubectl kustomize set',
    [image],
  ]);

  const directory = await scratchDirectory();
  execFileSync('sh', { cwd: directory, input: objects.unpack });
  const files = (await readdir(join(directory, 'tree'), { recursive: true, withFileTypes: true })).filter(
    (entry) => entry.isFile(),
  );
  expect(files).toHaveLength(addon.sources.length);
  expect(await readFile(join(directory, 'tree/config/default/kustomization.yaml'), 'utf8')).toMatch(
    new RegExp(`^# https://raw.*/v${addon.version}/config/default/kustomization.yaml\n$`),
  );
  const read = async (path: string): Promise<unknown> =>
    JSON.parse(await readFile(join(directory, path), 'utf8'));
  expect(await read('set/kustomization.yaml')).toMatchObject({
    resources: ['../release'],
    labels: [{ pairs: { 'slipway/set': name } }],
  });
  expect(await read('release/kustomization.yaml')).toMatchObject({
    resources: ['../tree/config/default'],
    images: [
      {
        name: `us-central1-docker.pkg.dev/k8s-staging-images/${name}/${name}`,
        newName: `registry.example:5000/mine/${name}`,
        newTag: `v${addon.version}`,
      },
    ],
  });
});

it('a file of the operator is taken as it is', () => {
  const own = { ...addonOf('lws'), sources: [{ location: '/lws.yaml', sha256: 'a' }], isOwn: true };
  const text = 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: lws-system\n';
  expect(known.objects(own, new Map([['/lws.yaml', text]]))).toMatch(/slipway\/set["']?: ["']?lws/);
  expect(known.objects(addonOf('lws'), new Map())).toBeUndefined();
});
