import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { labUnavailable } from '../../scripts/lab/lab-unavailable.ts';
import { addGpus } from '../../scripts/lab/stand-ins/nvidia/gpus.ts';
import { serveNvidiaRepository } from '../../scripts/lab/stand-ins/nvidia/nvidia-repository.ts';
import { serveCrioRepository } from '../../scripts/lab/stand-ins/runtimes/packages.ts';
import { journalOf } from './support/journal-of.ts';
import { LabCluster } from './support/lab-cluster.ts';

const DROP_IN = '/etc/crio/crio.conf.d/99-nvidia.toml';
const ONLY = ['--only', 'preflight,runtime,nvidia'];

const reason = labUnavailable() ?? (process.env['SLIPWAY_LAB_REPO'] ? 'needs real GPUs' : undefined);

/** A stand-in for CRI-O that, as the real one, does not start with a runtime for which it finds no conmon. */
describe.skipIf(reason !== undefined)(`a GPU host with CRI-O${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let cluster: LabCluster;
  beforeAll(async () => {
    cluster = await LabCluster.start([{ name: 'cp1' }]);
    await addGpus(cluster.lab, 'cp1', { count: 1 });
    const [crio, toolkit] = [
      await serveCrioRepository(cluster.lab),
      await serveNvidiaRepository(cluster.lab),
    ];
    await cluster.writeInventory({
      hosts: { cp1: { runtime: { type: 'cri-o', repository: crio } } },
      overlay: { runtime: { config: undefined }, gpu: { toolkit: { repository: toolkit } } },
    });
  });
  afterAll(() => cluster?.[Symbol.asyncDispose]());

  const on = async (command: string): Promise<string> =>
    (await cluster.lab.exec('cp1', command)).stdout.trim();
  const pending = async (): Promise<readonly string[]> =>
    (await cluster.plan(...ONLY)).nodes.flatMap(({ address, outcome }) =>
      outcome.answer === 'none' ? [] : [address],
    );
  const apply = async (): Promise<void> => {
    const { code, stdout, stderr } = await cluster.slipway('apply', '--yes', ...ONLY);
    expect(code, `${stdout}\n${stderr}`).toBe(0);
    expect(await pending()).toEqual([]);
    expect(await on('systemctl is-active crio')).toBe('active');
  };

  it('starts, with the NVIDIA runtime and what it starts containers with', async () => {
    await apply();
    expect(await on('grep ^runtimes /etc/nvidia-container-runtime/config.toml')).toBe(
      'runtimes = ["/usr/libexec/crio/crun", "runc", "crun"]',
    );
  });

  it("goes on as it is after an nvidia-ctk by hand, in that one's words", async () => {
    await on('nvidia-ctk runtime configure --runtime=crio');
    const words = await on(`cat ${DROP_IN}`);
    expect(words).not.toContain('monitor_path');
    expect(await pending()).toEqual(['nvidia-runtime:crio', 'nvidia-cri']);
    await apply();
    expect(await on(`cat ${DROP_IN}`)).toBe(words);
  });

  it("is mended where it does not start, since its monitor is in nobody's PATH", async () => {
    await on("sed -i '/^conmon/d' /etc/crio/crio.conf.d/90-slipway.conf; systemctl restart crio || :");
    expect(await journalOf(cluster.lab, 'cp1', 'crio')).toContain('for runtime nvidia: exec: \\"conmon\\"');
    await apply();
  });
});
