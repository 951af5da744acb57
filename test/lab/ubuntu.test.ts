import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { labUnavailable } from '../../scripts/lab/lab-unavailable.ts';
import { becomeUbuntu } from '../../scripts/lab/stand-ins/ubuntu.ts';
import { LabCluster } from './support/lab-cluster.ts';

const reason = labUnavailable();

describe.skipIf(reason !== undefined)(
  `a cluster on stand-ins for Ubuntu${reason === undefined ? '' : ` (skipped: ${reason})`}`,
  () => {
    let cluster: LabCluster;
    beforeAll(async () => {
      cluster = await LabCluster.start([{ name: 'cp1' }, { name: 'w1', suite: 'trixie' }]);
      await Promise.all([
        becomeUbuntu(cluster.lab, 'cp1', { version: '24.04', codename: 'noble' }),
        becomeUbuntu(cluster.lab, 'w1', { version: '26.04', codename: 'resolute' }, 'sudo-rs'),
      ]);
      await cluster.writeInventory({
        hosts: { cp1: { os: 'ubuntu 24.04' }, w1: { os: 'ubuntu 26.04', user: 'debian' } },
      });
    });
    afterAll(() => cluster?.[Symbol.asyncDispose]());

    const on = async (host: string, command: string): Promise<string> =>
      (await cluster.lab.exec(host, command)).stdout.trim();
    const slipway = async (...words: readonly string[]) => {
      const { code, stdout, stderr } = await cluster.slipway(...words);
      return { code, output: `${stdout}${stderr}`.replaceAll(/\s+/g, ' ') };
    };

    it('is refused with a snap that would be a node of its own', async () => {
      await on('w1', 'mkdir -p /snap/microk8s/7000 && ln -sfn 7000 /snap/microk8s/current');
      const refused = await slipway('plan');
      await on('w1', 'rm -r /snap');
      expect(refused.code).toBe(1);
      expect(refused.output).toContain('Snap: there is the snap microk8s');
    });

    it('comes up: from one file of sources in deb822, with needrestart there, through the sudo in Rust', async () => {
      expect(await on('w1', 'sudo --version 2>&1')).toMatch(/^sudo-rs /);
      const { code, output } = await slipway('apply', '--yes');
      expect(code, output).toBe(0);
      const nodes = await on('cp1', 'kubectl --kubeconfig /etc/kubernetes/admin.conf get nodes');
      expect(nodes.split('\n').filter((line) => /\sReady\s/.test(line))).toHaveLength(2);
      // What is Ubuntu's stays as it was.
      expect(await on('w1', 'ls /etc/apt/sources.list.d')).toBe('kubernetes.list\nubuntu.sources');
    });

    it('says what is upgraded under running pods by itself, and how that is kept for an hour of one’s own', async () => {
      const { output } = await slipway('plan');
      expect(output).toMatch(/unattended-upgrades may upgrade .*runc.* under running pods/);
    });

    it('has nothing left to do afterwards, and mends a drift', async () => {
      expect(await cluster.pending()).toEqual([]);
      await on('cp1', 'apt-mark unhold kubelet; swapoff -a; sysctl -qw net.ipv4.ip_forward=0');
      expect(await cluster.pending()).not.toEqual([]);
      const { code, output } = await slipway('apply', '--yes');
      expect(code, output).toBe(0);
      expect(await cluster.pending()).toEqual([]);
      expect(await on('cp1', 'apt-mark showhold')).toContain('kubelet');
    });
  },
);
