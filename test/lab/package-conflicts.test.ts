import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { labUnavailable } from '../../scripts/lab/lab-unavailable.ts';
import {
  serveDockerRepository,
  type ServedRepository,
} from '../../scripts/lab/stand-ins/runtimes/packages.ts';
import { LabCluster, type Outcome } from './support/lab-cluster.ts';

const ONLY = ['--only', 'preflight,runtime'];
const INSTALLED = `dpkg-query -W -f='\${Package} \${db:Status-Abbrev}\\n' docker-ce containerd.io containerd 2>/dev/null || :`;

const reason = labUnavailable();

/** d1 has Docker from Docker's repository, as a person installs it, and nothing of it is held. */
describe.skipIf(reason !== undefined)(
  `packages that stand against each other${reason ? ` (skipped: ${reason})` : ''}`,
  () => {
    let cluster: LabCluster;
    let repository: ServedRepository;
    beforeAll(async () => {
      cluster = await LabCluster.start([{ name: 'd1' }]);
      repository = await serveDockerRepository(cluster.lab);
      await on(`echo 'deb [trusted=yes] ${repository.url}/debian bookworm stable' >/etc/apt/sources.list.d/mine.list
export DEBIAN_FRONTEND=noninteractive; apt-get update -qq && apt-get install -y -qq --no-install-recommends docker-ce docker-ce-cli containerd.io >/dev/null
mkdir -p /srv/containers; systemctl is-active docker`);
    });
    afterAll(() => cluster?.[Symbol.asyncDispose]());

    const on = async (script: string): Promise<string> =>
      (await cluster.lab.exec('d1', 'sh', { input: script })).stdout.trim();
    const withRuntime = (runtime: object): Promise<void> =>
      cluster.writeInventory({ hosts: { d1: { runtime } }, overlay: { runtime: { config: undefined } } });

    it('are named in the plan, and none is removed', async () => {
      await withRuntime({});
      const before = await on(INSTALLED);
      expect(before).toContain('docker-ce ii');
      for (const verb of [['plan'], ['apply', '--yes']]) {
        const refused = await cluster.slipway(...verb, ...ONLY);
        expect(refused.code).toBe(1);
        expect(flat(refused)).toMatch(
          /PackageConflict: to install containerd, .*docker-ce \S+ would be removed/,
        );
        expect(flat(refused)).toContain('runtime.source: docker');
      }
      expect(await on(INSTALLED)).toBe(before);
      expect(await on('systemctl is-active docker')).toBe('active');
    });

    it('stay where the way out that was named is taken', async () => {
      await on('rm /etc/apt/sources.list.d/mine.list');
      await withRuntime({ source: 'docker', repository });
      const { code, stdout, stderr } = await cluster.slipway('apply', '--yes', ...ONLY);
      expect(code, `${stdout}\n${stderr}`).toBe(0);
      expect(await on(INSTALLED)).toMatch(/containerd\.io [ih]i\s+docker-ce [ih]i/);
      expect((await cluster.slipway('plan', ...ONLY)).stdout).toContain('No changes');
    });

    it('are installed though another repository of the host is gone', async () => {
      await on(`echo 'deb [trusted=yes] ${repository.url}/gone bookworm stable' >/etc/apt/sources.list.d/gone.list
export DEBIAN_FRONTEND=noninteractive; apt-get purge -y -qq --allow-change-held-packages containerd.io docker-ce >/dev/null
rm -rf /var/lib/apt/lists/* /run/slipway-package-index`);
      expect(
        await on('apt-get update -q -o APT::Update::Error-Mode=any >/dev/null 2>&1 || echo failed'),
      ).toBe('failed');
      await on('rm -rf /var/lib/apt/lists/*');
      const { code, stdout, stderr } = await cluster.slipway('apply', '--yes', ...ONLY);
      expect(code, `${stdout}\n${stderr}`).toBe(0);
      expect(await on(INSTALLED)).toMatch(/containerd\.io [ih]i/);
    });
  },
);

const flat = ({ stdout, stderr }: Pick<Outcome, 'stdout' | 'stderr'>): string =>
  `${stdout}\n${stderr}`.replaceAll(/\s+/g, ' ');
