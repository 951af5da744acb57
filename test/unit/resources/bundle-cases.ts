import type { ClusterBundle } from '#core/cluster.ts';
import type { Outcome, Resource } from '#core/resource.ts';
import type { RunStep } from '#core/step.ts';

import { blobOf, packageOf } from '../../support/bundle-fixture.ts';

const image = (name: string, on: 'all' | 'control-planes', ...more: readonly string[]) => ({
  name,
  root: blobOf(`index of ${name}`),
  mediaType: 'application/vnd.oci.image.index.v1+json',
  on,
  blobs: [
    blobOf(`index of ${name}`),
    blobOf(`config of ${name}`),
    blobOf(`layer of ${name}`),
    ...more.map(blobOf),
  ],
  platforms: [
    {
      architecture: 'amd64',
      manifest: blobOf(`manifest of ${name}`).sha256,
      config: blobOf(`config of ${name}`).sha256,
      layers: [...more, `layer of ${name}`].map((text) => blobOf(text).sha256),
      diffIds: [...more, `layer of ${name}`].map((text) => `sha256:${blobOf(`${text}, unpacked`).sha256}`),
    },
  ],
});

export const WANTED = ['kubelet 1.35.8', 'socat'];
export const KUBELET = packageOf('kubelet', '1.35.8-1.1', 'kubelet');
export const SOCAT = packageOf('socat', '1.7.4.4-2', 'socat');
export const BUNDLE: ClusterBundle = {
  id: 'b'.repeat(64),
  images: [
    image('a.io/etcd:1', 'control-planes'),
    image('a.io/one:1', 'all', 'base'),
    image('a.io/two:1', 'all', 'base'),
  ],
  repositories: [
    { release: 'debian 12', architecture: 'amd64', wanted: WANTED, packages: [KUBELET, SOCAT] },
    { release: 'debian 12', architecture: 'amd64', wanted: ['other'], packages: [] },
  ],
  wanted: { cp1: { 'debian 12': WANTED, 'debian 13': WANTED } },
};
export const decide = (resource: Resource, answers: object): Outcome =>
  resource.diff(answers as never, { host: 'cp1', changed: [] });
export const stepsOf = (outcome: Outcome): readonly RunStep[] =>
  (outcome.answer === 'change' ? outcome.steps : []) as readonly RunStep[];
export const paths = ({ pieces = [] }: RunStep): readonly string[] => pieces.map(({ path }) => path);
export const textOf = ({ pieces = [] }: RunStep, path: string): string => {
  const found = pieces.find((one) => one.path === path);
  return found !== undefined && 'text' in found ? found.text : '';
};
