import { describe, expect, it } from 'vitest';

import { runtimeHandlers } from '#checks/preflight/runtime-handlers.ts';
import { containerdTables } from '#configuration/containerd-config.ts';
import { crioConfig } from '#configuration/crio-config.ts';
import { runscConfiguration } from '#configuration/runtime-handlers.ts';
import type { Host } from '#core/cluster.ts';
import type { JsonObject } from '#core/json.ts';
import { valueAt } from '#core/json.ts';
import { runtimeClasses } from '#objects/runtime-classes.ts';

import { host, inventory, parse, problemsOf } from '../inventory/inventory-fixture.ts';

const HANDLERS = 'handlers: {gvisor: {type: gvisor}, kata: {type: kata}, fast: {type: crun}}';

const clusterOf = async (runtime: string) => (await parse(inventory(`runtime: {${runtime}}`))).cluster;
const first = async (runtime: string): Promise<Host> => (await clusterOf(runtime)).hosts[0]!;

describe('handlers of containerd', () => {
  it.each([
    ['1.7.24', 'io.containerd.grpc.v1.cri'],
    ['2.2.0', 'io.containerd.cri.v1.runtime'],
  ])('stand beside runc in the format of %s', async (version, plugin) => {
    const { runtime } = await first(HANDLERS);
    if (runtime.type !== 'containerd') throw new TypeError('it is containerd');
    const tables = containerdTables(version, runtime);
    const runtimes = valueAt(tables, ['plugins', plugin, 'containerd', 'runtimes']) as JsonObject;
    expect(runtimes).toEqual({
      runc: { runtime_type: 'io.containerd.runc.v2', options: { SystemdCgroup: true } },
      fast: {
        runtime_type: 'io.containerd.runc.v2',
        options: { BinaryName: '/usr/bin/crun', SystemdCgroup: true },
      },
      gvisor: {
        runtime_type: 'io.containerd.runsc.v1',
        options: { TypeUrl: 'io.containerd.runsc.v1.options', ConfigPath: '/etc/containerd/runsc.toml' },
      },
      kata: {
        runtime_type: 'io.containerd.kata.v2',
        privileged_without_host_devices: true,
        pod_annotations: ['io.katacontainers.*'],
      },
    });
  });

  it('tell gVisor that systemd names the cgroups', async () => {
    const { runtime } = await first('handlers: {gvisor: {type: gvisor, program: /opt/runsc}}');
    expect(runscConfiguration(runtime)).toMatchInlineSnapshot(`
      "# Written by slipway: runtime.handlers
      binary_name = "/opt/runsc"

      [runsc_config]
      systemd-cgroup = "true"
      "
    `);
  });
});

it('handlers of CRI-O have its own conmon and crun', async () => {
  const { runtime } = await first(`type: cri-o, ${HANDLERS}`);
  if (runtime.type !== 'cri-o') throw new TypeError('it is CRI-O');
  expect(crioConfig({ ...runtime, hasGpu: false })).toMatchInlineSnapshot(`
    "# Written by slipway; settings of your own go into the inventory, under runtime.config.
    [crio.image]
    pause_image = "registry.k8s.io/pause:3.10.1"

    [crio.network]
    network_dir = "/etc/cni/net.d/"
    plugin_dirs = [ "/opt/cni/bin/" ]

    [crio.runtime]
    cgroup_manager = "systemd"

    [crio.runtime.runtimes.fast]
    runtime_path = "/usr/libexec/crio/crun"
    runtime_type = "oci"
    runtime_root = "/run/crun"
    monitor_path = "/usr/libexec/crio/conmon"

    [crio.runtime.runtimes.gvisor]
    runtime_path = "/usr/local/bin/runsc"
    runtime_type = "oci"
    runtime_root = "/run/runsc"
    monitor_path = "/usr/libexec/crio/conmon"

    [crio.runtime.runtimes.kata]
    runtime_path = "/usr/local/bin/containerd-shim-kata-v2"
    runtime_type = "vm"
    runtime_root = "/run/vc"
    privileged_without_host_devices = true
    monitor_path = "/usr/libexec/crio/conmon"
    "
  `);
});

describe('a RuntimeClass', () => {
  it('is there for each handler of any host, and its pods go where it is', async () => {
    const text = host('runtime: {handlers: {kata: {type: kata}}}');
    const { cluster } = await parse(text);
    expect(cluster.hosts.map(({ labels }) => labels)).toEqual([{}, { 'slipway/runtime-kata': 'true' }]);
    expect(runtimeClasses(cluster)).toMatchInlineSnapshot(`
      "apiVersion: node.k8s.io/v1
      kind: RuntimeClass
      metadata:
        name: kata
        labels:
          slipway/set: runtime-classes
      handler: kata
      scheduling:
        nodeSelector:
          slipway/runtime-kata: "true"
      "
    `);
    expect(runtimeClasses((await parse(inventory())).cluster)).toBe('');
  });
});

describe('handlers', () => {
  it('are merged by their names, and dropped with another type of runtime', async () => {
    const text = host(
      'runtime: {handlers: {kata: {type: kata}}}',
      '  - {name: w2, address: 10.0.0.13, runtime: {type: docker}}',
      'runtime: {handlers: {gvisor: {type: gvisor}}}',
    );
    const { cluster } = await parse(text);
    expect(cluster.hosts.map(({ labels }) => Object.keys(labels))).toEqual([
      ['slipway/runtime-gvisor'],
      ['slipway/runtime-gvisor', 'slipway/runtime-kata'],
      [],
    ]);
  });

  it.each([
    ['handlers: {runc: {type: crun}}', '"runc" is what runs all other containers'],
    ['handlers: {nvidia: {type: crun}}', `"nvidia" is the handler of NVIDIA's toolkit`],
    ['handlers: {Kata: {type: kata}}', 'the name "Kata" must be lower-case letters'],
    ['handlers: {kata: {type: firecracker}}', 'must be gvisor, kata or crun'],
    ['handlers: {kata: {}}', 'the key "type" is missing'],
    ['handlers: {kata: {type: kata, program: /opt/kata}}', '"program" has no meaning with containerd'],
    ['handlers: {gvisor: {type: gvisor, program: runsc}}', 'must be an absolute path'],
    ['type: docker, handlers: {kata: {type: kata}}', '"handlers" has no meaning with type: docker'],
  ])('%s is refused', async (runtime, problem) => {
    expect(await problemsOf(inventory(`runtime: {${runtime}}`))).toContain(problem);
  });
});

const judged = async (runtime: string, there: readonly string[], packages: readonly string[] = []) => {
  const wanted = { ...(await first(runtime)), packages };
  return runtimeHandlers(wanted).map((one) =>
    one.diff(
      Object.fromEntries(
        Object.keys(one.facts).map((path) => [path, there.includes(path) ? 'file' : 'absent']),
      ) as never,
      { host: 'cp1', changed: [] },
    ),
  );
};

describe('RuntimeHandlers', () => {
  it('asks nothing where there are none, and of none that something brings', async () => {
    expect(await judged('type: containerd', [])).toEqual([]);
    expect(await judged('type: cri-o, handlers: {crun: {type: crun}}', [])).toEqual([]);
    expect(await judged('handlers: {crun: {type: crun}}', [], ['crun'])).toEqual([]);
  });

  it('names what is missing, of which handler', async () => {
    expect(await judged(HANDLERS, ['/usr/local/bin/runsc', '/usr/bin/crun'])).toMatchObject([
      {
        answer: 'refused',
        check: 'RuntimeHandlers',
        why: 'there is no containerd-shim-runsc-v1, which runtime.handlers.gvisor runs; nor containerd-shim-kata-v2, which runtime.handlers.kata runs',
      },
    ]);
  });

  it('takes shims from wherever containerd does', async () => {
    const there = ['/usr/local/bin/runsc', '/usr/bin/containerd-shim-runsc-v1'];
    expect(await judged('handlers: {gvisor: {type: gvisor}}', there)).toMatchObject([{ answer: 'none' }]);
  });
});
