import { describe, expect, test } from 'vitest';

import { kubernetes, parse, problemsOf } from './inventory-fixture.ts';

const DIGEST = 'a'.repeat(64);
const addons = (...settings: readonly string[]): string =>
  kubernetes('kubelet: {}', `addons: {${settings.join(', ')}}`);
const setsOf = async (...settings: readonly string[]) =>
  (await parse(addons(...settings))).cluster.addons.sets;

describe('addons', () => {
  test('come in the order of the table, manifests, charts, unless they ask for another', async () => {
    const manifests = '[{name: a, path: a, after: [c, b]}, {name: b, path: b}]';
    const charts = '[{name: c, chart: ./c}, {name: d, chart: ./d}]';
    const sets = await setsOf(`manifests: ${manifests}`, `charts: ${charts}`, 'volcano: {}');
    expect(sets.map(({ name }) => name)).toEqual(['volcano', 'b', 'c', 'a', 'd']);
  });

  test('of a file of the operator have the version that is written, or none', async () => {
    const manifest = `manifest: {url: "https://example.com/v.yaml", sha256: ${DIGEST}}`;
    const [metrics, volcano, plugins] = await setsOf(
      `volcano: {version: v2.0.0, ${manifest}, timeout: 5}`,
      `metrics-server: {${manifest}}`,
      `scheduler-plugins: {${manifest}}`,
    );
    expect(metrics).not.toHaveProperty('version');
    expect(metrics).toMatchObject({ isOwn: true, timeoutSeconds: 600 });
    expect(volcano).toMatchObject({ version: '2.0.0', isOwn: true, timeoutSeconds: 5 });
    expect(plugins).toMatchObject({
      version: '0.34.7',
      settings: { imageRepository: 'registry.k8s.io/scheduler-plugins' },
    });
  });

  test('that are charts know the version of the cluster', async () => {
    const [chart] = await setsOf('charts: [{name: c, chart: ./c}]');
    expect(chart).toMatchObject({ kubernetesVersion: '1.34.9', namespace: 'default', timeoutSeconds: 600 });
  });

  test.each([
    ['of a version without digests', 'volcano: {version: 0.1.0}', 'slipway does not know the digests'],
    [
      'of two sources',
      'manifests: [{name: a, path: a, url: "https://a"}]',
      'must have one of path, url and kustomize',
    ],
    ['of a url without a digest', 'manifests: [{name: a, url: "https://a"}]', 'needs a sha256 beside it'],
    [
      'of a chart without a version',
      'charts: [{name: a, chart: a, repository: "https://a"}]',
      'needs a version',
    ],
    ['of a chart from nowhere', 'charts: [{name: a, chart: a, version: 1.0.0}]', 'needs a repository'],
    ['of one name', 'manifests: [{name: a, path: a}, {name: a, path: b}]', 'is the name of another addon'],
    [
      'of the name of one that slipway knows',
      'charts: [{name: volcano, chart: ./a}]',
      'is the name of another addon',
    ],
    [
      'after nothing',
      'manifests: [{name: a, path: a, after: [b]}]',
      'must name another of the manifests and charts',
    ],
    [
      'after each other',
      'manifests: [{name: a, path: a, after: [b]}], charts: [{name: b, chart: ./b, after: [a]}]',
      'waits for this one in turn',
    ],
  ])('%s are refused', async (_, settings, wanted) => {
    expect(await problemsOf(addons(settings))).toContain(wanted);
  });
});
