import { describe, expect, it } from 'vitest';

import { clusterSettings } from '#checks/preflight/cluster-settings.ts';
import { clusterConfiguration } from '#configuration/kubeadm-config.ts';
import { namedPaths } from '#catalog/component-paths.ts';

import { kubernetes, parse, problemsOf } from './inventory-fixture.ts';

const ISSUERS =
  'apiServer: {extraArgs: {service-account-issuer: [https://new, https://old], audit-log-maxage: "30"}}';

describe('a flag that is given several times', () => {
  it('is told to kubeadm as often, in the order of the inventory', async () => {
    const { cluster } = await parse(kubernetes(ISSUERS));
    expect(clusterConfiguration(cluster)).toMatchObject({
      apiServer: {
        extraArgs: [
          { name: 'audit-log-maxage', value: '30' },
          { name: 'service-account-issuer', value: 'https://new' },
          { name: 'service-account-issuer', value: 'https://old' },
        ],
      },
    });
  });

  it.each([
    [['https://new', 'https://old'], 'none'],
    [['https://old', 'https://new'], 'refused'],
    [['https://new'], 'refused'],
  ])('is compared with each of its values: %j', async (values, answer) => {
    const { cluster } = await parse(kubernetes(ISSUERS));
    const [, controlPlane] = clusterSettings(cluster);
    const made = {
      ...clusterConfiguration(cluster),
      apiServer: {
        extraArgs: [
          ...values.map((value) => ({ name: 'service-account-issuer', value })),
          { name: 'audit-log-maxage', value: '30' },
        ],
      },
    };
    const outcome = controlPlane?.diff(
      { api: { state: 'ready', clusterConfiguration: JSON.stringify(made) } } as never,
      { host: 'cp1', changed: [] },
    );
    expect(outcome?.answer).toBe(answer);
  });

  it('names all its files', () => {
    const extraArgs = { 'tls-sni-cert-key': ['/a.crt,/a.key', '/b.crt,/b.key:b.lab'] };
    const paths = namedPaths('apiServer', { extraArgs, extraVolumes: [] }).map(({ path }) => path);
    expect(paths).toEqual(['/a.crt', '/a.key', '/b.crt', '/b.key']);
  });

  it.each([
    [
      'apiServer: {extraArgs: {service-account-issuer: []}}',
      /must be a string, or a list of one string or more/,
    ],
    [
      'apiServer: {extraArgs: {service-account-issuer: {a: b}}}',
      /must be a string, or a list of one string or more/,
    ],
    [
      'apiServer: {extraArgs: {service-account-issuer: [1]}}',
      /service-account-issuer"?\]?\[0\]: must be a string/,
    ],
    ['apiServer: {extraArgs: {v: ["2", many]}}', /extraArgs\.v\[1\]: must be a whole number/],
    ['apiServer: {extraArgs: {audit-policy-fil: [/a, /b]}}', /did you mean "audit-policy-file"/],
  ])('is refused where it is wrong: %s', async (settings, message) => {
    expect(await problemsOf(kubernetes(settings))).toMatch(message);
  });

  it('is for Kubernetes 1.31 and newer', async () => {
    const text = kubernetes('scheduler: {extraArgs: {v: ["2", "3"]}}').replace('1.34.9', '1.30.14');
    expect(await problemsOf(text)).toMatch(/extraArgs\.v: has one value before Kubernetes 1\.31/);
  });
});
