import { parse } from 'smol-toml';
import { describe, expect, it } from 'vitest';

import { containerdConfig } from '../../../src/configuration/containerd-config.ts';
import { isSameDropIn, nvidiaDropIn } from '../../../src/configuration/nvidia-drop-in.ts';

const settings = { sandboxImage: 'registry.k8s.io/pause:3.10.1', config: {} };
const [old, merging] = ['1.6.20', '2.2.7'].map((version) => containerdConfig(version, settings)) as [
  string,
  string,
];
const plain = { isDefaultRuntime: false, hasCdi: false };
const dropIn = (configuration: string, more = {}): string =>
  nvidiaDropIn(configuration, { ...plain, ...more }) ?? '';

/** What nvidia-ctk 1.19 writes: the plugin's whole section, and the runtime in it. */
const byNvidiaCtk = (configuration: string, isDefault = false): string => {
  const root = parse(configuration) as never as { version: number; plugins: Record<string, never> };
  const plugin = root.version === 2 ? 'io.containerd.grpc.v1.cri' : 'io.containerd.cri.v1.runtime';
  const section = JSON.stringify(root.plugins[plugin]);
  const copy = JSON.parse(section) as {
    containerd: { default_runtime_name: string; runtimes: Record<string, { options: object }> };
  };
  const { runc } = copy.containerd.runtimes;
  copy.containerd.runtimes['nvidia'] = {
    ...runc!,
    options: { ...runc!.options, BinaryName: '/usr/bin/nvidia-container-runtime' },
  };
  if (isDefault) copy.containerd.default_runtime_name = 'nvidia';
  const lines: string[] = [`version = ${root.version}`];
  const write = (value: object, path: string): void => {
    const entries = Object.entries(value);
    const scalars = entries.filter(([, member]) => typeof member !== 'object' || Array.isArray(member));
    lines.push(`[${path}]`, ...scalars.map(([key, member]) => `${key} = ${JSON.stringify(member)}`));
    for (const [key, member] of entries) {
      if (typeof member === 'object' && !Array.isArray(member)) write(member as object, `${path}.${key}`);
    }
  };
  write(copy, `plugins."${plugin}"`);
  return lines.join('\n');
};

describe('drop-in with the NVIDIA runtime', () => {
  it('has the options of runc, and its own program', () => {
    expect(parse(dropIn(merging))).toEqual({
      version: 3,
      plugins: {
        'io.containerd.cri.v1.runtime': {
          containerd: {
            runtimes: {
              nvidia: {
                runtime_type: 'io.containerd.runc.v2',
                options: { SystemdCgroup: true, BinaryName: '/usr/bin/nvidia-container-runtime' },
              },
            },
          },
        },
      },
    });
  });

  it('repeats the whole section for a containerd that takes it from the last file alone', () => {
    const text = dropIn(old);
    expect(text).toContain('sandbox_image = "registry.k8s.io/pause:3.10.1"');
    expect(text).toContain('config_path = "/etc/containerd/certs.d"');
    expect(text).toContain('BinaryName = "/usr/bin/nvidia-container-runtime"');
  });

  it('makes it the default, and turns CDI on, where that is asked for', () => {
    expect(dropIn(merging)).not.toMatch(/default_runtime_name|enable_cdi/);
    expect(dropIn(merging, { isDefaultRuntime: true })).toContain('default_runtime_name = "nvidia"');
    expect(dropIn(merging, { hasCdi: true })).toContain('enable_cdi = true');
  });

  it.each([
    ['1.6', old],
    ['2.2', merging],
  ])("is left alone in nvidia-ctk's wording for containerd %s, unless it says something else", (_, root) => {
    expect(isSameDropIn(root, byNvidiaCtk(root), dropIn(root))).toBe(true);
    expect(isSameDropIn(root, byNvidiaCtk(root, true), dropIn(root, { isDefaultRuntime: true }))).toBe(true);
    expect(isSameDropIn(root, byNvidiaCtk(root), dropIn(root, { isDefaultRuntime: true }))).toBe(false);
    expect(isSameDropIn(root, byNvidiaCtk(root, true), dropIn(root))).toBe(false);
    expect(isSameDropIn(root, null, dropIn(root))).toBe(false);
    expect(isSameDropIn(root, 'not = [toml', dropIn(root))).toBe(false);
  });

  it('is not left alone once it shadows what has changed since', () => {
    const stale = byNvidiaCtk(old);
    const root = old.replace('pause:3.10.1', 'pause:3.10.2');
    expect(isSameDropIn(root, stale, dropIn(root))).toBe(false);
  });

  it('cannot be written for a configuration that takes no drop-ins', () => {
    expect(nvidiaDropIn('disabled_plugins = ["cri"]\n', plain)).toBeUndefined();
  });
});
