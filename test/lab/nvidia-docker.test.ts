import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { labUnavailable } from '../../scripts/lab/lab-unavailable.ts';
import { addGpus } from '../../scripts/lab/stand-ins/nvidia/gpus.ts';
import {
  type NvidiaRepository,
  serveNvidiaRepository,
} from '../../scripts/lab/stand-ins/nvidia/nvidia-repository.ts';
import { LabCluster } from './support/lab-cluster.ts';

const CONFIG = '/etc/docker/daemon.json';
const CONFIGURE = 'nvidia-ctk runtime configure --runtime=docker';

const reason = labUnavailable() ?? (process.env['SLIPWAY_LAB_REPO'] ? 'needs real GPUs' : undefined);

/** Debian's Docker, real; phase nvidia alone, on a stand-in GPU. */
describe.skipIf(reason !== undefined)(
  `a GPU host with Docker${reason ? ` (skipped: ${reason})` : ''}`,
  () => {
    let cluster: LabCluster;
    let repository: NvidiaRepository;
    beforeAll(async () => {
      cluster = await LabCluster.start([{ name: 'cp1' }]);
      repository = await serveNvidiaRepository(cluster.lab);
      await addGpus(cluster.lab, 'cp1', { count: 1 });
      await on(
        `mkdir -p /etc/docker; echo '{"log-driver": "json-file", "exec-opts": ["native.cgroupdriver=systemd"]}' >${CONFIG}
apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends docker.io`,
      );
    });
    afterAll(() => cluster?.[Symbol.asyncDispose]());

    const on = async (command: string): Promise<string> =>
      (await cluster.lab.exec('cp1', command)).stdout.trim();
    const inventory = (defaultRuntime: boolean): Promise<void> =>
      cluster.writeInventory({
        hosts: { cp1: { runtime: { type: 'docker' } } },
        overlay: { gpu: { toolkit: { repository }, defaultRuntime }, runtime: { config: {} } },
      });
    const pending = async (): Promise<readonly string[]> =>
      (await cluster.plan('--only', 'nvidia')).nodes.flatMap(({ address, outcome }) =>
        outcome.answer === 'none' ? [] : [address],
      );
    const apply = async (): Promise<void> => {
      const { code, stdout, stderr } = await cluster.slipway('apply', '--yes', '--only', 'nvidia');
      expect(code, `${stdout}\n${stderr}`).toBe(0);
      expect(await pending()).toEqual([]);
    };
    const docker = async (): Promise<object> =>
      JSON.parse(
        await on(
          `docker info --format '{"runtime": {{json .DefaultRuntime}}, "nvidia": {{json .Runtimes.nvidia.Path}}, "log": {{json .LoggingDriver}}}'`,
        ),
      ) as object;

    it('has the NVIDIA runtime in the Docker that runs, and what others set', async () => {
      await inventory(false);
      await apply();
      expect(await docker()).toEqual({
        runtime: 'runc',
        nvidia: 'nvidia-container-runtime',
        log: 'json-file',
      });
    });

    it('loses a default that nvidia-ctk was told by hand, and keeps one that is wanted', async () => {
      await on(`${CONFIGURE} --set-as-default && systemctl restart docker`);
      expect(await docker()).toMatchObject({ runtime: 'nvidia' });
      expect(await pending()).toContain(`nvidia-runtime:${CONFIG}`);
      await apply();
      expect(await docker()).toMatchObject({ runtime: 'runc' });
      await inventory(true);
      await apply();
      expect(await docker()).toMatchObject({ runtime: 'nvidia' });
    });

    it("is left in nvidia-ctk's words, and restarted once", async () => {
      await on(`${CONFIGURE} --set-as-default`);
      const words = await on(`cat ${CONFIG}`);
      expect(await pending()).toEqual(['nvidia-runtime:docker', 'nvidia-cri']);
      await apply();
      expect(await on(`cat ${CONFIG}`)).toBe(words);
    });
  },
);
