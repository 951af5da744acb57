import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import type { InventoryOverlay } from '../../scripts/lab/lab-inventory.ts';
import { labUnavailable } from '../../scripts/lab/lab-unavailable.ts';
import { addGpus } from '../../scripts/lab/stand-ins/nvidia/gpus.ts';
import {
  type NvidiaRepository,
  serveNvidiaRepository,
} from '../../scripts/lab/stand-ins/nvidia/nvidia-repository.ts';
import { LabCluster } from './support/lab-cluster.ts';

const KUBECTL = 'kubectl --kubeconfig /etc/kubernetes/admin.conf';
const CONFIG = '/etc/containerd/config.toml';
const DROP_IN = '/etc/containerd/conf.d/99-nvidia.toml';
const CONFIGURE = 'nvidia-ctk runtime configure --runtime=containerd';

const reason = labUnavailable() ?? (process.env['SLIPWAY_LAB_REPO'] ? 'needs real GPUs' : undefined);

describe.skipIf(reason !== undefined)(
  `GPU hosts, with stand-in GPUs${reason ? ` (skipped: ${reason})` : ''}`,
  () => {
    let cluster: LabCluster;
    let repository: NvidiaRepository;
    /** cp1 has containerd 1.6 and no GPU; w1 has containerd 1.7 and two of them. */
    beforeAll(async () => {
      cluster = await LabCluster.start([{ name: 'cp1' }, { name: 'w1', suite: 'trixie' }]);
      repository = await serveNvidiaRepository(cluster.lab);
      await addGpus(cluster.lab, 'w1', { count: 2, hasDriver: false });
    });
    afterAll(() => cluster?.[Symbol.asyncDispose]());

    const inventory = (gpu: InventoryOverlay = {}): Promise<void> =>
      cluster.writeInventory({ overlay: { gpu: { toolkit: { repository }, ...gpu } } });
    const apply = async (): Promise<string> => {
      const { code, stdout, stderr } = await cluster.slipway('apply', '--yes');
      expect(code, `${stdout}\n${stderr}`).toBe(0);
      return stdout;
    };
    const on = async (host: string, command: string): Promise<string> =>
      (await cluster.lab.exec(host, command)).stdout.trim();
    const started = () => on('w1', 'systemctl show -p ExecMainStartTimestampMonotonic --value containerd');
    const effective = async (key: string): Promise<readonly string[]> => {
      const dump = await on('w1', 'containerd config dump');
      return dump.split('\n').flatMap((line) => (line.trim().startsWith(`${key} =`) ? [line.trim()] : []));
    };
    const offered = (resource = 'nvidia\\.com/gpu') =>
      on('cp1', `${KUBECTL} get node w1 -o jsonpath='{.status.allocatable.${resource}}'`);

    it('without a driver are refused by name, and nothing is applied', async () => {
      await inventory();
      const { code, stdout, stderr } = await cluster.slipway('apply', '--yes');
      expect(code).toBe(1);
      expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
        'GpuDriver: it has an NVIDIA GPU (0000:3b:00.0, 0000:3c:00.0) and no driver is loaded',
      );
      expect(stdout.replaceAll(/\s+/g, ' ')).toContain('package of it as gpu.driver.package');
      expect(stderr).toContain('nothing was applied');
      expect(await on('w1', 'ls /etc/containerd 2>/dev/null || :')).toBe('');
    });

    it('get the driver of the distribution, and are named when they have to be rebooted', async () => {
      // Debian's own is in non-free, which the lab's mirror may not have: the lab has a stand-in.
      await on(
        'w1',
        `mkdir -p /etc/apt/keyrings; curl -sfo /etc/apt/keyrings/lab.asc ${repository.keyUrl}
echo 'deb [signed-by=/etc/apt/keyrings/lab.asc] ${cluster.lab.web.url}/distribution /' >/etc/apt/sources.list.d/lab-driver.list`,
      );
      await inventory({ driver: { package: 'nvidia-driver' } });
      const { code, stdout, stderr } = await cluster.slipway('apply', '--yes');
      expect(code, stdout).toBe(1);
      expect(stdout + stderr).toMatch(/reboot w1/);
      const bootId = await cluster.lab.bootId('w1');
      await on('w1', 'systemd-run --quiet --on-active=1 systemctl reboot');
      await cluster.lab.waitUntilRebooted('w1', bootId);
      await apply();
      expect(await cluster.pending()).toEqual([]);
    });

    it('have the toolkit, held at its version, and a runtime that containerd goes by', async () => {
      expect(await on('w1', 'apt-mark showhold')).toMatch(/nvidia-container-toolkit\n/);
      expect(await on('w1', "dpkg-query -W -f='${Version}' nvidia-container-toolkit")).toBe('1.20.0-1');
      expect(await effective('BinaryName')).toContain('BinaryName = "/usr/bin/nvidia-container-runtime"');
      expect(await effective('default_runtime_name')).toEqual(['default_runtime_name = "runc"']);
      expect(await effective('SystemdCgroup')).toEqual(['SystemdCgroup = true', 'SystemdCgroup = true']);
      expect(await on('cp1', 'ls /usr/bin/nvidia-ctk 2>/dev/null || echo none')).toBe('none');
    });

    it('offer what the driver sees, and the device plugin runs on them alone', async () => {
      expect(await offered()).toBe('2');
      expect(await on('cp1', `${KUBECTL} get runtimeclass nvidia -o jsonpath={.handler}`)).toBe('nvidia');
      const pods = await on(
        'cp1',
        `${KUBECTL} -n kube-system get pods -l name=nvidia-device-plugin-ds -o jsonpath='{.items[*].spec.nodeName} {.items[*].spec.runtimeClassName}'`,
      );
      expect(pods).toBe('w1 nvidia');
    });

    it('are left alone by a second run', async () => {
      const before = await started();
      expect(await apply()).toContain('No changes.');
      expect(await started()).toBe(before);
    });

    it('stay right when nvidia-ctk is run by hand: nothing is lost, nothing flaps', async () => {
      await on('w1', `${CONFIGURE} && ${CONFIGURE}`);
      // It wrote the same in its own words: only the daemon is older than the files now.
      expect(await cluster.pending()).toEqual([
        'change w1/runtime/unit:containerd.service',
        'deferred w1/runtime/cri:containerd.service',
        'deferred w1/nvidia/nvidia-runtime:containerd',
        'deferred w1/nvidia/nvidia-cri',
      ]);
      const words = await on('w1', `cat ${CONFIG} ${DROP_IN}`);
      await apply();
      expect(await cluster.pending()).toEqual([]);
      expect(await on('w1', `cat ${CONFIG} ${DROP_IN}`)).toBe(words);
      expect(await effective('BinaryName')).toContain('BinaryName = "/usr/bin/nvidia-container-runtime"');
      expect(await effective('sandbox_image')).toEqual(['sandbox_image = "registry.k8s.io/pause:3.10.1"']);
      expect(await apply()).toContain('No changes.');
    });

    it('lose what nvidia-ctk was told otherwise by hand', async () => {
      await on('w1', `${CONFIGURE} --set-as-default`);
      expect(await effective('default_runtime_name')).toEqual(['default_runtime_name = "nvidia"']);
      expect(await cluster.pending()).toContain(`change w1/nvidia/file:${DROP_IN}`);
      await apply();
      expect(await effective('default_runtime_name')).toEqual(['default_runtime_name = "runc"']);
      expect(await cluster.pending()).toEqual([]);
    });

    it('get a change of containerd through the copy that nvidia-ctk left', async () => {
      await on('w1', CONFIGURE);
      await cluster.writeInventory({
        overlay: {
          gpu: { toolkit: { repository } },
          runtime: { sandboxImage: 'registry.k8s.io/pause:3.10.2' },
        },
      });
      await apply();
      expect(await effective('sandbox_image')).toEqual(['sandbox_image = "registry.k8s.io/pause:3.10.2"']);
      expect(await cluster.pending()).toEqual([]);
      await inventory();
      await apply();
    });

    it('share GPUs as the inventory says, and offer as many more', async () => {
      await inventory({ defaultRuntime: true, mode: 'legacy', sharing: { timeSlicing: { replicas: 4 } } });
      await apply();
      expect(await offered()).toBe('8');
      expect(await effective('default_runtime_name')).toEqual(['default_runtime_name = "nvidia"']);
      expect(await on('w1', "grep '^mode' /etc/nvidia-container-runtime/config.toml")).toBe(
        'mode = "legacy"',
      );
      await on('w1', CONFIGURE);
      await apply();
      expect(await effective('default_runtime_name')).toEqual(['default_runtime_name = "nvidia"']);
      await inventory({ sharing: { mps: { replicas: 3 } }, mode: 'cdi' });
      await apply();
      expect(await offered()).toBe('6');
      expect(await on('w1', 'cat /var/run/cdi/nvidia.yaml')).toContain('kind: nvidia.com/gpu');
      expect(await cluster.pending()).toEqual([]);
    });

    it.each<readonly [string, string, string, readonly string[]]>([
      [
        'the device plugin, deleted',
        'cp1',
        `${KUBECTL} -n kube-system delete daemonset nvidia-device-plugin-daemonset`,
        ['change cp1/gpu/manifest:nvidia-device-plugin v0.20.0'],
      ],
      [
        'the label, removed',
        'cp1',
        `${KUBECTL} label node w1 nvidia.com/gpu.present-`,
        ['change w1/nodes/gpu-node:w1'],
      ],
      [
        'the toolkit, no longer held',
        'w1',
        'apt-mark unhold nvidia-container-toolkit',
        ['change w1/nvidia/packages:nvidia-container-toolkit'],
      ],
      [
        'the drop-in, removed',
        'w1',
        `rm ${DROP_IN}`,
        [`change w1/nvidia/file:${DROP_IN}`, 'change w1/nvidia/nvidia-runtime:containerd'],
      ],
    ])('mend %s', async (_, host, command, pending) => {
      await on(host, command);
      // Without its plugin's pod the node offers none, a moment later; a run that ends before that has nothing to wait for.
      await vi.waitUntil(async () => host !== 'cp1' || (await offered()) !== '6', { timeout: 20_000 });
      expect(await cluster.pending()).toEqual(expect.arrayContaining([...pending]));
      await apply();
      expect(await cluster.pending()).toEqual([]);
      expect(await offered()).toBe('6');
    });

    it('lose the control daemon of MPS when GPUs are not shared any more', async () => {
      await inventory();
      await apply();
      expect(await offered()).toBe('2');
      expect(await on('cp1', `${KUBECTL} -n kube-system get daemonsets -l slipway/set -o name`)).toBe(
        'daemonset.apps/nvidia-device-plugin-daemonset',
      );
      expect(await cluster.pending()).toEqual([]);
    });

    it('refuse a repository whose key is another', async () => {
      const fingerprint = '0'.repeat(40);
      await inventory({ toolkit: { repository: { ...repository, fingerprint } } });
      const { code, stderr } = await cluster.slipway('plan');
      expect(code).not.toBe(0);
      expect(stderr).toContain(repository.fingerprint);
    });
  },
);
