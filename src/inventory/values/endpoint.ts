import { bracketed } from '#core/bracketed.ts';
import { isIPv4, isIPv6 } from 'node:net';

import { API_SERVER_PORT } from '#core/load-balancer.ts';

import { dnsSubdomainFault } from './kubernetes-name.ts';

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/**
 * Reads `host:port`, `host` or `[address]:port`.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.0/cmd/kubeadm/app/util/endpoint.go
 */
export function parseEndpoint(text: string): Endpoint | undefined {
  const [, inBrackets, plain, digits] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const host = inBrackets ?? plain;
  const port = digits === undefined ? API_SERVER_PORT : Number(digits);
  if (host === undefined) return isIPv6(text) ? { host: text, port: API_SERVER_PORT } : undefined;
  if (port < 1 || port > 65_535) return undefined;
  if (inBrackets !== undefined) return isIPv6(inBrackets) ? { host, port } : undefined;
  const isName = dnsSubdomainFault(host) === undefined && !/^[\d.]+$/.test(host);
  return isIPv4(host) || isName ? { host, port } : undefined;
}

export const formatEndpoint = ({ host, port }: Endpoint): string => `${bracketed(host)}:${port}`;
