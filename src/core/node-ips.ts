import type { Host } from './cluster.ts';

/** The addresses that its kubelet registers, the one of the cluster's first family in front; none: its own choice. */
export const nodeIpsOf = ({
  nodeIp,
  secondNodeIp,
}: Pick<Host, 'nodeIp' | 'secondNodeIp'>): readonly string[] =>
  [nodeIp, secondNodeIp].filter((one) => one !== undefined);

/** The flag of the kubelet that says them. */
export function nodeIpFlag(host: Host): { readonly 'node-ip'?: string } {
  const all = nodeIpsOf(host);
  return all.length === 0 ? {} : { 'node-ip': all.join(',') };
}
