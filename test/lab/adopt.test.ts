import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { env } from 'node:process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';

import { defaultKubernetesVersion as version } from '../../scripts/lab/kubernetes-repository.ts';
import { labInventory, standInManifest } from '../../scripts/lab/lab-inventory.ts';
import { labUnavailable } from '../../scripts/lab/lab-unavailable.ts';
import { LabCluster } from './support/lab-cluster.ts';

const reason = labUnavailable();

describe.skipIf(reason !== undefined)(
  `a cluster that a script has made${reason ? ` (skipped: ${reason})` : ''}`,
  () => {
    let cluster: LabCluster;
    /** What only hosts of the lab need, as an inventory on top. */
    let onTop: readonly string[] = [];
    beforeAll(async () => {
      cluster = await LabCluster.start([{ name: 'cp1' }, { name: 'w1' }]);
      const { lab } = cluster;
      const url = `${lab.repositoryUrl}/core:/stable:/v${version.replace(/\.\d+$/, '')}/deb`;
      const script = fileURLToPath(new URL('../../scripts/bench/cold-script.sh', import.meta.url));
      const [program = '', ...args] = lab.inNetwork([script, 'usual']);
      const child = spawn(program, args, {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          ...env,
          HOSTS: lab.hosts.map(({ address }) => address).join(' '),
          SSH: `ssh -i ${lab.identityFile} -o UserKnownHostsFile=${lab.knownHostsFile} -o BatchMode=yes -l root`,
          VERSION: version,
          REPOSITORY: url,
          KEY_URL: `${url}/Release.key`,
          NETWORK: lab.web.serve('/network.yaml', await standInManifest('calico-stand-in.yaml')),
        },
      });
      const [, complaints, [code]] = await Promise.all([
        text(child.stdout),
        text(child.stderr),
        once(child, 'close'),
      ]);
      if (code !== 0) throw new Error(`the script ended with ${String(code)}: ${complaints}`);
      const { kubernetes, runtime } = parse(await labInventory(lab)) as Record<
        string,
        Record<string, unknown>
      >;
      const overlay = join(cluster.directory, 'lab.yaml');
      const { repository } = kubernetes ?? {};
      await writeFile(overlay, stringify({ kubernetes: { repository }, runtime }));
      onTop = ['-i', overlay];
      await rm(cluster.inventory);
    });
    afterAll(() => cluster?.[Symbol.asyncDispose]());

    it('is adopted, and its plan destroys nothing', async () => {
      const { lab, inventory } = cluster;
      const before = await lab.filesystemDigest('cp1');
      const login = ['--known-hosts', lab.knownHostsFile, '--identity-file', lab.identityFile];
      const address = lab.hosts[0]?.address ?? '';
      const adopted = await cluster.slipway('adopt', address, ...login);
      expect(adopted.code, adopted.stderr).toBe(0);
      const written = await readFile(inventory, 'utf8');
      expect(written).toContain(`version: '${version}'`);
      expect(written).toContain('- name: w1');
      const again = await cluster.slipway('adopt', address, ...login);
      expect([again.code, again.stderr]).toEqual([3, expect.stringContaining('is there already')]);

      const planned = await cluster.slipway('plan', ...onTop);
      expect(planned.code, planned.stdout + planned.stderr).toBe(0);
      const { nodes } = await cluster.plan(...onTop);
      expect(nodes.filter(({ outcome }) => outcome.answer === 'refused')).toEqual([]);
      const effects = nodes.flatMap(({ outcome }) =>
        outcome.answer === 'change' ? [outcome.effects ?? {}] : [],
      );
      expect(effects.flatMap(({ destroys = [], drains = [] }) => [...destroys, ...drains])).toEqual([]);
      const changed = nodes.flatMap(({ id, outcome }) => (outcome.answer === 'change' ? [id] : []));
      expect(changed.filter((id) => /kubeadm-(init|join|reset)|removed/.test(id))).toEqual([]);
      expect(changed.length, changed.join('\n')).toBeLessThan(60);
      expect(await lab.filesystemDigest('cp1')).toBe(before);
    });

    it('is slipway’s own after one apply, with the nodes that it had', async () => {
      const nodes = async () =>
        (await cluster.lab.exec('cp1', 'kubectl --kubeconfig /etc/kubernetes/admin.conf get nodes -o name'))
          .stdout;
      const before = await nodes();
      const applied = await cluster.slipway('apply', '--yes', ...onTop);
      expect(applied.code, applied.stdout + applied.stderr).toBe(0);
      const left = (await cluster.plan(...onTop)).nodes.filter(({ outcome }) => outcome.answer !== 'none');
      expect(left).toEqual([]);
      expect(await nodes()).toBe(before);
    });
  },
);
