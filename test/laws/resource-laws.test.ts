import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { stableJson, type Json } from '../../src/core/json.ts';
import type { Outcome, Resource } from '../../src/core/resource.ts';
import { containerdConfiguration } from '../../src/resources/containerd.ts';
import { absentFile, file, fileFrom } from '../../src/resources/file.ts';
import { kernelModule } from '../../src/resources/kernel-module.ts';
import { packageIndex } from '../../src/resources/package-index.ts';
import { packages } from '../../src/resources/packages.ts';
import { noSwap } from '../../src/resources/swap.ts';
import { sysctl, sysctlPath } from '../../src/resources/sysctl.ts';
import { unit } from '../../src/resources/unit.ts';
import { cloneModel, type HostModel, type ModelFile, outcomeOf, take } from './host-model.ts';

const PATH = '/etc/containerd/config.toml';
const KEY = 'net.ipv4.ip_forward';
const PHASE = 'p';

const wanted = [
  { name: 'kubelet', version: '1.34.9' },
  { name: 'cri-tools', version: null },
];

/** Each with what may be on the host before. */
const RESOURCES: Readonly<Record<string, Resource>> = {
  file: file({ path: PATH, content: 'text\n', mode: 0o600 }),
  'absent file': absentFile(PATH),
  'edited file': fileFrom('/etc/fstab', (text) => (text ?? '').replaceAll('swap', 'none')),
  sysctl: sysctl({ key: KEY, value: '1' }),
  'kernel module': kernelModule('overlay'),
  swap: noSwap(),
  'package index': packageIndex({ name: 'x', packages: wanted }),
  packages: packages({ name: 'x', packages: wanted, isHeld: true, phase: PHASE }),
  'free packages': packages({ name: 'x', packages: wanted, isHeld: false, phase: PHASE }),
  'containerd configuration': containerdConfiguration({
    version: { package: { name: 'containerd', version: null }, phase: PHASE },
    sandboxImage: 'pause:1',
    config: {},
  }),
  'running unit': unit({ name: 'containerd', isEnabled: true, isActive: true, watches: [PATH] }),
  'enabled unit': unit({ name: 'containerd', isEnabled: true }),
  'stopped unit': unit({ name: 'containerd', isEnabled: false, isActive: false }),
};

const moment = fc.integer({ min: 1, max: 100 });

const text = fc.constantFrom(
  '',
  'text\n',
  'other',
  'UUID=1 none swap sw 0 0\n/dev/sda1 / ext4 defaults 0 1\n',
);

const modelFile = fc.record({
  content: text,
  mode: fc.constantFrom('0644', '0600'),
  owner: fc.constantFrom('root:root', 'debian:debian'),
  writtenAt: moment,
});

const someFile = fc.tuple(fc.constantFrom(PATH, '/etc/fstab'), modelFile);

const setting = fc
  .tuple(
    fc.constantFrom('/etc/sysctl.d/10-a.conf', '/etc/sysctl.d/99-b.conf', sysctlPath(KEY)),
    fc.constantFrom('0', '1'),
  )
  .map(
    ([path, value]) =>
      [path, { content: `${KEY} = ${value}\n`, mode: '0644', owner: 'root:root', writtenAt: 1 }] as const,
  );

const modelUnit = fc.record({
  isThere: fc.constant(true),
  isMasked: fc.boolean(),
  isEnabled: fc.boolean(),
  isActive: fc.boolean(),
  needsReload: fc.boolean(),
  startedAt: moment,
});

const modelPackage = fc.record({
  version: fc.option(fc.constantFrom('1.34.9-1.1', '1.34.8-1.1', '1.34.90-1.1')),
  isHeld: fc.boolean(),
});

const host: fc.Arbitrary<HostModel> = fc.record({
  now: fc.constant(1000),
  files: fc.array(fc.oneof(someFile, setting)).map((entries) => new Map<string, ModelFile>(entries)),
  sysctls: fc
    .option(fc.constantFrom('0', '1'))
    .map((value) => new Map<string, string>(value === null ? [] : [[KEY, value]])),
  modules: fc.boolean().map((isLoaded) => new Set(isLoaded ? ['overlay'] : [])),
  swaps: fc.subarray(['/dev/sda2', '/swap.img']),
  swapUnits: fc.subarray(['dev-zram0.swap']).map((units) => new Set(units)),
  units: modelUnit.map((one) => new Map([['containerd.service', one]])),
  packages: fc
    .tuple(modelPackage, modelPackage, modelPackage)
    .map(
      ([kubelet, tools, containerd]) => new Map(Object.entries({ kubelet, 'cri-tools': tools, containerd })),
    ),
  offered: fc.constant(
    new Map([
      ['kubelet', ['1.34.90-1.1', '1.34.9-1.1']],
      ['cri-tools', ['1.34.0-1.1']],
      ['containerd', ['1.7.24-1']],
    ]),
  ),
  isIndexed: fc.boolean(),
});

/** A resource that waits for another has nothing to prove here. */
const isOwnWork = (outcome: Outcome): boolean => outcome.answer === 'change' || outcome.answer === 'none';

describe.each(Object.entries(RESOURCES))('%s', (_, resource) => {
  it('has nothing left to do after its steps', () => {
    fc.assert(
      fc.property(host, (before) => {
        const model = cloneModel(before);
        const outcome = outcomeOf(model, resource);
        fc.pre(isOwnWork(outcome));
        if (outcome.answer === 'change') for (const step of outcome.steps) take(model, step);
        expect(outcomeOf(model, resource)).toMatchObject({ answer: 'none' });
      }),
    );
  });

  it('converges by a second run, wherever the first was cut off', () => {
    fc.assert(
      fc.property(host, fc.nat({ max: 10 }), (before, taken) => {
        const model = cloneModel(before);
        const first = outcomeOf(model, resource);
        fc.pre(first.answer === 'change');
        for (const step of first.steps.slice(0, taken)) take(model, step);
        const second = outcomeOf(model, resource);
        expect(isOwnWork(second)).toBe(true);
        if (second.answer === 'change') for (const step of second.steps) take(model, step);
        expect(outcomeOf(model, resource)).toMatchObject({ answer: 'none' });
      }),
    );
  });

  it('has a step for each change and a difference for each step', () => {
    fc.assert(
      fc.property(host, (model) => {
        const outcome = outcomeOf(model, resource);
        fc.pre(outcome.answer === 'change');
        expect(outcome.steps.length).toBeGreaterThan(0);
        expect(outcome.differences.every(({ from, to }) => stableJson(from) !== stableJson(to))).toBe(true);
      }),
    );
  });

  it('decides from answers alone: the same ones give the same bytes', () => {
    fc.assert(
      fc.property(host, (model) => {
        const [one, other] = [outcomeOf(model, resource), outcomeOf(cloneModel(model), resource)];
        expect(stableJson(one as unknown as Json)).toBe(stableJson(other as unknown as Json));
        expect(JSON.parse(JSON.stringify(one))).toEqual(one);
      }),
    );
  });
});

describe('a unit', () => {
  const running = unit({
    name: 'containerd',
    isEnabled: true,
    isActive: true,
    restartOn: ['file:x'],
    watches: [PATH],
  });

  it('is restarted by a change of what it runs on, and says so', () => {
    fc.assert(
      fc.property(host, (model) => {
        const outcome = outcomeOf(model, running, ['file:x']);
        expect(outcome.answer).toBe('change');
        const isRunning = model.units.get('containerd.service')?.isActive === true;
        const restarts = outcome.answer === 'change' ? (outcome.restarts ?? []) : [];
        expect(restarts).toEqual(isRunning ? ['containerd.service'] : []);
      }),
    );
  });
});
