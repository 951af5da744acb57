import { HAPROXY_CONFIG, haproxyConfig } from '#configuration/load-balancer.ts';
import type { Cluster } from '#core/cluster.ts';
import type { KeepalivedBalancer, LocalBalancer } from '#core/load-balancer.ts';
import { type Resource, resource } from '#core/resource.ts';
import { daemonHealth } from '#facts/daemon-health.ts';
import { fileContent } from '#facts/file.ts';
import { changesOf, type DaemonDefinition } from '#resources/host/daemon.ts';
import { unit } from '#resources/host/unit.ts';

import { daemonAnswers } from './daemon-answers.ts';
import { diffOwned } from './owned-configuration.ts';

const UNIT = 'haproxy.service';

/**
 * haproxy, which leads from its port to the API servers that are ready. Where it is restarted with other servers, hosts
 * take turns, and one on which it does not come up gets its former servers back.
 */
export function haproxy(
  cluster: Cluster,
  balancer: LocalBalancer | KeepalivedBalancer,
  phase: string,
): readonly Resource[] {
  const { port } = balancer;
  const daemon: DaemonDefinition = {
    name: 'haproxy',
    units: [UNIT],
    files: [HAPROXY_CONFIG],
    health: daemonHealth(UNIT, port),
  };
  const content = haproxyConfig(cluster, balancer);
  return changesOf(
    daemon,
    [
      resource({
        address: `file:${HAPROXY_CONFIG}`,
        facts: { found: fileContent(HAPROXY_CONFIG) },
        diff: ({ found }) =>
          diffOwned(found, {
            path: HAPROXY_CONFIG,
            content,
            program: 'haproxy',
            inUse: /^\s*(bind|listen|frontend)\s/m,
          }),
      }),
      unit({
        name: UNIT,
        isEnabled: true,
        isActive: true,
        restartOn: [`file:${HAPROXY_CONFIG}`],
        watches: [HAPROXY_CONFIG],
      }),
    ],
    daemonAnswers({ unit: UNIT, port, phase }),
  );
}
