import { isExternal } from '#configuration/etcd.ts';
import type { FirewalldOpening } from '#configuration/firewalld.ts';
import type { Cluster, Role } from '#core/cluster.ts';
import { API_SERVER_PORT } from '#core/load-balancer.ts';
import type { Resource } from '#core/resource.ts';
import { surroundings } from '#facts/surroundings.ts';

import { check } from './check.ts';

/** @see https://kubernetes.io/docs/reference/networking/ports-and-protocols/ (v1.34) */
const PORTS: Readonly<Record<Role, readonly string[]>> = {
  'control-plane': ['6443/tcp', '10250/tcp'],
  worker: ['10250/tcp'],
};

/** @see https://docs.tigera.io/calico/latest/getting-started/kubernetes/requirements#network-requirements (3.32) */
function networkPorts({ network, kubernetes }: Cluster): readonly string[] {
  if (network.plugin !== 'calico') return [];
  const { encapsulation, pools = [], bgp, wireguard, typhaReplicas, install } = network;
  const hasVxlan = [{ encapsulation }, ...pools].some(({ encapsulation: one }) => one?.startsWith('vxlan'));
  return [
    ...(hasVxlan ? ['4789/udp'] : []),
    ...(bgp ? ['179/tcp'] : []),
    ...(typhaReplicas === undefined && install.by === 'manifest' ? [] : ['5473/tcp']),
    ...(wireguard === true ? ['51820/udp'] : []),
    ...(wireguard === true && kubernetes.podSubnet.includes(':') ? ['51821/udp'] : []),
  ];
}

/** Behind a virtual address, what comes to it comes to the port of the endpoint. */
function balancerPorts({ kubernetes: { loadBalancer } }: Cluster, role: Role): readonly string[] {
  if (role === 'worker' || loadBalancer.type === 'external' || loadBalancer.type === 'local') return [];
  return loadBalancer.port === API_SERVER_PORT ? [] : [`${loadBalancer.port}/tcp`];
}

/**
 * keepalived says by VRRP who has the address; for IPv6, ufw's rules are not looked at.
 *
 * @see https://manpages.debian.org/bookworm/ufw/ufw.8.en.html (0.36.2: vrrp is for keepalived, and has no port)
 */
const needsVrrp = ({ kubernetes: { loadBalancer } }: Cluster, role: Role): boolean =>
  role === 'control-plane' && loadBalancer.type === 'keepalived' && !loadBalancer.address.includes(':');

const VRRP = 'any/vrrp';

/** For messages. Older versions of ufw know no such protocol, and take the group that it is sent to. */
const nameOf = (port: string): string => (port === VRRP ? 'VRRP (to 224.0.0.18)' : port);
const ruleFor = (port: string): string => (port === VRRP ? 'to 224.0.0.18' : port);

/** What other hosts reach on a host of a role: `6443/tcp`, `2379:2380/tcp`, `any/vrrp`. */
export const neededPorts = (cluster: Cluster, role: Role): readonly string[] => [
  ...(role === 'control-plane' && !isExternal(cluster)
    ? ['6443/tcp', '2379:2380/tcp', '10250/tcp']
    : PORTS[role]),
  ...balancerPorts(cluster, role),
  ...networkPorts(cluster),
  ...(needsVrrp(cluster, role) ? [VRRP] : []),
];

/**
 * The same for firewalld, which wants ranges with a dash and protocols by their number: the names that systems have for
 * IP in IP are not one. Calico's tunnels are let in as well.
 *
 * @see https://www.iana.org/assignments/protocol-numbers (4: IPv4 encapsulation; 112: VRRP)
 */
export function firewalldOpeningOf(cluster: Cluster, role: Role): FirewalldOpening {
  const { network, kubernetes } = cluster;
  const needed = neededPorts(cluster, role);
  const hasIpip =
    network.plugin === 'calico' &&
    [{ encapsulation: network.encapsulation }, ...(network.pools ?? [])].some(({ encapsulation }) =>
      encapsulation?.startsWith('ipip'),
    );
  return {
    ports: needed.filter((port) => port !== VRRP).map((port) => port.replace(':', '-')),
    protocols: [...(hasIpip ? ['4'] : []), ...(needed.includes(VRRP) ? ['112'] : [])],
    sources: `${kubernetes.podSubnet},${kubernetes.serviceSubnet}`.split(','),
  };
}

/** Firewalls that turn away what nodes say to each other; firewalld has a check of its own name. */
export const firewalls = (cluster: Cluster, role: Role): Resource =>
  check({
    name: 'Firewall',
    facts: { around: surroundings() },
    judge: ({ around: { ufw, ufwAllows, isNftablesDropping } }) => {
      const ports = neededPorts(cluster, role);
      const closed = ufw === null ? [] : ports.filter((port) => !isAllowed(port, ufwAllows));
      if (closed.length > 0) {
        return {
          why: `ufw is on and does not let in ${closed.map(nameOf).join(', ')}`,
          hint: `ufw allow ${closed.map(ruleFor).join(' && ufw allow ')}, or turn it off with ufw disable`,
        };
      }
      if (isNftablesDropping) {
        return {
          why: '/etc/nftables.conf drops what comes in and is not named there, and its service loads it at boot',
          hint: `accept ${ports.map(nameOf).join(', ')} and the pod subnet there, and ignore the check Firewall; or systemctl disable --now nftables`,
        };
      }
      return ufw === null ? 'no firewall that slipway knows of is on' : 'ufw lets in what a node needs';
    },
  });

const isAllowed = (port: string, allows: readonly string[]): boolean => {
  const [number, protocol] = port.split('/');
  return [port, `${number}/any`, `any/${protocol}`, 'any'].some((one) => allows.includes(one));
};

/** CoreDNS would ask itself: it sees the loop and ends, again and again. */
export const resolver = check({
  name: 'Resolver',
  facts: { around: surroundings() },
  judge: ({ around: { nameservers } }) => {
    const own = nameservers.find((address) => address.startsWith('127.') || address === '::1');
    if (own === undefined) return 'its name servers are no addresses of its own';
    return {
      why: `/etc/resolv.conf names ${own}, which pods would take for themselves: CoreDNS forwards to it and finds itself`,
      hint: 'name the real servers in a file and give it to the kubelet in the inventory: kubelet.resolvConf: /etc/kubernetes/resolv.conf; see https://coredns.io/plugins/loop/#troubleshooting',
    };
  },
});

/** A program that is found before the package's is run in its place, whatever version it is. */
export const programs = check({
  name: 'ProgramPath',
  facts: { around: surroundings() },
  judge: ({ around: { programs: found } }) => {
    const strangers = Object.entries(found);
    if (strangers.length === 0) return "no other kubeadm, kubectl or crictl stands before the packages'";
    const paths = strangers.map(([, path]) => path);
    return {
      why: `${paths.join(', ')} would be run in place of the package's ${strangers.map(([name]) => name).join(', ')}`,
      hint: `move what stands there away: rm ${paths.join(' ')}`,
    };
  },
});

/** What a script does at boot no unit tells, and nobody but its author can take out of it. */
export const swapScripts = check({
  name: 'SwapScript',
  facts: { around: surroundings() },
  judge: ({ around: { swapScripts: found } }) =>
    found.length === 0
      ? 'no script turns swap on at boot'
      : {
          why: `${found.join(', ')} turns swap on when the machine starts`,
          hint: `take the lines with swapon out of ${found.join(', ')}, or set swap: leave in the inventory`,
        },
});

/** What Calico writes: https://github.com/projectcalico/calico/blob/v3.32.1/node/pkg/cni (10-calico.conflist). */
const CALICO_CONFIG = '/etc/cni/net.d/10-calico.conflist';

/** A runtime takes the first configuration by name, and no other. */
export const cniConfig = check({
  name: 'CniConfig',
  facts: { around: surroundings() },
  judge: ({ around: { cniConfigs } }) => {
    const [first] = cniConfigs;
    if (first === undefined || first >= CALICO_CONFIG) return "nothing stands before Calico's configuration";
    return {
      why: `${first} sorts before ${CALICO_CONFIG}, so the runtime would go by it and never by Calico's`,
      hint: `move it away: mv ${first} /root/`,
    };
  },
});
