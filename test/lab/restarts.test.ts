import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { labInventorySettings } from '../../scripts/lab/inventory-settings.ts';
import { labUnavailable } from '../../scripts/lab/lab-unavailable.ts';
import { LabCluster, type Outcome } from './support/lab-cluster.ts';

const HOSTS = ['cp1', 'w1', 'w2', 'w3'] as const;
const OTHERS = HOSTS.filter((host) => host !== 'w1');
const CONFIG = '/etc/containerd/config.toml';
const KUBELET = '/var/lib/kubelet/config.yaml';
const CRI = 'io.containerd.grpc.v1.cri';

const reason = labUnavailable();

/** One control plane and three workers, all in service. */
describe.skipIf(reason !== undefined)(
  `a setting that a daemon does not survive${reason ? ` (skipped: ${reason})` : ''}`,
  () => {
    let cluster: LabCluster;
    beforeAll(async () => {
      cluster = await LabCluster.start(HOSTS.map((name) => ({ name })));
    });
    afterAll(() => cluster?.[Symbol.asyncDispose]());

    const withSettings = ({ config = {}, cri = {}, kubelet = {} }): Promise<void> =>
      cluster.writeInventory({
        overlay: {
          runtime: {
            config: { ...config, plugins: { [CRI]: { ...labInventorySettings.containerd, ...cri } } },
          },
          kubernetes: { kubelet },
        },
      });
    const apply = (...args: readonly string[]) => cluster.slipway('apply', '--yes', ...args);
    const on = async (host: string, command: string): Promise<string> =>
      (await cluster.lab.exec(host, command)).stdout.trim();
    const onAll = async (command: string, hosts: readonly string[] = HOSTS): Promise<readonly string[]> =>
      Promise.all(hosts.map((host) => on(host, command)));
    const converges = async (): Promise<void> => {
      const { code, stdout, stderr } = await apply();
      expect(code, `${stdout}\n${stderr}`).toBe(0);
      expect(await cluster.pending()).toEqual([]);
    };
    /** Which hosts have another process of a unit than before, and whether any file of theirs is another. */
    const watch = async (unit: string, file: string) => {
      const look = () => onAll(`${startOf(unit)}; sha256sum ${file}; stat -c %y ${file}`);
      const before = await look();
      return async () => {
        const after = await look();
        return HOSTS.filter((_, index) => before[index] !== after[index]);
      };
    };
    const kept = () => onAll('ls -d /var/lib/slipway/former/* 2>/dev/null || :');
    const isWell = (host: string) =>
      on(
        host,
        `systemctl is-active containerd kubelet; ctr plugins ls | awk '$2 == "cri" {print $NF}'; kubectl --kubeconfig=/dev/null --server=http://127.0.0.1:10248 get --raw /healthz`,
      );

    /** What containerd bears. */
    const RIGHT = { cri: { stream_idle_timeout: '3h0m0s' } };

    it('comes to a cluster that is not there yet on all hosts at once', async () => {
      await withSettings({});
      expect((await cluster.plan()).rollouts).toBeUndefined();
      await converges();
      expect(await kept()).toEqual(['', '', '', '']);
    });

    it.each([
      ['containerd dies of it', { config: { root: '/run/containerd' } }, 'must be different paths'],
      ['its CRI plugin does not load', { cri: { stream_idle_timeout: 'never' } }, 'does not answer CRI'],
    ])('touches one host, which is well again on its former file: %s', async (_, settings, words) => {
      const touched = await watch('containerd', CONFIG);
      const before = await on('w1', `cat ${CONFIG}`);
      await withSettings(settings);
      expect((await cluster.plan()).rollouts).toEqual([
        { daemon: 'containerd', batches: [['w1'], ['w2'], ['w3'], ['cp1']] },
      ]);
      expect(flat(await cluster.slipway('plan'))).toContain('containerd w1, w2, w3, cp1 (one at a time)');
      const failed = await apply();
      expect(failed.code).toBe(1);
      expect(flat(failed)).toContain(words);
      expect(flat(failed)).toContain(`${CONFIG} is as before again, and containerd is well on it`);
      expect(await touched()).toEqual(['w1']);
      expect(await on('w1', `cat ${CONFIG}`)).toBe(before);
      expect(await isWell('w1')).toBe('active\nactive\nok\nok');
      expect(await kept()).toEqual(['', '', '', '']);
    });

    it('goes over all hosts once it is put right', async () => {
      const touched = await watch('containerd', CONFIG);
      await withSettings(RIGHT);
      await converges();
      expect(await touched()).toEqual([...HOSTS]);
      // By the clock that all hosts share: how long they are up is of their own.
      const starts = await onAll(
        'date -d "$(systemctl show --timestamp=us+utc -p ExecMainStartTimestamp --value containerd)" +%s%6N',
        ['w1', 'w2', 'w3', 'cp1'],
      );
      expect(starts.map(Number)).toEqual(starts.map(Number).toSorted((left, right) => left - right));
    });

    it('of the kubelet touches one host, which is well again on its former file', async () => {
      const touched = await watch('kubelet', KUBELET);
      const before = await on('w1', `cat ${KUBELET}`);
      await withSettings({
        ...RIGHT,
        kubelet: { cpuManagerPolicy: 'static', systemReserved: { cpu: '200m' } },
      });
      expect((await cluster.plan()).rollouts).toEqual([
        { daemon: 'kubelet', batches: [['w1'], ['w2'], ['w3'], ['cp1']] },
      ]);
      const failed = await apply();
      expect(failed.code).toBe(1);
      expect(flat(failed)).toContain('delete the CPU manager checkpoint file');
      expect(flat(failed)).toContain(`${KUBELET} is as before again, and kubelet is well on it`);
      expect(await touched()).toEqual(['w1']);
      expect(await on('w1', `cat ${KUBELET}`)).toBe(before);
      expect(await isWell('w1')).toBe('active\nactive\nok\nok');
    });

    it('of the kubelet goes over all hosts once it is put right', async () => {
      const touched = await watch('kubelet', KUBELET);
      await withSettings({ ...RIGHT, kubelet: { maxPods: 90 } });
      await converges();
      expect(await touched()).toEqual([...HOSTS]);
    });

    it('a drop-in that is newer than its daemon is a cause to restart it, whoever wrote it', async () => {
      const touched = await watch('containerd', CONFIG);
      await on(
        'w2',
        'mkdir -p /etc/systemd/system/containerd.service.d; printf "[Service]\\nLimitNOFILE=65536\\n" >/etc/systemd/system/containerd.service.d/mine.conf; systemctl daemon-reload',
      );
      await on(
        'w3',
        'mkdir -p /etc/containerd/conf.d; echo "version = 2" >/etc/containerd/conf.d/50-mine.toml',
      );
      expect((await cluster.pending()).filter((id) => id.startsWith('change'))).toEqual([
        'change w2/runtime/unit:containerd.service',
        'change w3/runtime/unit:containerd.service',
      ]);
      expect(flat(await cluster.slipway('plan'))).toContain(
        'before /etc/containerd/conf.d/50-mine.toml was written',
      );
      await converges();
      expect(await touched()).toEqual(['w2', 'w3']);
      expect(OTHERS).toContain('w2');
    });
  },
);

const startOf = (unit: string): string => `systemctl show -p ExecMainStartTimestampMonotonic --value ${unit}`;

const flat = ({ stdout, stderr }: Pick<Outcome, 'stdout' | 'stderr'>): string =>
  `${stdout}\n${stderr}`.replaceAll(/\s+/g, ' ');
