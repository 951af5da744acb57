import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { labUnavailable } from '../../scripts/lab/lab-unavailable.ts';
import { LabCluster } from './support/lab-cluster.ts';

const KUBECTL = 'kubectl --kubeconfig /etc/kubernetes/admin.conf';
const PROGRAMS = ['/usr/local/bin/runsc', '/usr/local/bin/containerd-shim-runsc-v1', '/usr/bin/crun'];

const reason = labUnavailable();

/** containerd is Debian's own, and says itself what it makes of its configuration; the handlers' programs are stand-ins. */
describe.skipIf(reason !== undefined)(
  `handlers of containerd${reason ? ` (skipped: ${reason})` : ''}`,
  () => {
    let cluster: LabCluster;
    beforeAll(async () => {
      cluster = await LabCluster.start([{ name: 'cp1' }, { name: 'w1', suite: 'trixie' }]);
    });
    afterAll(() => cluster?.[Symbol.asyncDispose]());

    const on = async (host: string, script: string): Promise<string> =>
      (await cluster.lab.exec(host, 'sh', { input: script })).stdout.trim();
    const wants = (handlers?: object) =>
      cluster.writeInventory({
        ...(handlers !== undefined && { hosts: { w1: { runtime: { handlers } } } }),
        overlay: { runtime: { config: undefined }, addons: { prune: true } },
      });
    const slipway = async (code: number, ...words: readonly string[]): Promise<string> => {
      const { code: ended, stdout, stderr } = await cluster.slipway(...words);
      const said = `${stdout}\n${stderr}`;
      expect(ended, said).toBe(code);
      return said.replaceAll(/\s+/g, ' ');
    };

    it('without their programs are refused, host by host', { timeout: 300_000 }, async () => {
      await wants({ gvisor: { type: 'gvisor' }, crun: { type: 'crun' } });
      const said = await slipway(1, 'apply', '--yes');
      expect(said).toContain('nor /usr/local/bin/runsc, which runtime.handlers.gvisor runs');
      expect(await on('w1', '[ -e /etc/containerd/runsc.toml ] || echo absent')).toBe('absent');
    });

    it('are what containerd goes by, and pods find them', { timeout: 900_000 }, async () => {
      await on('w1', `for path in ${PROGRAMS.join(' ')}; do echo '#!/bin/sh' >$path; chmod 755 $path; done`);
      await slipway(0, 'apply', '--yes');
      const dump = await on('w1', 'containerd config dump');
      expect(dump).toContain('ConfigPath = "/etc/containerd/runsc.toml"');
      expect(dump).toContain('BinaryName = "/usr/bin/crun"');
      expect(await on('w1', 'cat /etc/containerd/runsc.toml')).toContain('systemd-cgroup = "true"');
      const classes = `${KUBECTL} get runtimeclasses -o jsonpath='{.items[*].metadata.name}'`;
      expect(await on('cp1', classes)).toBe('crun gvisor');
      const nodes = `${KUBECTL} get nodes -l slipway/runtime-gvisor=true -o jsonpath='{.items[*].metadata.name}'`;
      expect(await on('cp1', nodes)).toBe('w1');
      expect(await cluster.pending()).toEqual([]);
    });

    it('go with the inventory, their RuntimeClasses and labels too', { timeout: 600_000 }, async () => {
      await wants({ crun: { type: 'crun' } });
      await slipway(0, 'apply', '--yes');
      expect(await on('w1', 'containerd config dump')).not.toContain('runsc');
      const classes = `${KUBECTL} get runtimeclasses -o jsonpath='{.items[*].metadata.name}'`;
      expect(await on('cp1', classes)).toBe('crun');
      expect(await on('cp1', `${KUBECTL} get node w1 --show-labels`)).not.toContain('runtime-gvisor');
      expect(await cluster.pending()).toEqual([]);
    });
  },
);
