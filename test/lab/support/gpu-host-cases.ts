import { expect, it } from 'vitest';

import type { InventoryOverlay } from '../../../scripts/lab/lab-inventory.ts';

/** What the cases ask of the cluster. */
export interface GpuHosts {
  /** Writes an inventory with NVIDIA's device plugin, and with `gpuDevices` of w1. */
  readonly nvidia: (devicePlugin?: InventoryOverlay, ofW1?: InventoryOverlay) => Promise<void>;
  readonly apply: () => Promise<void>;
  readonly differing: () => Promise<readonly string[]>;
  readonly offered: () => Promise<object>;
  readonly ours: (kinds: string, set: string) => Promise<readonly string[]>;
  readonly on: (host: string, command: string) => Promise<string>;
  readonly kubectl: (words: string) => Promise<string>;
  readonly slipway: (
    ...words: readonly string[]
  ) => Promise<{ readonly code: number | null; readonly output: string }>;
  readonly cut: (gpus: readonly (readonly string[])[]) => Promise<void>;
  readonly pending: () => Promise<readonly unknown[]>;
}

/** A host that says for itself how its GPUs are handed out, and what they are cut into. */
export function gpuHostCases({
  nvidia,
  apply,
  differing,
  offered,
  ours,
  on,
  kubectl,
  slipway,
  cut,
  pending,
}: GpuHosts): void {
  it('a host that says otherwise has a configuration of its own, by the label of its node', async () => {
    await cut([[], []]);
    await nvidia({}, { sharing: { timeSlicing: { replicas: 3 } } });
    expect(await differing()).toContain('w1/nodes/gpu-node:w1: label nvidia.com/device-plugin.config');
    await apply();
    expect(await pending()).toEqual([]);
    expect(await offered()).toEqual({ 'nvidia.com/gpu': '6' });
    expect(await ours('configmaps,serviceaccounts,clusterroles', 'slipway-nvidia-device-plugin')).toEqual([
      'configmap/nvidia-device-plugin-config',
      'serviceaccount/nvidia-device-plugin',
      'clusterrole.rbac.authorization.k8s.io/slipway:nvidia-device-plugin',
    ]);
    await kubectl('label node w1 nvidia.com/device-plugin.config=mine --overwrite');
    // Until its kubelet has told of it, nothing would be waited for.
    await expect.poll(offered, { timeout: 60_000 }).not.toEqual({ 'nvidia.com/gpu': '6' });
    expect(await differing()).toContain('w1/nodes/gpu-node:w1: label nvidia.com/device-plugin.config');
    await apply();
    expect(await offered()).toEqual({ 'nvidia.com/gpu': '6' });
  });

  it('and the one of the cluster again, when it says nothing any more', async () => {
    await nvidia();
    await apply();
    expect(await pending()).toEqual([]);
    expect(await offered()).toEqual({ 'nvidia.com/gpu': '2' });
    expect(await kubectl('get node w1 -o jsonpath={.metadata.labels}')).not.toContain('device-plugin.config');
    expect(
      await ours('serviceaccounts,clusterroles,clusterrolebindings', 'slipway-nvidia-device-plugin'),
    ).toEqual([]);
  });

  it('GPUs are cut as the inventory wants it, with the device plugin out of the way, and again at boot', async () => {
    await on('w1', 'mkdir -p /run/lab && : >/run/lab/gpu-clients');
    await nvidia({ migStrategy: 'mixed' }, { migDevices: { '1g.5gb': 2, '3g.20gb': 1 } });
    const planned = await differing();
    expect(planned).toContain('w1/nvidia/mig-devices: MIG devices of GPU 0');
    expect(planned).toContain('w1/verify/gpu-allocatable:w1: allocatable nvidia.com/mig-3g.20gb');
    await apply();
    expect(await pending()).toEqual([]);
    expect(await offered()).toEqual({ 'nvidia.com/mig-1g.5gb': '4', 'nvidia.com/mig-3g.20gb': '2' });
    await on('w1', 'rm /run/lab/gpu-clients; nvidia-smi mig -i 1 -dci; nvidia-smi mig -i 1 -dgi');
    await on('w1', 'systemctl restart slipway-mig.service');
    expect(await on('w1', 'nvidia-smi -L | grep -c "MIG 3g.20gb"')).toBe('2');
  });

  it('GPUs that are in use are not cut, nor such as a device does not fit', async () => {
    await nvidia({ migStrategy: 'single' }, { migDevices: { '1g.5gb': 7 } });
    await on('w1', "echo '4711, python3' >/etc/lab/gpus/apps");
    const busy = await slipway('apply', '--yes');
    expect(busy.code).toBe(1);
    expect(busy.output).toContain('GPUs are in use, and are not cut: 4711, python3');
    await on('w1', 'rm /etc/lab/gpus/apps');
    await nvidia({ migStrategy: 'single' }, { migDevices: { '4g.20gb': 2 } });
    const full = await slipway('apply', '--yes');
    expect(full.code).toBe(1);
    expect(full.output).toContain('Insufficient Resources');
    expect(await on('w1', 'systemctl is-active kubelet')).toBe('active');
  });

  it('GPUs are whole again, and nothing cuts them at boot any more', async () => {
    await nvidia({}, { migDevices: 'none' });
    await apply();
    expect(await offered()).toEqual({ 'nvidia.com/gpu': '2' });
    expect(await on('w1', 'nvidia-smi -i 0 --query-gpu=mig.mode.current --format=csv,noheader')).toBe(
      'Disabled',
    );
    await nvidia();
    expect(await differing()).toContain('w1/nvidia/slipway-mig: /usr/local/sbin/slipway-mig');
    await apply();
    expect(await pending()).toEqual([]);
    expect(await on('w1', 'ls /etc/systemd/system/slipway-mig.service 2>&1 || :')).toContain('No such file');
  });
}
