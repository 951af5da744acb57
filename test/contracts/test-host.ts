import type { Host } from '#core/cluster.ts';

/** A host on this machine. */
export const testHost = (overrides: Partial<Host> = {}): Host => ({
  name: 'n1',
  address: '127.0.0.1',
  port: 22,
  user: 'root',
  become: true,
  role: 'worker',
  labels: {},
  taints: [],
  gpu: false,
  runtime: {
    type: 'containerd',
    source: { from: 'distribution' },
    sandboxImage: 'registry.k8s.io/pause:3.10',
    config: {},
  },
  kubeletExtraArgs: {},
  kubelet: {},
  swap: 'off',
  packages: [],
  files: [],
  ...overrides,
});
