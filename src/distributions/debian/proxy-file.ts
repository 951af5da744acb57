import type { Proxy } from '#core/proxy.ts';

/**
 * apt's own settings of the proxy. It knows single hosts that are reached without one, and neither domains nor blocks of
 * addresses, nor those of IPv6, whose colons it takes for its own.
 *
 * @see https://manpages.debian.org/bookworm/apt/apt-transport-http.1.en.html
 */
export const proxyFile = {
  path: '/etc/apt/apt.conf.d/90slipway-proxy',
  content: ({ http, https, noProxy }: Proxy, exempt: readonly string[]): string => {
    const hosts = new Set([...noProxy.filter((one) => !/^[.*]|[/:]/.test(one)), ...exempt]);
    return [
      '# Written by slipway: the proxy of the inventory.',
      `Acquire::http::Proxy "${http}";`,
      `Acquire::https::Proxy "${https}";`,
      ...['http', 'https'].flatMap((scheme) =>
        [...hosts].map((host) => `Acquire::${scheme}::Proxy::${host} "DIRECT";`),
      ),
      '',
    ].join('\n');
  },
};
