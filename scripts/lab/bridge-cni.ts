/** The pods of the host with this index, in the network of {@link bridgeCniScript}. */
export const podSubnetOf = (index: number) => `10.244.${index}.0/24`;

/** The pods of all hosts: `networking.podSubnet` of a cluster that uses the lab's bridge network. */
export const labPodSubnet = '10.244.0.0/16';

/**
 * A shell script that gives a host a pod network without Calico: the bridge plugin, with a subnet of its
 * own. Plugins that the kubernetes-cni package has put into /opt/cni/bin stay.
 */
export function bridgeCniScript(index: number): string {
  const conflist = {
    cniVersion: '1.0.0',
    name: 'lab',
    plugins: [
      {
        type: 'bridge',
        bridge: 'cni0',
        isGateway: true,
        ipMasq: true,
        hairpinMode: true,
        ipam: {
          type: 'host-local',
          ranges: [[{ subnet: podSubnetOf(index) }]],
          routes: [{ dst: '0.0.0.0/0' }],
        },
      },
      { type: 'portmap', capabilities: { portMappings: true } },
    ],
  };
  return `set -e
[ -x /usr/lib/cni/bridge ] || {
  apt-get update -q
  DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends -o DPkg::Lock::Timeout=300 \\
    containernetworking-plugins
}
mkdir -p /opt/cni/bin /etc/cni/net.d
cp --update=none /usr/lib/cni/* /opt/cni/bin/ 2>/dev/null || cp --no-clobber /usr/lib/cni/* /opt/cni/bin/
cat >/etc/cni/net.d/10-lab.conflist <<'CONFLIST'
${JSON.stringify(conflist, null, 2)}
CONFLIST
`;
}
