import { quote } from '#core/shell.ts';
import type { Proxy } from '#core/proxy.ts';

export const PROXY_PATH = '/etc/dnf/slipway-proxy.sh';

/**
 * The proxy for dnf as slipway runs it. dnf 4 has no directory for settings of others, and its dnf.conf is the
 * administrator's; what libcurl, by which dnf fetches, takes from its environment can name domains and blocks that are
 * reached without the proxy, which dnf.conf cannot. A proxy in dnf.conf comes before this one.
 *
 * @see https://curl.se/libcurl/c/CURLOPT_PROXY.html (environment variables)
 */
export const proxyFile = {
  path: PROXY_PATH,
  content: ({ http, https, noProxy }: Proxy, exempt: readonly string[]): string =>
    [
      '# Written by slipway: the proxy of the inventory, for dnf where slipway runs it.',
      `export http_proxy=${quote(http)}`,
      `export https_proxy=${quote(https)}`,
      `export no_proxy=${quote([...new Set([...noProxy, ...exempt])].join(','))}`,
      '',
    ].join('\n'),
};
