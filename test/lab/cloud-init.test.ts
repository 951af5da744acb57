import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { labUnavailable } from '../../scripts/lab/lab-unavailable.ts';
import { LabCluster } from './support/lab-cluster.ts';

/** Nothing of the host is for cloud-init to change: it runs what `runcmd` says, and no more. */
const SETTINGS = `datasource_list: [NoCloud]
network: {config: disabled}
preserve_hostname: true
ssh_deletekeys: false
apt_preserve_sources_list: true
users: []
cloud_init_modules: []
cloud_config_modules: [runcmd]
cloud_final_modules: [scripts-user]
`;
const UNITS = 'cloud-init-local cloud-init-main cloud-init-network cloud-init cloud-config cloud-final';
const START = `units=; for unit in ${UNITS}; do systemctl cat "$unit.service" >/dev/null 2>&1 && units="$units $unit"; done`;

const reason = labUnavailable();

describe.skipIf(reason !== undefined)(
  `hosts that cloud-init sets up${reason ? ` (skipped: ${reason})` : ''}`,
  () => {
    const HOSTS = ['cp1', 'w1'] as const;
    let cluster: LabCluster;
    beforeAll(async () => {
      cluster = await LabCluster.start([{ name: 'cp1' }, { name: 'w1', suite: 'trixie' }], {
        overlay: { defaults: { packages: ['tree'] } },
      });
      await everywhere('apt-get update -q && apt-get install -qy --no-install-recommends cloud-init');
    });
    afterAll(() => cluster?.[Symbol.asyncDispose]());

    const everywhere = async (script: string): Promise<readonly string[]> =>
      Promise.all(
        HOSTS.map(async (host) => (await cluster.lab.exec(host, 'sh', { input: script })).stdout.trim()),
      );
    /** Starts cloud-init as a boot does, with a command of the shell that it runs. */
    const start = (id: string, command: string): Promise<unknown> =>
      everywhere(`mkdir -p /var/lib/cloud/seed/nocloud
cat >/etc/cloud/cloud.cfg.d/99-lab.cfg <<'END'
${SETTINGS}END
echo 'instance-id: lab-${id}' >/var/lib/cloud/seed/nocloud/meta-data
printf '#cloud-config\\nruncmd: [[sh, -c, "${command}"]]\\n' >/var/lib/cloud/seed/nocloud/user-data
${START}
systemctl stop $units
cloud-init clean >/dev/null
# systemd's generator has found no cloud, and says so here.
mkdir -p /run/cloud-init; rm -f /run/cloud-init/disabled /run/cloud-init/cloud.cfg; touch /run/cloud-init/enabled
# The stages of one process speak to it, and nothing but a boot has it listen before they do.
case $units in *main*) systemctl start cloud-init-main ;; esac
systemctl start --no-block $units
for i in $(seq 100); do cloud-init status | grep -q running && exit; sleep 0.1; done; cloud-init status --long; exit 1`);
    const ONLY = ['--only', 'preflight,host'];
    const apply = async (...reactions: Parameters<LabCluster['slipwayWhile']>[0]) => {
      const { code, stdout, stderr } = await cluster.slipwayWhile(reactions, 'apply', '--yes', ...ONLY);
      return { code, text: `${stdout}\n${stderr}`.replaceAll(/\s+/g, ' ') };
    };

    it('are not waited for where it is installed and has not run', async () => {
      const { stdout } = await cluster.slipway('plan', '--only', 'preflight');
      expect(stdout).toContain('No changes');
    });

    it('are waited for once, and that is planned and told', async () => {
      await start('waits', 'until [ -e /run/lab-go ]; do sleep 0.2; done');
      const planned = await cluster.slipway('plan', ...ONLY);
      expect(planned.stdout).toMatch(/cloud-init .*running.* -> ended/);
      const bothWait = HOSTS.map((host) => `(?=[^]*${host}\\s+preflight\\s+cloud-init\\s+waits)`).join('');
      const { code, text } = await apply({
        seen: new RegExp(bothWait),
        act: () => everywhere('touch /run/lab-go'),
      });
      expect(code, text).toBe(0);
      for (const host of HOSTS) {
        expect(text).toMatch(
          new RegExp(`${host} preflight cloud-init waits up to 5m 00s: cloud-init is running`),
        );
      }
      expect(await everywhere('cloud-init status')).toEqual(['status: done', 'status: done']);
      expect(await everywhere('command -v tree')).toEqual(['/usr/bin/tree', '/usr/bin/tree']);
    });

    it('are gone on with where that is ignored, or where it was killed', async () => {
      await start('sleeps', 'sleep 10000');
      await cluster.writeInventory({
        overlay: { defaults: { packages: ['tree', 'bc'] }, ignoreChecks: ['CloudInit'] },
      });
      const ignored = await apply();
      expect(ignored.code, ignored.text).toBe(0);
      expect(await everywhere('command -v bc')).toEqual(['/usr/bin/bc', '/usr/bin/bc']);
      await everywhere(`${START}; systemctl kill -s KILL $units; sleep 1`);
      await cluster.writeInventory({ overlay: { defaults: { packages: ['tree', 'bc'] } } });
      const { stdout } = await cluster.slipway('plan', ...ONLY);
      expect(stdout).toContain('No changes');
    });
  },
);
