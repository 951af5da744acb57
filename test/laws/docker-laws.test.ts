import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { DOCKER_CONFIG_PATH, DOCKER_RECORD_PATH, dockerDaemon } from '#resources/runtime/docker-daemon.ts';
import { nvidiaDocker } from '#resources/nvidia/nvidia-docker.ts';

import { bareHost } from './arbitraries.ts';
import { perform } from './perform.ts';

const rooted = (content: string) => ({ content, mode: '0644', owner: 'root:root', writtenAt: 0 });

const wanted = (urls: readonly string[], config: object) =>
  dockerDaemon({
    registries: [
      {
        host: 'docker.io',
        endpoint: { url: 'https://registry-1.docker.io', skipVerify: false },
        mirrors: urls.map((url) => ({ url, skipVerify: false })),
      },
    ],
    config: { ...config },
  });

describe("Docker's configuration", () => {
  const resources = [
    ...dockerDaemon({ registries: [], config: { 'log-driver': 'local' } }),
    nvidiaDocker({ isDefaultRuntime: true, hasCdi: true, phase: 'runtime' }),
  ];
  const foreign = fc.record(
    {
      debug: fc.boolean(),
      'data-root': fc.constant('/srv/docker'),
      'log-opts': fc.constant({ 'max-size': '10m' }),
      runtimes: fc.constant({ runsc: { path: '/usr/bin/runsc' } }),
      features: fc.constant({ buildkit: true }),
      'exec-opts': fc.constant(['other=1']),
    },
    { requiredKeys: [] },
  );

  it('keeps what others have set, wherever a run was cut off', () => {
    fc.assert(
      fc.property(foreign, fc.nat({ max: 6 }), (theirs, actions) => {
        const files = new Map([[DOCKER_CONFIG_PATH, rooted(JSON.stringify(theirs))]]);
        const model = { ...bareHost(), files };
        perform(model, resources, actions);
        perform(model, resources);
        const { 'exec-opts': options = [], ...kept } = theirs;
        const found = JSON.parse(files.get(DOCKER_CONFIG_PATH)?.content ?? '') as typeof theirs;
        expect(found).toMatchObject(kept);
        expect(found['exec-opts']).toEqual([...options, 'native.cgroupdriver=systemd']);
      }),
    );
  });

  it('loses the mirrors and settings of an inventory with it, and none of others, wherever runs were cut off', () => {
    const mirrors = fc.subarray(['https://a.lan', 'https://b.lan', 'https://c.lan']);
    const debug = fc.constantFrom({}, { debug: true }, { debug: true, 'live-restore': true });
    fc.assert(
      fc.property(
        fc.record({ urls: mirrors, config: debug }),
        fc.array(fc.record({ urls: mirrors, config: debug, actions: fc.nat({ max: 6 }) }), { maxLength: 3 }),
        (theirs, runs) => {
          const before = { 'registry-mirrors': theirs.urls, ...theirs.config };
          const files = new Map([[DOCKER_CONFIG_PATH, rooted(JSON.stringify(before))]]);
          const model = { ...bareHost(), files };
          for (const { urls, config, actions } of runs) perform(model, wanted(urls, config), actions);
          perform(model, wanted([], {}));
          const found = JSON.parse(files.get(DOCKER_CONFIG_PATH)?.content ?? '') as object;
          expect({ 'registry-mirrors': [], ...found }).toEqual({
            'exec-opts': ['native.cgroupdriver=systemd'],
            ...before,
            'registry-mirrors': expect.toSatisfy(
              (urls: readonly string[]) => urls.toSorted().join() === theirs.urls.toSorted().join(),
            ) as unknown,
          });
          expect(JSON.parse(files.get(DOCKER_RECORD_PATH)?.content ?? '{}')).toEqual({});
        },
      ),
    );
  });
});
