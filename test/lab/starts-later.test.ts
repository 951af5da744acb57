import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { labUnavailable } from '../../scripts/lab/lab-unavailable.ts';
import { LabCluster } from './support/lab-cluster.ts';
import { startsOf } from './support/starts-of.ts';

const HOSTS = [
  { name: 'cp1', suite: 'bookworm' },
  { name: 'w1', suite: 'trixie' },
  { name: 'w2', suite: 'bookworm' },
] as const;

/** dpkg stops there before it configures what it has unpacked. */
const SLOW = '/etc/dpkg/dpkg.cfg.d/slow';

const reason = labUnavailable();

describe.skipIf(reason !== undefined)(
  `services that packages would start before they are configured${reason ? ` (skipped: ${reason})` : ''}`,
  () => {
    let cluster: LabCluster;
    beforeAll(async () => {
      cluster = await LabCluster.start(HOSTS);
    });
    afterAll(() => cluster?.[Symbol.asyncDispose]());

    const on = async (host: string, command: string): Promise<string> =>
      (await cluster.lab.exec(host, command)).stdout.trim();
    const left = (host: string): Promise<string> =>
      on(host, 'ls -d /var/lib/slipway-apt /usr/sbin/policy-rc.d 2>/dev/null || :');

    it.each(['w1', 'w2'])('an apt that is killed in the middle on %s', async (host) => {
      await on(host, `echo 'pre-invoke=if [ "$DPKG_HOOK_ACTION" = configure ]; then sleep 977; fi' >${SLOW}`);
      const { stdout } = await cluster.applyUntil(
        `${host}/runtime/packages:containerd`,
        'runtime',
        async () => {
          // The script's own group first, then what apt has put into one of its own.
          await on(host, "until pgrep -xf 'sleep 977'; do sleep 0.05; done");
          await on(
            host,
            `for pid in $(pgrep -x apt-get) $(pgrep -xf 'sleep 977'); do kill -9 -- "-$(ps -o pgid= -p "$pid" | tr -d ' ')" || :; done`,
          );
        },
      );
      expect(stdout).toContain('not done:');
      await on(host, `rm ${SLOW}; ! pgrep -xl 'apt-get|dpkg'`);
      expect(await left(host)).toBe('/var/lib/slipway-apt');
      expect(await on(host, "dpkg-query -W -f '${db:Status-Status}' containerd")).toBe('unpacked');
      expect(await startsOf(cluster, host, 'containerd')).toBe(0);
    });

    it('leaves a host on which its owner installs as always: what comes is started', async () => {
      await on('w1', 'dpkg --configure -a && apt-get install -y -q keepalived haproxy');
      expect(await on('w1', 'systemctl is-active containerd haproxy')).toBe('active\nactive');
    });

    it('and the next run converges, and takes away what is left', async () => {
      const { code, stdout, stderr } = await cluster.slipway('apply', '--yes');
      expect(code, `${stdout}\n${stderr}`).toBe(0);
      expect(await cluster.pending()).toEqual([]);
      expect(await Promise.all(HOSTS.map(({ name }) => left(name)))).toEqual(['', '', '']);
    });

    it('a runtime is started once, on its configuration', async () => {
      expect(await startsOf(cluster, 'cp1', 'containerd')).toBe(1);
      expect(await startsOf(cluster, 'w2', 'containerd')).toBe(1);
    });
  },
);
