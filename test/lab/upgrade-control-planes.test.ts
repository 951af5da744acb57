import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { kubernetesMinor } from '#catalog/kubernetes.ts';

import { labInventorySettings } from '../../scripts/lab/inventory-settings.ts';
import { labUnavailable } from '../../scripts/lab/lab-unavailable.ts';
import { LabCluster, type Outcome } from './support/lab-cluster.ts';
import { nodesSeen } from './support/nodes-seen.ts';
import { loadBalancer } from './support/load-balancer-process.ts';

const isReal = Boolean(process.env['SLIPWAY_LAB_REPO']);
const FROM = '1.34.9';
const TO = '1.35.6';
const CONTROL_PLANES = ['cp1', 'cp2', 'cp3'] as const;
const WORKERS = ['w1', 'w2'] as const;
const ALL = [...CONTROL_PLANES, ...WORKERS];
const KUBECTL = 'kubectl --kubeconfig /etc/kubernetes/admin.conf';
const WATCH = join(import.meta.dirname, 'support', 'watch-api-servers.ts');

/** Two pods, of which none may go. */
const GUARDED = {
  apiVersion: 'v1',
  kind: 'List',
  items: [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'shop' },
      spec: {
        replicas: 2,
        selector: { matchLabels: { app: 'shop' } },
        template: {
          metadata: { labels: { app: 'shop' } },
          spec: {
            containers: [
              { name: 'shop', image: `registry.k8s.io/pause:${kubernetesMinor(FROM)?.pause ?? ''}` },
            ],
          },
        },
      },
    },
    {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'shop' },
      spec: { minAvailable: 2, selector: { matchLabels: { app: 'shop' } } },
    },
  ],
};

const reason = labUnavailable();

describe.skipIf(reason !== undefined)(
  `an upgrade of three control planes and two workers${reason ? ` (skipped: ${reason})` : ''}`,
  () => {
    let cluster: LabCluster;
    let balancer: ChildProcess;

    const on = async (host: string, command: string, input = ''): Promise<string> =>
      (await cluster.lab.exec(host, command, { input })).stdout.trim();
    const apply = (): Promise<Outcome> => cluster.slipway('apply', '--yes');
    const want = (version: string, upgrade: object = {}): Promise<void> =>
      cluster.writeInventory({
        version,
        controlPlanes: CONTROL_PLANES,
        overlay: {
          upgrade: { snapshot: isReal, pauseAfter: ['role:control-plane'], ...upgrade },
          kubernetes: {
            controlPlaneEndpoint: `${cluster.lab.gateway}:6443`,
            kubelet: labInventorySettings.kubeletOnCgroupV1,
          },
        },
      });

    const nodes = (): Promise<readonly string[]> => nodesSeen(cluster);

    /** For how many milliseconds none, one, two or all API servers were away during some work. */
    async function watched(work: () => Promise<unknown>): Promise<readonly number[]> {
      const addresses = cluster.lab.hosts.slice(0, 3).map(({ address }) => address);
      const [program = '', ...args] = cluster.lab.inNetwork([process.execPath, WATCH, ...addresses]);
      const watch = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
      let said = '';
      watch.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
      const startedAt = performance.now();
      try {
        await work();
      } finally {
        watch.kill('SIGTERM');
        await once(watch, 'close');
      }
      const seconds = Math.round((performance.now() - startedAt) / 1000);
      process.stdout.write(`${seconds} s, the API servers, watched: ${said}\n`);
      return (JSON.parse(said) as { awayMs: readonly number[] }).awayMs;
    }

    beforeAll(async () => {
      const versions = isReal ? undefined : [FROM, TO];
      cluster = await LabCluster.start(
        ALL.map((name) => ({ name })),
        {},
        versions,
      );
      balancer = await loadBalancer(
        cluster.lab,
        cluster.lab.hosts.slice(0, 3).map(({ address }) => address),
      );
    });
    afterAll(async () => {
      balancer?.kill();
      await cluster?.[Symbol.asyncDispose]();
    });

    it('begins with a cluster of the old version', async () => {
      await want(FROM);
      const { code, stdout, stderr } = await apply();
      expect(code, `${stdout}\n${stderr}`).toBe(0);
    });

    it.each([
      ['kubeadm-upgrade', '4000'],
      ['drain:', '300'],
      ['packages:kubelet', '1500'],
      ['kubelet-version', '500'],
      ['uncordon:', '0'],
    ])('killed while %s is under way, it is gone on with', async (address, delayMs) => {
      await want(TO);
      const kill = (): Promise<Outcome> => cluster.script('killed-run.ts', 'upgrade', address, delayMs);
      let killed = await kill();
      // What was killed a moment ago may still restart an API server: a run that meets that ends, says so, and is begun again.
      if (killed.code !== null) {
        process.stdout.write(
          `not killed, but ended with ${killed.code}:\n${killed.stdout}\n${killed.stderr}\n`,
        );
        killed = await kill();
      }
      expect(killed, `${killed.stdout}\n${killed.stderr}`).toMatchObject({ code: null });
      process.stdout.write(`killed at ${killed.stdout.trim()}\n`);
    });

    it('goes over all control planes, never with two API servers away, and pauses', async () => {
      const awayMs = await watched(async () => {
        const { code, stdout, stderr } = await apply();
        expect(code, `${stdout}\n${stderr}`).toBe(0);
        expect(stdout).toContain('Paused:');
        expect(stdout).toContain('upgrade.pauseAfter: role:control-plane');
      });
      expect(awayMs.slice(2).every((time) => time === 0)).toBe(true);
      expect(await nodes()).toEqual(ALL.map((name) => `${name} v${name.startsWith('w') ? FROM : TO} True`));
    });

    it('names the budget that lets no pod go, fails at the drain, and is done once it is gone', async () => {
      await on('cp1', `${KUBECTL} create -f -`, JSON.stringify(GUARDED));
      const available = `${KUBECTL} get deployment shop -o jsonpath={.status.availableReplicas}`;
      await expect.poll(() => on('cp1', available), { timeout: 60_000 }).toBe('2');
      await want(TO, { drain: { timeout: 15 } });
      const { stdout: plan } = await cluster.slipway('plan');
      expect(plan.replaceAll(/\s+/g, ' ')).toContain(
        'PodDisruptionBudget default/shop lets no pod go now: the drain of',
      );
      const failed = await apply();
      expect(failed.code, failed.stdout).toBe(1);
      expect(failed.stdout).toMatch(/upgrade +drain:w/);
      const cordoned = await nodes();
      expect(cordoned.filter((line) => line.endsWith('true true'))).toHaveLength(1);
      await on('cp1', `${KUBECTL} delete poddisruptionbudget shop`);
      const { code, stdout, stderr } = await apply();
      expect(code, `${stdout}\n${stderr}`).toBe(0);
      expect(await nodes()).toEqual(ALL.map((name) => `${name} v${TO} True`));
      expect(await cluster.pending()).toEqual([]);
    });
  },
);
