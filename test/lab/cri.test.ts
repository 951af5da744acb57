import { setTimeout } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { labUnavailable } from '../../scripts/lab/lab-unavailable.ts';
import { LabCluster, type Outcome } from './support/lab-cluster.ts';

const ONLY = ['--only', 'preflight,runtime'];
const CRI = 'io.containerd.grpc.v1.cri';
const MIRRORS = { 'docker.io': { endpoint: ['https://mirror.lab'] } };
const DROP_IN = '/etc/containerd/conf.d/50-mine.toml';
/** For how long a runtime that does not answer counts as one that is starting. */
const STARTING_MS = 10_000;

const reason = labUnavailable();

/** b1: containerd 1.6, t1: containerd 1.7; both really load, or do not load, their CRI plugin. */
describe.skipIf(reason !== undefined)(
  `a runtime that does not answer${reason ? ` (skipped: ${reason})` : ''}`,
  () => {
    let cluster: LabCluster;
    beforeAll(async () => {
      cluster = await LabCluster.start([{ name: 'b1' }, { name: 't1', suite: 'trixie' }]);
    });
    afterAll(() => cluster?.[Symbol.asyncDispose]());

    const withConfig = (config: object): Promise<void> =>
      cluster.writeInventory({
        hosts: Object.fromEntries(['b1', 't1'].map((host) => [host, { runtime: { config } }])),
        overlay: { runtime: { config: undefined } },
      });
    const apply = () => cluster.slipway('apply', '--yes', ...ONLY);
    const on = async (host: string, command: string): Promise<string> =>
      (await cluster.lab.exec(host, command)).stdout.trim();
    const answers = (host: string): Promise<string> =>
      on(host, `ctr plugins ls | awk '$2 == "cri" {print $NF}'`);

    /** A plan that is over while containerd still counts as one that is starting. */
    const planAfterRestart = async (host: string): Promise<Outcome> => {
      for (let attempt = 0; attempt < 5; attempt += 1) {
        await on(host, 'systemctl restart containerd');
        const planned = await cluster.slipway('plan', ...ONLY, '--limit', host);
        const times = await on(
          host,
          'cut -d" " -f1 /proc/uptime; systemctl show -p ActiveEnterTimestampMonotonic --value containerd',
        );
        const [uptime = 0, since = 0] = times.split('\n').map(Number);
        if (uptime * 1000 - since / 1000 < STARTING_MS) return planned;
      }
      throw new Error(`no plan of ${host} was over ${STARTING_MS} ms after its containerd was started`);
    };

    it.each([
      [
        'mirrors beside config_path',
        { registry: { mirrors: MIRRORS } },
        'runtime.config sets registry.mirrors',
      ],
      [
        'a default runtime that no table defines',
        { containerd: { default_runtime_name: 'kata' } },
        'runtime.config makes "kata" the default runtime',
      ],
    ])('is foreseen: %s', async (_, settings, text) => {
      await withConfig({ plugins: { [CRI]: settings } });
      const refused = await apply();
      expect(refused.code).toBe(1);
      expect(flat(refused)).toContain(text);
    });

    it('converges on a configuration that both take', async () => {
      await withConfig({});
      const { code, stdout, stderr } = await apply();
      expect(code, `${stdout}\n${stderr}`).toBe(0);
      expect(await answers('b1')).toBe('ok');
      expect(await answers('t1')).toBe('ok');
    });

    it.each(['b1', 't1'])('is named in every plan, with the line of its journal: %s', async (host) => {
      // What nobody foresees: the daemon is active, and its CRI plugin was not loaded.
      await on(
        host,
        `cp /etc/containerd/config.toml /root/; sed -i 's/stats_collect_period.*//; s/^sandbox_image/stream_idle_timeout = "never"\\nsandbox_image/' /etc/containerd/config.toml
touch -r /root/config.toml /etc/containerd/config.toml; systemctl restart containerd`,
      );
      expect(await on(host, 'systemctl is-active containerd')).toBe('active');
      expect(await answers(host)).not.toBe('ok');
      const planned = await cluster.slipway('plan', ...ONLY, '--limit', host);
      expect(flat(planned)).toContain('stream_idle_timeout');
    });

    it('is right again with its configuration', async () => {
      const { code, stdout, stderr } = await apply();
      expect(code, `${stdout}\n${stderr}`).toBe(0);
      expect(await answers('b1')).toBe('ok');
      expect(await answers('t1')).toBe('ok');
    });

    it.each(['b1', 't1'])('is named though its files are as wanted: %s', async (host) => {
      await on(
        host,
        `mkdir -p /etc/systemd/system/containerd.service.d
printf '[Service]\\nExecStart=\\nExecStart=/usr/bin/containerd --config /root/other.toml\\n' >/etc/systemd/system/containerd.service.d/lab.conf
printf 'version = 2\\n[plugins."${CRI}"]\\nstream_idle_timeout = "never"\\n' >/root/other.toml
systemctl daemon-reload`,
      );
      // In the first seconds it may answer yet.
      const soon = await planAfterRestart(host);
      expect(await on(host, 'systemctl is-active containerd')).toBe('active');
      expect(flat(soon)).toMatch(/cri:containerd.service .* invalid stream idle timeout.* -> answers CRI/);
      expect(flat(soon)).not.toContain('CRI: containerd.service');
      await setTimeout(STARTING_MS);
      const planned = await cluster.slipway('plan', ...ONLY, '--limit', host);
      expect(planned.code).toBe(1);
      expect(flat(planned)).toMatch(
        /CRI: containerd.service does not answer CRI .* invalid stream idle timeout/,
      );
      await on(
        host,
        'rm -r /etc/systemd/system/containerd.service.d; systemctl daemon-reload; systemctl restart containerd',
      );
      expect((await cluster.slipway('plan', ...ONLY, '--limit', host)).stdout).toContain('No changes');
    });

    it('is foreseen in a drop-in of somebody else', async () => {
      await on(
        't1',
        `mkdir -p /etc/containerd/conf.d; printf 'version = 2\\n[plugins."${CRI}".registry.mirrors."docker.io"]\\nendpoint = ["https://mirror.lab"]\\n' >${DROP_IN}`,
      );
      const planned = await cluster.slipway('plan', ...ONLY, '--limit', 't1');
      expect(planned.code).toBe(1);
      expect(flat(planned)).toContain(`${DROP_IN} sets registry.mirrors`);
      await on('t1', `rm ${DROP_IN}`);
    });
  },
);

const flat = ({ stdout, stderr }: Pick<Outcome, 'stdout' | 'stderr'>): string =>
  `${stdout}\n${stderr}`.replaceAll(/\s+/g, ' ');
