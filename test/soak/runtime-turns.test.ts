import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { labUnavailable } from '../../scripts/lab/lab-unavailable.ts';
import { serveCrioRepository } from '../../scripts/lab/stand-ins/runtimes/packages.ts';
import { serveCriDockerd, type ServedRelease } from '../../scripts/lab/stand-ins/runtimes/releases.ts';
import { LabCluster, type Outcome } from '../lab/support/lab-cluster.ts';

const PHASES = 'preflight,kernel,runtime';
const ONLY = ['--only', PHASES];
const HOSTS = ['d1', 'd2', 'c1', 'c2'] as const;
type Name = (typeof HOSTS)[number];

/** What each runtime reads, and its units. */
const RUNTIMES = {
  docker: { file: '/etc/docker/daemon.json', units: ['docker', 'cri-docker'], turns: [['d2'], ['d1']] },
  crio: { file: '/etc/crio/crio.conf.d/90-slipway.conf', units: ['crio'], turns: [['c1'], ['c2']] },
} as const;
type Daemon = keyof typeof RUNTIMES;

const reason = labUnavailable();

/** d1 and d2: Debian's Docker and a stand-in for cri-dockerd; c1 and c2: a stand-in for CRI-O. */
describe.skipIf(reason !== undefined)(
  `a setting that Docker, or CRI-O, does not survive${reason ? ` (skipped: ${reason})` : ''}`,
  () => {
    let cluster: LabCluster;
    let criDockerd: ServedRelease;
    let repository: Awaited<ReturnType<typeof serveCrioRepository>>;
    beforeAll(async () => {
      cluster = await LabCluster.start(HOSTS.map((name) => ({ name })));
      criDockerd = await serveCriDockerd(cluster.lab, 'tgz');
      repository = await serveCrioRepository(cluster.lab);
      await withSettings({});
    });
    afterAll(() => cluster?.[Symbol.asyncDispose]());

    const withSettings = (config: Partial<Record<Daemon, object>>): Promise<void> => {
      const docker = { runtime: { type: 'docker', downloads: { criDockerd }, config: config.docker ?? {} } };
      const crio = { runtime: { type: 'cri-o', repository, config: config.crio ?? {} } };
      return cluster.writeInventory({
        hosts: { d1: docker, d2: docker, c1: crio, c2: crio },
        overlay: { runtime: { config: undefined } },
      });
    };
    const apply = (): Promise<Outcome> => cluster.slipway('apply', '--yes', ...ONLY);
    const on = async (host: Name, command: string): Promise<string> =>
      (await cluster.lab.exec(host, command)).stdout.trim();
    /** Of each host: when the units were started, and what they read. */
    const look = async ({ file, units }: (typeof RUNTIMES)[Daemon]): Promise<readonly string[]> =>
      Promise.all(
        HOSTS.map((host) =>
          on(
            host,
            `systemctl show -p ExecMainStartTimestampMonotonic --value ${units.join(' ')}; cat ${file} 2>/dev/null || :; stat -c %y ${file} 2>/dev/null || :`,
          ),
        ),
      );
    const startOf = (host: Name, unit: string): Promise<number> =>
      on(host, `systemctl show -p ExecMainStartTimestampMonotonic --value ${unit}`).then(Number);

    it('comes to daemons that are not there yet on all hosts at once', async () => {
      expect((await cluster.plan(...ONLY)).rollouts).toBeUndefined();
      // The runtime is asked by a program of Kubernetes' packages.
      const { code, stdout, stderr } = await cluster.slipway(
        'apply',
        '--yes',
        '--only',
        `${PHASES},kubernetes`,
      );
      expect(code, `${stdout}\n${stderr}`).toBe(0);
    });

    it.each<readonly [string, Daemon, object, RegExp]>([
      [
        'Docker dies of it',
        'docker',
        { 'storage-driver': 'nosuch' },
        /storage-driver|driver not supported|nosuch/,
      ],
      ['Docker knows no such runtime', 'docker', { 'default-runtime': 'nosuch' }, /nosuch/],
      ['CRI-O dies of it', 'crio', { runtime: { default_runtime: 'kata' } }, /default_runtime set to/],
      [
        'CRI-O listens elsewhere',
        'crio',
        { api: { listen: '/run/crio/other.sock' } },
        /does not answer CRI|crio\.sock/,
      ],
    ])('touches one host, which is well again on its former file: %s', async (_, daemon, settings, words) => {
      const runtime = RUNTIMES[daemon];
      const [[first]] = runtime.turns;
      const before = await look(runtime);
      const text = await on(first, `cat ${runtime.file}`);
      await withSettings({ [daemon]: settings });
      expect((await cluster.plan(...ONLY)).rollouts).toEqual([{ daemon, batches: runtime.turns }]);
      const failed = await apply();
      expect(failed.code, flat(failed)).toBe(1);
      expect(flat(failed)).toMatch(words);
      expect(flat(failed)).toContain(`as before again, and ${daemon} is well on it`);
      expect(touched(before, await look(runtime))).toEqual([first]);
      expect(await on(first, `cat ${runtime.file}`)).toBe(text);
      expect(await on(first, `systemctl is-active ${runtime.units.join(' ')}`)).toBe(
        runtime.units.map(() => 'active').join('\n'),
      );
      expect(await on(first, 'ls -d /var/lib/slipway/former/* 2>/dev/null || :')).toBe('');
      await withSettings({});
      expect((await cluster.slipway('plan', ...ONLY)).stdout).toContain('No changes');
    });

    it.each<readonly [Daemon, object]>([
      ['docker', { 'storage-driver': 'nosuch' }],
      ['crio', { runtime: { default_runtime: 'kata' } }],
    ])('gives %s its former file back where nobody can ask it yet', async (daemon, settings) => {
      const runtime = RUNTIMES[daemon];
      const [[first]] = runtime.turns;
      const text = await on(first, `cat ${runtime.file}; mv /usr/bin/crictl /root/`);
      await withSettings({ [daemon]: settings });
      const failed = await apply();
      const now = await on(first, `mv /root/crictl /usr/bin/; cat ${runtime.file}`);
      expect(failed.code, flat(failed)).toBe(1);
      expect(flat(failed)).toContain(`as before again, and ${daemon} runs on it, and cannot be asked yet`);
      expect(now).toBe(text);
      await withSettings({});
      expect((await cluster.slipway('plan', ...ONLY)).stdout).toContain('No changes');
    });

    it('goes over all hosts, one after the other, once it is put right', async () => {
      const before = await Promise.all([look(RUNTIMES.docker), look(RUNTIMES.crio)]);
      await withSettings({
        docker: { 'shutdown-timeout': 20 },
        crio: { runtime: { log_level: 'debug' } },
      });
      const { code, stdout, stderr } = await apply();
      expect(code, `${stdout}\n${stderr}`).toBe(0);
      const after = await Promise.all([look(RUNTIMES.docker), look(RUNTIMES.crio)]);
      expect(touched(before[0], after[0])).toEqual(['d1', 'd2']);
      expect(touched(before[1], after[1])).toEqual(['c1', 'c2']);
      expect(await startOf('d2', 'docker')).toBeLessThan(await startOf('d1', 'docker'));
      expect(await startOf('c1', 'crio')).toBeLessThan(await startOf('c2', 'crio'));
      expect((await cluster.slipway('plan', ...ONLY)).stdout).toContain('No changes');
    });
  },
);

const touched = (before: readonly string[], after: readonly string[]): readonly string[] =>
  HOSTS.filter((_, index) => before[index] !== after[index]);

const flat = ({ stdout, stderr }: Pick<Outcome, 'stdout' | 'stderr'>): string =>
  `${stdout}\n${stderr}`.replaceAll(/\s+/g, ' ');
