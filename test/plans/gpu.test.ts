import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import type { Plan } from '#core/plan.ts';

import { planned } from './planned.ts';

const example = (name: string): string =>
  readFileSync(new URL(`../../examples/gpu/${name}.yaml`, import.meta.url), 'utf8');

const addresses = ({ nodes }: Plan, host?: string): readonly string[] =>
  nodes.filter((node) => host === undefined || node.host === host).map(({ address }) => address);

describe('with the GPU operator', () => {
  it('GPU hosts are made as all others are, and the chart is the only thing about GPUs', async () => {
    const plan = await planned(example('gpu-operator'));
    const own = (host: string) => addresses(plan, host).map((address) => address.replace(host, 'HOST'));
    expect(own('gpu01')).toEqual(own('w1'));
    expect(
      addresses(plan).filter((address) => /nvidia|Gpu|gpu-|RuntimeClass|device-plugin/.test(address)),
    ).toEqual(['other-device-plugins', 'manifest:gpu-operator v26.7.0']);
  });

  it('a driver of the host comes all the same, where one is named', async () => {
    const text = example('gpu-operator').replace('driver: none', 'driver: { package: nvidia-driver }');
    const plan = await planned(text);
    expect(addresses(plan, 'gpu01').filter((address) => /nvidia|Gpu/.test(address))).toMatchInlineSnapshot(`
      [
        "check:GpuDriver",
        "package-index:nvidia-driver",
        "packages:nvidia-driver",
      ]
    `);
  });
});

describe('with the DRA driver', () => {
  it('the toolkit is there, no device plugin is, and nodes are labelled for the chart', async () => {
    const plan = await planned(example('dra'));
    const found = addresses(plan).filter((address) =>
      /gpu-node|device-plugin|RuntimeClass|dra-/.test(address),
    );
    expect([...new Set(found.map((address) => address.replace(/gpu0\d|w1|cp1/, 'HOST')))]).toEqual([
      'gpu-node:HOST',
      'manifest:RuntimeClass nvidia',
      'other-device-plugins',
      'manifest:nvidia-dra-driver-gpu v25.12.0',
    ]);
    expect(addresses(plan, 'gpu01')).toContain('packages:nvidia-container-toolkit');
  });
});

describe('with what a cluster for language models runs', () => {
  it('charts come in their order, after the device plugin that they are for', async () => {
    const found = addresses(await planned(example('language-models')));
    const sets = found.filter((address) => /^manifest:(?!calico|RuntimeClass)/.test(address));
    expect(sets).toMatchInlineSnapshot(`
      [
        "manifest:nvidia-device-plugin v0.20.0",
        "manifest:metrics-server v0.9.0",
        "manifest:csi-driver-nfs v4.13.4",
        "manifest:node-feature-discovery v0.19.0",
        "manifest:lws v0.10.0",
        "manifest:kueue v0.19.2",
        "manifest:rbg v0.6.0",
        "manifest:kube-prometheus v0.18.0",
        "manifest:dcgm-exporter v4.5.3-4.8.2",
        "manifest:envoy-gateway v1.9.0",
      ]
    `);
    expect(found).toContain('scheduler-configuration');
  });
});
