import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { kubeletExtraArgs } from '#checks/preflight/kubelet-extra-args.ts';
import { bothRecords, dockerConfig } from '#configuration/docker-config.ts';
import type { Cluster, Host } from '#core/cluster.ts';
import { isEqualJson, type JsonObject } from '#core/json.ts';
import type { Outcome, Resource } from '#core/resource.ts';
import type { Runtime } from '#core/runtime.ts';
import { debian } from '#distributions/debian/debian.ts';
import { containerdConfiguration } from '#resources/runtime/containerd-configuration.ts';
import { crictl } from '#resources/runtime/crictl.ts';

import { fileAnswer, missingFile } from '../../support/file-answer.ts';
import { TEST_KEY, TEST_KEY_FINGERPRINT } from '../../support/openpgp-key.ts';
import { anyText } from '../../support/any-text.ts';

const answered = (resource: Resource, content: string): Outcome =>
  resource.diff({ ...DEBIAN, found: fileAnswer(content), deb: fileAnswer(content), around: {} } as never, {
    host: 'w1',
    changed: [],
  });

/** What tells where the kubelet's own file of flags is. */
const DEBIAN = { os: { id: 'debian', idLike: [] }, rpm: missingFile };

/** Text of the words that a format is made of, in any order, and text of anything. */
const textOf = (...words: readonly string[]): fc.Arbitrary<string> =>
  fc.oneof(
    anyText(),
    fc.array(fc.constantFrom(...words, ' ', '\n'), { maxLength: 40 }).map((parts) => parts.join('')),
  );

describe('whatever stands in a file that slipway reads', () => {
  it('of apt: it is gone by, refused or left alone', () => {
    const words = [
      'deb',
      'deb-src',
      '[',
      ']',
      'signed-by=',
      'trusted=yes',
      'https://h.lan/deb/',
      '%',
      '/',
      'Types: deb',
      'URIs:',
      'Suites:',
      'Signed-By:',
      'Enabled: no',
      '#',
      '"',
      '/k.gpg',
      ' .',
    ];
    const source = { url: 'https://h.lan', keyUrl: '', fingerprint: TEST_KEY_FINGERPRINT, key: TEST_KEY };
    const path = fc.constantFrom(
      '/etc/apt/sources.list',
      '/etc/apt/sources.list.d/x.list',
      '/etc/apt/sources.list.d/x.sources',
    );
    fc.assert(
      fc.property(path, textOf(...words), fc.base64String(), (file, text, keyring) => {
        const answer = { files: [{ path: file, text }], keyrings: { '/k.gpg': keyring } };
        const verdict = debian.otherEntries.judge(
          'own',
          source,
          { ...debian.freshMachine, arch: 'amd64' },
          answer,
        );
        expect([undefined, 'offers', 'conflicts']).toContain(verdict?.verdict);
      }),
    );
  });

  it('of containerd and crictl: it is changed, or right', () => {
    const words = [
      'version = ',
      '2',
      '"x"',
      'imports = ',
      '[',
      ']',
      '[plugins."',
      'io.containerd.grpc.v1.cri',
      '"]',
      'root',
      ' = ',
      ',',
      'a: ',
      '- b',
      '&x',
      '*x',
      '!!',
      '|',
    ];
    const resources = [
      containerdConfiguration({
        version: { known: '1.7.24', phase: 'runtime' },
        sandboxImage: 'p',
        config: {},
      }),
      crictl({ runtime: { type: 'containerd' } as Runtime }),
    ];
    fc.assert(
      fc.property(textOf(...words), (text) => {
        for (const resource of resources)
          expect(['change', 'none']).toContain(answered(resource, text).answer);
      }),
    );
  });

  // Of 1.33 not every flag is known.
  it.each(['1.34.9', '1.33.4'])(
    "of the flags of kubelet %s: it is refused, or none of slipway's",
    (version) => {
      const cluster = {
        kubernetes: {
          version,
          serviceSubnet: '10.96.0.0/12',
          dnsDomain: 'cluster.local',
          kubelet: { maxPods: 5, evictionHard: {} },
        },
      } as unknown as Cluster;
      const host = {
        name: 'w1',
        runtime: { type: 'containerd' },
        kubelet: {},
        kubeletExtraArgs: {},
      } as unknown as Host;
      const words = [
        'KUBELET_EXTRA_ARGS=',
        'Environment=',
        '"',
        "'",
        '--max-pods',
        '=',
        '--eviction-hard',
        '--cluster-dns',
        '--',
        '5',
        '--constructor',
        '--__proto__',
      ];
      fc.assert(
        fc.property(textOf(...words), (text) => {
          const check = kubeletExtraArgs(cluster, host);
          expect(['none', 'refused']).toContain(answered(check, text).answer);
          const unitLines = text.split('\n').map((line) => ({ unit: 'kubelet', path: '/x/y.conf', line }));
          const inDropIn = { ...DEBIAN, deb: missingFile, around: { unitLines } };
          const outcome = check.diff(inDropIn as never, { host: 'w1', changed: [] });
          expect(['none', 'refused']).toContain(outcome.answer);
        }),
      );
    },
  );

  it('of Docker, and of the record of it: a second run has nothing to add', () => {
    const json = fc.dictionary(
      fc.constantFrom(
        'registry-mirrors',
        'insecure-registries',
        'exec-opts',
        'config',
        'mirrors',
        'insecure',
        'debug',
      ),
      fc.jsonValue({ maxDepth: 2 }),
    ) as fc.Arbitrary<JsonObject>;
    fc.assert(
      fc.property(json, json, json, (before, record, config) => {
        const settings = { registries: [], config };
        const once = dockerConfig(before, record, settings);
        const twice = dockerConfig(once.wanted, once.record, settings);
        expect(isEqualJson(twice.wanted, once.wanted)).toBe(true);
        expect(isEqualJson(twice.record, once.record)).toBe(true);
        expect(() => bothRecords(record, once.record)).not.toThrow();
      }),
    );
  });
});
