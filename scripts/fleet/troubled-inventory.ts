/** What is wrong with a cluster. */
export type Trouble = 'unreachable' | 'fault' | 'host-key';

interface Settings {
  /** Of the cluster among all. */
  readonly index: number;
  readonly port: number;
  /** A port on which nobody listens. */
  readonly closed: number;
  readonly trouble: Trouble | undefined;
}

/** An inventory of three stand-in hosts; with a trouble it fails in one way of its own. */
export function troubledInventory({ index, port, closed, trouble }: Settings): object {
  const network = `${Math.floor(index / 200) + 1}.${(index % 200) + 1}`;
  const host = (name: string, number: number): object => ({
    name,
    role: name === 'cp1' ? 'control-plane' : 'worker',
    address: `127.${network}.${number}`,
    nodeIp: `10.${network}.${number}`,
    port: trouble === 'unreachable' && name === 'w2' ? closed : port,
    identityFile: '../../key',
  });
  return {
    cluster: { name: `c${index + 1}` },
    kubernetes: { version: trouble === 'fault' ? '1.36' : '1.36.4' },
    ssh: { knownHosts: trouble === 'host-key' ? '../../other_hosts' : '../../known_hosts' },
    hosts: [host('cp1', 1), host('w1', 2), host('w2', 3)],
  };
}
