import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { labUnavailable } from '../../scripts/lab/lab-unavailable.ts';
import { deployment, yaml } from './support/addon-files.ts';
import { LabCluster } from './support/lab-cluster.ts';
import { logPrograms, seenBySshd } from './support/ssh-log.ts';

const APPLY_ADDONS = ['apply', '--yes', '--only', 'addons', '--format', 'ndjson'] as const;
const KUBECTL = 'kubectl --kubeconfig /etc/kubernetes/admin.conf';
/** Calico's images cannot be had there: the lab has a network of its own for real nodes. */
const NO_NETWORK = { plugin: 'none', version: null, manifest: null, ipAutodetection: null };
const WAIT_MS = 30_000;
const reason = labUnavailable();

/** Pods that run wherever a node is not cordoned. */
const web = (name: string): object => {
  const { spec, ...rest } = deployment('default', name);
  const tolerations = ['control-plane', 'master'].map((role) => ({
    key: `node-role.kubernetes.io/${role}`,
    operator: 'Exists',
  }));
  return {
    ...rest,
    spec: { ...spec, template: { ...spec.template, spec: { ...spec.template.spec, tolerations } } },
  };
};

describe.skipIf(reason !== undefined)(
  `a wait of half a minute${reason ? ` (skipped: ${reason})` : ''}`,
  () => {
    let cluster: LabCluster;
    const exec = async (command: string): Promise<string> =>
      (await cluster.lab.exec('cp1', command)).stdout.trim();
    beforeAll(async () => {
      cluster = await LabCluster.start([{ name: 'cp1' }]);
      await write([]);
      const { code, stdout, stderr } = await cluster.slipway('apply', '--yes');
      if (code !== 0) throw new Error(`${stdout}\n${stderr}`);
      await logPrograms(cluster.lab);
    });
    afterAll(() => cluster?.[Symbol.asyncDispose]());

    const write = async (names: readonly string[]): Promise<void> => {
      mkdirSync(join(cluster.directory, 'manifests'), { recursive: true });
      for (const name of names)
        writeFileSync(join(cluster.directory, `manifests/${name}.yaml`), yaml(web(name)));
      const manifests = names.map((name) => ({ name, path: `manifests/${name}.yaml` }));
      const addons = names.length === 0 ? {} : { addons: { manifests } };
      await cluster.writeInventory({
        overlay: { ...addons, ...(process.env['SLIPWAY_LAB_REPO'] && { network: NO_NETWORK }) },
      });
    };

    /** Applies a Deployment whose pod may run after half a minute, and says what that took. */
    const waitFor = async (name: string) => {
      await write([name]);
      await exec(`${KUBECTL} cordon cp1`);
      let [readyMs, lookMs, knownMs] = [0, 0, 0];
      const release = async (): Promise<void> => {
        await sleep(WAIT_MS);
        const get = `${KUBECTL} get deployment ${name} -o jsonpath={.status.availableReplicas}`;
        const clocks = await exec(
          `${KUBECTL} uncordon cp1 >&2; until [ "$(${get})" = 1 ]; do sleep 0.05; done; date +%s%3N; ${get} >&2; date +%s%3N`,
        );
        const [before = 0, after = 0] = clocks.split('\n').map(Number);
        [readyMs, lookMs] = [before, after - before];
      };
      const seen = await seenBySshd(cluster.lab, async () => {
        const { code, stdout, stderr } = await cluster.slipwayWhile(
          [
            {
              seen: new RegExp(`"node-waiting".*manifest:${name}`),
              act: release,
            },
            {
              seen: new RegExp(`"node-finished".*manifest:${name}`),
              act: () => void (knownMs = Date.now()),
            },
          ],
          ...APPLY_ADDONS,
        );
        expect(code, `${stdout}\n${stderr}`).toBe(0);
      });
      return { programs: seen.get('cp1')?.programs ?? 0, lateMs: knownMs - readyMs, lookMs };
    };
    const followers = (): Promise<string> => exec(`pgrep -af '[n]o_ign_eof' || :`);

    it('is told of by the API server: it takes few programs, and is over as soon as it may be', async () => {
      const { programs, lateMs, lookMs } = await waitFor('web');
      // Looked at once a second it took 33. It takes 20, and 25 where Kubernetes itself writes much at first.
      expect(programs).toBeLessThan(29);
      // To look takes slipway longer on a slow machine, as it does kubectl.
      expect(lateMs).toBeLessThan(1500 + 5 * lookMs);
      expect(await followers()).toBe('');
    });

    it('leaves nothing on the host where the run is killed', async () => {
      await write(['web', 'other']);
      await exec(`${KUBECTL} cordon cp1`);
      const waiting = cluster.slipwayUntil(
        /(?:"node-waiting".*manifest:other[^]*){2}/,
        'SIGKILL',
        ...APPLY_ADDONS,
      );
      await expect.poll(followers, { timeout: 60_000 }).toMatch(/s_client/);
      await waiting;
      // They would end by themselves after 8 to 10 s.
      await expect.poll(followers, { timeout: 7000 }).toBe('');
      await exec(`${KUBECTL} uncordon cp1`);
    });
  },
);
