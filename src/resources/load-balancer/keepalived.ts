import {
  KEEPALIVED_CHECK,
  KEEPALIVED_CONFIG,
  keepalivedCheck,
  keepalivedConfig,
  peerAddress,
} from '#configuration/load-balancer.ts';
import type { Cluster, Host } from '#core/cluster.ts';
import type { KeepalivedBalancer } from '#core/load-balancer.ts';
import { deferred, refused, type Resource, resource } from '#core/resource.ts';
import { unknown } from '#core/unknown.ts';
import { addresses, ownAddress } from '#facts/addresses.ts';
import { daemonHealth } from '#facts/daemon-health.ts';
import { fileContent } from '#facts/file.ts';
import { file } from '#resources/files/file.ts';
import { changesOf, type DaemonDefinition } from '#resources/host/daemon.ts';
import { unit } from '#resources/host/unit.ts';

import { daemonAnswers } from './daemon-answers.ts';
import { diffOwned } from './owned-configuration.ts';

const UNIT = 'keepalived.service';

/** Made once, and not once a host. */
const DAEMON: DaemonDefinition = {
  name: 'keepalived',
  units: [UNIT],
  files: [KEEPALIVED_CONFIG, KEEPALIVED_CHECK],
  health: daemonHealth(UNIT, null),
};

interface Place {
  readonly host: Host;
  /** In which it is made. */
  readonly phase: string;
}

/** keepalived, by which control planes agree on who of them has the virtual address. */
export const keepalived = (
  cluster: Cluster,
  balancer: KeepalivedBalancer,
  { host, phase }: Place,
): readonly Resource[] =>
  changesOf(
    DAEMON,
    [
      file({
        path: KEEPALIVED_CHECK,
        content: keepalivedCheck(balancer),
        mode: 0o755,
        isOwn: (text) => text.includes('\n# Written by slipway'),
      }),
      configuration(cluster, balancer, { host, phase }),
      unit({
        name: UNIT,
        isEnabled: true,
        isActive: true,
        restartOn: [`file:${KEEPALIVED_CONFIG}`, `file:${KEEPALIVED_CHECK}`],
        watches: [KEEPALIVED_CONFIG, KEEPALIVED_CHECK],
      }),
    ],
    daemonAnswers({ unit: UNIT, port: null, phase }),
  );

/** The interface is the one that has the host's own address, unless the inventory names it. */
function configuration(cluster: Cluster, balancer: KeepalivedBalancer, { host, phase }: Place): Resource {
  const address = peerAddress(host);
  return resource({
    address: `file:${KEEPALIVED_CONFIG}`,
    facts: {
      found: fileContent(KEEPALIVED_CONFIG),
      ...(balancer.interface === undefined && { all: addresses(), own: ownAddress(address) }),
    },
    diff: ({ found, all = [], own = [] }) => {
      const written = (on: string) =>
        diffOwned(found, {
          path: KEEPALIVED_CONFIG,
          content: keepalivedConfig(cluster, balancer, { host, interface: on }),
          program: 'keepalived',
          inUse: /^\s*vrrp_instance\s/m,
        });
      const on = balancer.interface ?? own[0]?.interface;
      if (on === undefined && all.length === 0) {
        const later = written(unknown('the host is asked'));
        return deferred({ host: host.name, phase }, `the interface that has ${address}`, later);
      }
      if (on === undefined) {
        return refused(
          'LoadBalancer',
          `no interface of ${host.name} has ${address}, by which the others reach it`,
          'name the interface in the inventory: kubernetes.loadBalancer.interface; or write its own address as nodeIp',
        );
      }
      return written(on);
    },
  });
}
