import { readdirSync } from 'node:fs';

import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';

import { addonNamed, ADDONS } from '#addons/addons.ts';
import { chart } from '#addons/sets/chart.ts';
import type { KnownAddon } from '#core/addon-set.ts';
import type { Kubernetes } from '#core/kubernetes.ts';

import { addonFixture } from '../../support/addon-fixture.ts';

const fixtures = new URL('../../fixtures/addons/', import.meta.url);
const KUBERNETES = { version: '1.34.9', kubelet: {} } as unknown as Kubernetes;

/** An addon with the settings of its fixture, of the newest release or of a file of the operator's. */
function addonOf(name: string, isOwn = false): KnownAddon {
  const addon = addonNamed(name);
  const [newest] = addon.versions;
  return {
    kind: 'known',
    name,
    version: newest,
    sources: isOwn ? [{ location: '/v.yaml', sha256: 'abcdef0123456789' }] : (addon.sources(newest) ?? []),
    isOwn,
    settings: addon.settings(addonFixture(name).settings, KUBERNETES),
    timeoutSeconds: 600,
  };
}

const NAMES = ADDONS.map(({ name }) => name);

describe('the table of addons', () => {
  it('has every addon that there is a file of, and each has its fixture', () => {
    const files = readdirSync(new URL('../../../src/addons/', import.meta.url))
      .filter((file) => file.endsWith('.ts') && !/^addons?\.ts$/.test(file))
      .map((file) => file.replace(/\.ts$/, ''));
    expect([...NAMES].toSorted()).toEqual(files.toSorted());
    expect(readdirSync(fixtures).toSorted()).toEqual(files.toSorted());
  });

  it.each(NAMES)('%s is made of its files as its fixture says', async (name) => {
    const rendered = addonNamed(name).render([addonFixture(name).manifest], addonOf(name));
    await expect(rendered).toMatchFileSnapshot(new URL(`${name}/rendered.txt`, fixtures).pathname);
  });

  it.each(NAMES)('%s has its files where a mirror has them', (name) => {
    const addon = addonNamed(name);
    const places = addon.versions.flatMap((version) => addon.sources(version, 'https://mirror.example'));
    expect(places.length).toBeGreaterThan(0);
    for (const place of places)
      expect(place?.location).toMatch(/^https:\/\/mirror\.example\/[^/]+\/[^/]+\/v?\d/);
    expect(addon.sources('0.0.0')).toBeUndefined();
  });

  it('a file of a release is found where the project publishes it', () => {
    expect(addonNamed('cert-manager').sources('1.19.4')?.[0]?.location).toBe(
      'https://github.com/cert-manager/cert-manager/releases/download/v1.19.4/cert-manager.yaml',
    );
  });
});

const firstContainer = (text: string): unknown =>
  parseAllDocuments(text)[0]?.getIn(['spec', 'template', 'spec', 'containers', 0]);

describe('a file of the operator', () => {
  it('keeps the image that it names', () => {
    const rendered = addonNamed('metrics-server').render(
      [addonFixture('metrics-server').manifest],
      addonOf('metrics-server', true),
    );
    expect(JSON.stringify(firstContainer(rendered))).toContain('registry.k8s.io/pause');
  });

  it("gives volcano's admission Job its digest for a name", () => {
    const text = 'kind: Job\nmetadata:\n  name: volcano-admission-init\n';
    expect(addonNamed('volcano').render([text], addonOf('volcano', true))).toContain(
      'name: volcano-admission-init-abcdef01\n',
    );
  });
});

it('images of cert-manager come from where the inventory says, that of its challenges too', () => {
  const text = `kind: Deployment
metadata: {name: cert-manager}
spec: {template: {spec: {containers: [{image: "quay.io/jetstack/cert-manager-controller:v1", args: [--acme-http01-solver-image=quay.io/jetstack/cert-manager-acmesolver:v1]}]}}}
`;
  const addon = addonOf('cert-manager');
  const settings = { ...addon.settings, imageRepository: 'registry.example/jetstack' };
  const container = firstContainer(addonNamed('cert-manager').render([text], { ...addon, settings }));
  expect(JSON.parse(JSON.stringify(container))).toEqual({
    image: 'registry.example/jetstack/cert-manager-controller:v1',
    args: [
      '--acme-http01-solver-image=registry.example/jetstack/cert-manager-acmesolver:v1',
      '--dns01-recursive-nameservers-only',
    ],
  });
});

it('helm is told the version of the cluster, which it would make up', () => {
  const [artifact] = chart.artifacts({
    name: 'web',
    kind: 'chart',
    chart: './web',
    namespace: 'apps',
    values: {},
    kubernetesVersion: '1.34.9',
    runsOn: 'controller',
    timeoutSeconds: 600,
  });
  expect(artifact?.from).toMatchObject({
    argv: 'helm template web ./web --namespace apps --kube-version 1.34.9 --include-crds --skip-tests --values -'.split(
      ' ',
    ),
  });
});
