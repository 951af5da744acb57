import { bracketed } from '#core/bracketed.ts';
import { isIPv6 } from 'node:net';

import { type Cluster, controlPlanesOf, type Host } from '#core/cluster.ts';
import { API_SERVER_PORT, type KeepalivedBalancer, type LocalBalancer } from '#core/load-balancer.ts';
import { filledTemplate } from '#core/template.ts';

import { localAddress } from './kubeadm-config.ts';

export const HAPROXY_CONFIG = '/etc/haproxy/haproxy.cfg';
export const KEEPALIVED_CONFIG = '/etc/keepalived/keepalived.conf';
export const KEEPALIVED_CHECK = '/etc/keepalived/check-port.sh';

/** Where a control plane is reached by the other hosts. */
export const peerAddress = (host: Host): string => localAddress(host) ?? host.address;

/**
 * haproxy's configuration, the same on all hosts.
 *
 * @see https://github.com/kubernetes/kubeadm/blob/1ee9603/docs/ha-considerations.md#haproxy-configuration
 * @see https://docs.haproxy.org/2.4/configuration.html (the oldest there is: Ubuntu 22.04)
 */
export function haproxyConfig(cluster: Cluster, balancer: LocalBalancer | KeepalivedBalancer): string {
  const servers = controlPlanesOf(cluster).map(
    (host) => `    server ${host.name} ${bracketed(peerAddress(host))}:${API_SERVER_PORT}`,
  );
  return filledTemplate('load-balancer/haproxy.cfg', {
    cluster: cluster.name,
    binds: bindsOf(balancer)
      .map((bind) => `    bind ${bind}`)
      .join('\n'),
    servers: servers.join('\n'),
  });
}

/** Behind a virtual address haproxy listens everywhere, as it cannot know when the address comes. */
function bindsOf(balancer: LocalBalancer | KeepalivedBalancer): readonly string[] {
  const { type, port } = balancer;
  if (type === 'local') return [`127.0.0.1:${port}`];
  return [`0.0.0.0:${port}`, ...(isIPv6(balancer.address) ? [`[::]:${port} v6only`] : [])];
}

/**
 * keepalived's configuration on a control plane.
 *
 * @see https://github.com/kubernetes/kubeadm/blob/1ee9603/docs/ha-considerations.md#keepalived-configuration
 * @see https://www.keepalived.org/manpage.html (2.2)
 */
export const keepalivedConfig = (
  cluster: Cluster,
  { address, virtualRouterId }: KeepalivedBalancer,
  { host, interface: on }: { readonly host: Host; readonly interface: string },
): string =>
  filledTemplate('load-balancer/keepalived.conf', {
    cluster: cluster.name,
    address,
    host: host.name,
    script: KEEPALIVED_CHECK,
    interface: on,
    id: String(virtualRouterId),
    // Whoever stands first in the inventory has the address where nobody has it yet.
    priority: String(HIGHEST_PRIORITY - controlPlanesOf(cluster).indexOf(host)),
  });

/** Of those that can be configured; 255 is for a host whose own address it is. */
const HIGHEST_PRIORITY = 200;

/** Where connections to a host's virtual address go: to its haproxy, which listens on the port of the endpoint. */
export const keepalivedCheck = ({ port }: KeepalivedBalancer): string =>
  filledTemplate('load-balancer/check-port.sh', { port: String(port) });
